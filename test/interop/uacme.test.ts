import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uacme as record } from './records/uacme.ts';
import { becomesRevoked } from './crl.ts';
import { ClientTests } from './support/client-tests.ts';
import { runTrusting, trustingMissing } from './support/run-trusting.ts';
import { ClientSite } from './support/site.ts';

const tests = new ClientTests(record, trustingMissing());

describe.skipIf(tests.missing)('uacme', () => {
  let site: ClientSite;
  let webroot: string;

  async function uacme(...argv: string[]): Promise<string> {
    const common = ['--acme-url', site.issuer.directoryUrl(), '--confdir', site.folder, '--yes', '--verbose'];
    return runTrusting(site.rootFile, 'uacme', [...common, ...argv], { UACME_CHALLENGE_PATH: webroot });
  }

  const http = ['--hook', '/usr/share/uacme/uacme.sh'];

  beforeAll(async () => {
    site = await ClientSite.start();
    webroot = await site.serveWebroot();
  });
  afterAll(() => site.close());

  it('registers and gets a certificate for two names by http-01', tests.shows('register', 'http-01'), async () => {
    await uacme('--type', 'EC', 'new', 'someone@example.com');
    await uacme(...http, '--type', 'EC', 'issue', 'one.example.internal', 'two.example.internal');
    expect(site.faults('one.example.internal/cert.pem')).toEqual([]);
  });

  it('renews it', tests.shows('renew'), async () => {
    const before = site.serial('one.example.internal/cert.pem');
    await uacme(...http, '--force', 'issue', 'one.example.internal', 'two.example.internal');
    expect(site.faults('one.example.internal/cert.pem')).toEqual([]);
    expect(site.serial('one.example.internal/cert.pem')).not.toBe(before);
  });

  it('gets a certificate for an IP address', tests.shows('ip'), async () => {
    await uacme(...http, '--type', 'EC', 'issue', '127.0.0.1');
    expect(site.faults('127.0.0.1/cert.pem')).toEqual([]);
  });

  it(
    'changes its key, then gets a wildcard by dns-01 with the new one',
    tests.shows('rollover', 'dns-01', 'wildcard'),
    async () => {
      await uacme('--type', 'EC', '--bits', '384', 'newkey');
      const names = ['*.wild.example.internal', 'wild.example.internal'];
      await uacme('--hook', site.hook, '--type', 'RSA', 'issue', ...names);
      expect(site.faults('wild.example.internal/cert.pem')).toEqual([]);
    },
  );

  it('revokes as the account that ordered it', tests.shows('revoke'), async () => {
    const chain = site.read('one.example.internal/cert.pem');
    await uacme('--reason', '4', 'revoke', site.at('one.example.internal/cert.pem'));
    expect(await becomesRevoked(site.issuer, chain)).toBe(true);
  });

  it('revokes with the certificate’s own key', tests.shows('revoke-by-key'), async () => {
    const chain = site.read('wild.example.internal/cert.pem');
    const files = ['wild.example.internal/cert.pem', 'private/wild.example.internal/key.pem'].map((file) =>
      site.at(file),
    );
    await uacme('--reason', '1', 'revoke', ...files);
    expect(await becomesRevoked(site.issuer, chain)).toBe(true);
  });

  it('shows why a name is refused', tests.shows('refusal'), async () => {
    await expect(uacme(...http, 'issue', 'elsewhere.example.org')).rejects.toThrow(
      /rejectedIdentifier[^]*not among the names that this directory allows/u,
    );
  });

  it('changes its contact and gives its account up', tests.shows('contact', 'deactivate'), async () => {
    await uacme('update', 'other@example.com');
    expect(await site.accounts()).toEqual([{ status: 'valid', contact: ['mailto:other@example.com'] }]);
    await uacme('deactivate');
    expect(await site.accounts()).toMatchObject([{ status: 'deactivated' }]);
  });

  it('is what docs/clients.md says', () => {
    expect(tests.disagreements()).toEqual([]);
  });
});
