import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { heedingCaa } from '../../../issuer/validate/caa.ts';
import { Dns } from '../../../issuer/validate/dns.ts';
import { parseIssueValue } from '../../../issuer/validate/issue-value.ts';
import type { ValidationJob, Validator } from '../../../issuer/validate/validator.ts';
import { TestDns, type Records } from '../../support/dns-server.ts';
import { validationJob } from '../../support/validation-job.ts';

const name = 'host.example.internal';
const own = 'ca.example.org';
const account = validationJob().account_url;

describe('CAA (RFC 8659, RFC 8657)', () => {
  let server: TestDns;
  let dns: Dns;
  beforeAll(async () => {
    server = await TestDns.start();
    dns = new Dns({ servers: [server.server], hosts: {}, timeout: 20_000 });
  });
  beforeEach(() => [name, 'example.internal', 'internal'].forEach((each) => server.remove(each)));
  afterAll(() => server.close());

  function validate(
    change: Partial<ValidationJob> = {},
    heeded: readonly string[] | null = [own],
  ): ReturnType<Validator> {
    const heeding = heedingCaa(
      () => Promise.resolve(),
      dns,
      () => heeded ?? undefined,
    );
    return heeding(validationJob(change), 'x', AbortSignal.timeout(30_000));
  }
  const issue = (...values: string[]): Records => ({ CAA: values.map((value) => ({ tag: 'issue', value })) });

  it('is not asked in a directory that does not heed it, nor for an address', async () => {
    server.set(name, issue(';'));
    await expect(validate({}, null)).resolves.toBeUndefined();
    await expect(validate({ identifier_type: 'ip', identifier_value: '127.0.0.1' })).resolves.toBeUndefined();
  });

  it.each<[string, Record<string, Records>, Partial<ValidationJob>]>([
    ['there is none', {}, {}],
    ['it names this CA', { [name]: issue(own) }, {}],
    ['it names this CA among others', { [name]: issue('other.org', own) }, {}],
    ['a parent names this CA', { 'example.internal': issue(own) }, {}],
    ['the name itself does, whatever its parent says', { [name]: issue(own), 'example.internal': issue(';') }, {}],
    ['it restricts nothing that is asked for', { [name]: { CAA: [{ tag: 'iodef', value: 'mailto:a@b.org' }] } }, {}],
    ['an unknown property is not critical', { [name]: { CAA: [{ tag: 'future', value: 'x' }] } }, {}],
    [
      'it names this account and this challenge',
      { [name]: issue(`${own}; accounturi=${account}; validationmethods=dns-01,http-01`) },
      {},
    ],
    [
      'issuewild names this CA, for a wildcard',
      {
        [name]: {
          CAA: [
            { tag: 'issue', value: ';' },
            { tag: 'issuewild', value: own },
          ],
        },
      },
      { wildcard: true },
    ],
    ['a CNAME leads to it', { [name]: { CNAME: 'target.example.org' }, 'target.example.org': issue(own) }, {}],
  ])('lets it be issued where %s', async (_, records, change) => {
    for (const [key, value] of Object.entries(records)) server.set(key, value);
    await expect(validate(change)).resolves.toBeUndefined();
  });

  it.each<[string, Record<string, Records>, Partial<ValidationJob>]>([
    ['it names another CA', { [name]: issue('other.org') }, {}],
    ['it names nobody', { [name]: issue(';') }, {}],
    ['a parent names another CA', { internal: issue('other.org') }, {}],
    ['its value is malformed', { [name]: issue(`${own}; =`) }, {}],
    ['it names another account', { [name]: issue(`${own}; accounturi=https://other/`) }, {}],
    ['it names other challenges', { [name]: issue(`${own}; validationmethods=dns-01`) }, {}],
    [
      'an unknown property is critical',
      {
        [name]: {
          CAA: [
            { tag: 'issue', value: own },
            { tag: 'future', value: 'x', critical: true },
          ],
        },
      },
      {},
    ],
    [
      'issuewild names another, for a wildcard',
      {
        [name]: {
          CAA: [
            { tag: 'issue', value: own },
            { tag: 'issuewild', value: 'other.org' },
          ],
        },
      },
      { wildcard: true },
    ],
    ['it cannot be looked up', { [name]: { fault: 'SERVFAIL' } }, {}],
  ])('forbids it where %s', async (_, records, change) => {
    for (const [key, value] of Object.entries(records)) server.set(key, value);
    await expect(validate(change)).rejects.toMatchObject({ type: 'caa' });
  });

  it('is read without ever throwing, and only what has the form of RFC 8659 §4.2 names a CA', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const value = parseIssueValue(text);
        if (value === undefined) return;
        expect(value.domain).toMatch(/^[a-z0-9.-]*$/u);
      }),
    );
    expect(parseIssueValue(' a.b ; x = 1 ;y=2;')).toEqual({
      domain: 'a.b',
      parameters: new Map([
        ['x', '1'],
        ['y', '2'],
      ]),
    });
  });

  // Whoever has a zone writes such a record; a pattern that tries again at each blank holds up everybody for seconds.
  it('values of nothing but blanks are read at once, however long they are', () => {
    const blanks = ' \t'.repeat(500_000);
    expect(parseIssueValue(`${blanks}a.b${blanks}`)?.domain).toBe('a.b');
    expect(parseIssueValue(`a${blanks}b`)).toBeUndefined();
  });
});
