import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dns01 } from '../../../issuer/validate/dns-01.ts';
import { Dns } from '../../../issuer/validate/dns.ts';
import type { Validator } from '../../../issuer/validate/validator.ts';
import { TestDns } from '../../support/dns-server.ts';
import { validationJob } from '../../support/validation-job.ts';

const name = 'host.example.internal';
const record = `_acme-challenge.${name}`;
const keyAuthorization = 'token.thumbprint';
const expected = createHash('sha256').update(keyAuthorization).digest('base64url');
const job = validationJob({ type: 'dns-01' });

describe('dns-01', () => {
  let server: TestDns;
  let dns: Dns;

  beforeAll(async () => {
    server = await TestDns.start();
    dns = new Dns({ servers: [server.server], hosts: {}, timeout: 20_000 });
  });
  afterAll(() => server.close());
  beforeEach(() => {
    server.remove(record);
    server.remove('elsewhere.example.org');
  });

  function validate(by = dns): ReturnType<Validator> {
    return dns01(by)(job, keyAuthorization, AbortSignal.timeout(30_000));
  }

  it('succeeds with the one record that is expected', async () => {
    server.set(record, { TXT: [[expected]] });
    await expect(validate()).resolves.toBeUndefined();
  });

  it('succeeds when the record is one of several, and split into several strings', async () => {
    server.set(record, { TXT: [['other'], [expected.slice(0, 10), expected.slice(10)], ['v=spf1']] });
    await expect(validate()).resolves.toBeUndefined();
  });

  it('follows a CNAME', async () => {
    server.set(record, { CNAME: 'elsewhere.example.org' });
    server.set('elsewhere.example.org', { TXT: [[expected]] });
    await expect(validate()).resolves.toBeUndefined();
  });

  it('asks again over TCP when the answer does not fit into a datagram', async () => {
    const many = Array.from({ length: 10 }, (_, index) => [`${index}`.repeat(200)]);
    server.set(record, { TXT: [...many, [expected]] });
    await expect(validate()).resolves.toBeUndefined();
  });

  it('fails where the name server knows no such queries, and where the name is too long to be asked for', async () => {
    server.set(record, { fault: 'NOTIMP' });
    await expect(validate()).rejects.toMatchObject({ type: 'dns', message: expect.stringContaining('does not know') });
    const long = Array.from({ length: 5 }, () => 'a'.repeat(48)).join('.');
    const tooLong = dns01(dns)({ ...job, identifier_value: long }, keyAuthorization, AbortSignal.timeout(3000));
    await expect(tooLong).rejects.toMatchObject({ type: 'dns', message: expect.stringContaining('as long as this') });
  });

  it('sees a record as soon as it is there: nothing is kept from the last time', async () => {
    server.set(record, { TXT: [['old']] });
    await expect(validate()).rejects.toMatchObject({ type: 'incorrectResponse' });
    server.set(record, { TXT: [[expected]] });
    await expect(validate()).resolves.toBeUndefined();
  });

  it.each([
    ['another value', { TXT: [['x']] }, 'incorrectResponse', /None of the 1 TXT records/u],
    ['the value with something behind it', { TXT: [[`${expected} `]] }, 'incorrectResponse', /None of the 1/u],
    ['no TXT record', { A: ['192.0.2.1'] }, 'dns', /has no such record/u],
    ['SERVFAIL', { fault: 'SERVFAIL' }, 'dns', /SERVFAIL/u],
    ['REFUSED', { fault: 'REFUSED' }, 'dns', /refused/u],
    ['a circle of CNAMEs', { CNAME: record }, 'dns', /SERVFAIL/u],
  ] as const)('fails with %s', async (_, records, type, message) => {
    server.set(record, records);
    await expect(validate()).rejects.toMatchObject({ type, message: expect.stringMatching(message) });
  });

  it('fails with a name that does not exist, and says so', async () => {
    await expect(validate()).rejects.toMatchObject({ type: 'dns', message: expect.stringContaining('does not exist') });
  });

  it('fails with no answer, and says so', async () => {
    server.set(record, { fault: 'silent' });
    const impatient = new Dns({ servers: [server.server], hosts: {}, timeout: 200 });
    await expect(validate(impatient)).rejects.toMatchObject({
      type: 'dns',
      message: expect.stringContaining('did not answer in time'),
    });
  });

  it('does not take longer than it may', async () => {
    server.set(record, { fault: 'silent' });
    const begin = performance.now();
    await expect(dns01(dns)(job, keyAuthorization, AbortSignal.timeout(100))).rejects.toMatchObject({ type: 'dns' });
    // It would ask twice.
    expect(performance.now() - begin).toBeLessThan(20_000);
  });
});
