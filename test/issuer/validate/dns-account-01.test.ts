import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountLabel, dnsAccount01 } from '../../../issuer/validate/dns-account-01.ts';
import { dnsPersist01 } from '../../../issuer/validate/dns-persist-01.ts';
import { Dns } from '../../../issuer/validate/dns.ts';
import type { ValidationJob, Validator } from '../../../issuer/validate/validator.ts';
import { TestDns } from '../../support/dns-server.ts';
import { validationJob } from '../../support/validation-job.ts';

const keyAuthorization = 'token.thumbprint-thumbprint-thumbprint-thumbprint';
const expected = createHash('sha256').update(keyAuthorization).digest('base64url');
const job = validationJob({ type: 'dns-account-01' });
const within = (): AbortSignal => AbortSignal.timeout(30_000);

let server: TestDns;
let dns: Dns;
beforeAll(async () => {
  server = await TestDns.start();
  dns = new Dns({ servers: [server.server], hosts: {}, timeout: 20_000 });
});
afterAll(() => server.close());

describe('dns-account-01 (draft-ietf-acme-dns-account-label)', () => {
  it('has the label that the draft gives for its example account', () => {
    expect(accountLabel('https://example.com/acme/acct/ExampleAccount')).toBe('_ujmmovf2vn55tgye');
  });

  it('succeeds with the record at the label of this account, and at no other, and otherwise says whose label it is', async () => {
    const place = `_acme-challenge.${job.identifier_value}`;
    server.addText(place, expected);
    server.addText(`${accountLabel('https://somebody.else/')}.${place}`, expected);
    await expect(dnsAccount01(dns)(job, keyAuthorization, within())).rejects.toMatchObject({
      type: 'dns',
      message: expect.stringContaining(job.account_url),
    });
    server.addText(`${accountLabel(job.account_url)}.${place}`, 'wrong');
    await expect(dnsAccount01(dns)(job, keyAuthorization, within())).rejects.toMatchObject({
      type: 'incorrectResponse',
      message: expect.stringContaining(job.account_url),
    });
    server.addText(`${accountLabel(job.account_url)}.${place}`, expected);
    await expect(dnsAccount01(dns)(job, keyAuthorization, within())).resolves.toBeUndefined();
  });
});

describe('dns-persist-01 (draft-ietf-acme-dns-persist)', () => {
  const now = 1_800_000_000;
  const record = `_validation-persist.${job.identifier_value}`;

  /** Domains above the name whose records may stand for it: none, as in a directory without subdomains. */
  let above: (directory: string, name: string) => readonly string[] = () => [];
  beforeEach(() => {
    above = () => [];
  });

  function validate(text: string, change: Partial<ValidationJob> = {}): ReturnType<Validator> {
    server.set(record, { TXT: [['unrelated'], [text]] });
    const validator = dnsPersist01({
      dns,
      clock: { now: () => now },
      identities: () => ['ca.example.internal'],
      above,
    });
    return validator(validationJob({ type: 'dns-persist-01', ...change }), keyAuthorization, within());
  }
  const mine = `accounturi=${job.account_url}`;

  it.each<[string, string, Partial<ValidationJob>]>([
    ['names this CA and this account', `ca.example.internal; ${mine}`, {}],
    ['is written in capitals and with spaces', `CA.example.internal ;\taccountURI = ${job.account_url} ; x=y`, {}],
    ['has not ended yet', `ca.example.internal; ${mine}; persistUntil=${now + 1}`, {}],
    ['allows wildcards, for one', `ca.example.internal; ${mine}; policy=Wildcard`, { wildcard: true }],
    [
      'allows wildcards, for a domain with all below it',
      `ca.example.internal;${mine};policy=wildcard`,
      { subdomains: true },
    ],
  ])('succeeds with a record that %s', async (_, text, change) => {
    await expect(validate(text, change)).resolves.toEqual(text.includes('persistUntil') ? { until: now + 1 } : {});
  });

  it.each<[string, string, Partial<ValidationJob>]>([
    ['names another CA', `other.example.internal; ${mine}`, {}],
    ['names another account', `ca.example.internal; ${mine}x`, {}],
    ['names no account', 'ca.example.internal', {}],
    ['names two accounts', `ca.example.internal; ${mine}; ${mine}`, {}],
    ['has ended', `ca.example.internal; ${mine}; persistUntil=${now - 1}`, {}],
    ['ends at no time', `ca.example.internal; ${mine}; persistUntil=soon`, {}],
    ['does not allow wildcards, for one', `ca.example.internal; ${mine}`, { wildcard: true }],
    ['has another policy, for a wildcard', `ca.example.internal; ${mine}; policy=all`, { wildcard: true }],
    ['does not allow what is below, for a domain with it', `ca.example.internal; ${mine}`, { subdomains: true }],
    ['is malformed', `ca.example.internal; ${mine}; =`, {}],
  ])('fails with a record that %s', async (_, text, change) => {
    await expect(validate(text, change)).rejects.toMatchObject({ type: 'incorrectResponse' });
  });

  it('proves for as long as the record that lasts longest', async () => {
    server.set(record, {
      TXT: [now + 5, now + 9, now - 1].map((end) => [`ca.example.internal; ${mine}; persistUntil=${end}`]),
    });
    const validator = dnsPersist01({
      dns,
      clock: { now: () => now },
      identities: () => ['ca.example.internal'],
      above,
    });
    await expect(validator(validationJob({ type: 'dns-persist-01' }), keyAuthorization, within())).resolves.toEqual({
      until: now + 9,
    });
  });

  describe('where domains above a name may stand for it', () => {
    const parent = '_validation-persist.example.internal';
    beforeEach(() => {
      above = () => ['example.internal'];
      server.set(parent, { TXT: [] });
    });

    it.each<[string, string, Partial<ValidationJob>]>([
      ['the name', `ca.example.internal; ${mine}; policy=wildcard`, {}],
      ['a wildcard', `ca.example.internal; ${mine}; policy=WILDCARD`, { wildcard: true }],
    ])('succeeds for %s with a record above it that says policy=wildcard', async (_, text, change) => {
      server.set(parent, { TXT: [[text]] });
      await expect(validate('unrelated, too', change)).resolves.toEqual({});
    });

    it.each([
      ['has no policy', `ca.example.internal; ${mine}`],
      ['names another account', `ca.example.internal; ${mine}x; policy=wildcard`],
    ])('fails with a record above it that %s', async (_, text) => {
      server.set(parent, { TXT: [[text]] });
      await expect(validate('unrelated, too')).rejects.toMatchObject({ type: 'incorrectResponse' });
    });

    it('succeeds although the name itself has no record at all, and says so when none has', async () => {
      const validator = dnsPersist01({
        dns,
        clock: { now: () => now },
        identities: () => ['ca.example.internal'],
        above,
      });
      const job1 = validationJob({ type: 'dns-persist-01', identifier_value: 'nothing.example.internal' });
      server.set(parent, { TXT: [[`ca.example.internal; ${mine}; policy=wildcard`]] });
      await expect(validator(job1, keyAuthorization, within())).resolves.toEqual({});
      above = () => ['nowhere.internal'];
      const other = dnsPersist01({ dns, clock: { now: () => now }, identities: () => ['ca.example.internal'], above });
      await expect(other(job1, keyAuthorization, within())).rejects.toMatchObject({ type: 'dns' });
    });

    it('is not so in a directory without subdomains', async () => {
      above = () => [];
      server.set(parent, { TXT: [[`ca.example.internal; ${mine}; policy=wildcard`]] });
      await expect(validate('unrelated, too')).rejects.toMatchObject({ type: 'incorrectResponse' });
    });
  });
});
