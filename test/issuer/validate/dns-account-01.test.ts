import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountLabel, dnsAccount01 } from '../../../issuer/validate/dns-account-01.ts';
import { Dns } from '../../../issuer/validate/dns.ts';
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
