import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certbot as record } from './records/certbot.ts';
import { becomesRevoked } from './crl.ts';
import { ClientTests } from './support/client-tests.ts';
import { crossSign, olderRoot } from './support/cross-sign.ts';
import { runClient } from './support/run-client.ts';
import { ClientSite } from './support/site.ts';

const tests = new ClientTests(record);

describe.skipIf(tests.missing)('certbot', () => {
  let site: ClientSite;

  async function certbot(command: string, ...argv: string[]): Promise<string> {
    const folders = ['config', 'work', 'logs'].flatMap((name) => [`--${name}-dir`, site.at(name)]);
    const common = ['--server', site.issuer.directoryUrl(), '--non-interactive'];
    return runClient('certbot', [command, ...folders, ...common, ...argv], {
      REQUESTS_CA_BUNDLE: site.rootFile,
    });
  }

  const http = (): string[] => ['--http-01-address', '127.0.0.1', '--http-01-port', String(site.issuer.ports.http01)];
  const standalone = (): string[] => ['--standalone', '--preferred-challenges', 'http', ...http()];
  const manual = (): string[] => {
    const hooks = ['--manual-auth-hook', `${site.hook} present`, '--manual-cleanup-hook', `${site.hook} cleanup`];
    return ['--manual', '--preferred-challenges', 'dns', ...hooks];
  };
  const live = (name: string, file: string): string => `config/live/${name}/${file}.pem`;

  beforeAll(async () => {
    site = await ClientSite.start();
  });
  afterAll(() => site.close());

  it('registers and gets a certificate for two names by http-01', tests.shows('register', 'http-01'), async () => {
    await certbot('register', '--agree-tos', '--no-eff-email', '-m', 'someone@example.com');
    await certbot('certonly', ...standalone(), '-d', 'one.example.internal', '-d', 'two.example.internal');
    expect(site.faults(live('one.example.internal', 'fullchain'))).toEqual([]);
  });

  it('renews it', tests.shows('renew'), async () => {
    const before = site.serial(live('one.example.internal', 'cert'));
    await certbot('renew', '--force-renewal', '--no-random-sleep-on-renew', '--cert-name', 'one.example.internal');
    expect(site.faults(live('one.example.internal', 'fullchain'))).toEqual([]);
    expect(site.serial(live('one.example.internal', 'fullchain'))).not.toBe(before);
  });

  it('revokes it as the account that ordered it', tests.shows('revoke'), async () => {
    const chain = site.read(live('one.example.internal', 'fullchain'));
    const file = site.at(live('one.example.internal', 'cert'));
    await certbot('revoke', '--cert-path', file, '--reason', 'superseded', '--no-delete-after-revoke');
    expect(await becomesRevoked(site.issuer, chain)).toBe(true);
  });

  it(
    'gets a wildcard and its base name by dns-01, with two TXT records at one name',
    tests.shows('dns-01', 'wildcard'),
    async () => {
      const names = ['-d', '*.wild.example.internal', '-d', 'wild.example.internal'];
      await certbot('certonly', ...manual(), '--cert-name', 'wild', '--key-type', 'rsa', ...names);
      expect(site.faults(live('wild', 'fullchain'))).toEqual([]);
    },
  );

  it('revokes it with the certificate’s own key', tests.shows('revoke-by-key'), async () => {
    const chain = site.read(live('wild', 'fullchain'));
    const files = ['--cert-path', site.at(live('wild', 'cert')), '--key-path', site.at(live('wild', 'privkey'))];
    await certbot('revoke', ...files, '--reason', 'keycompromise', '--no-delete-after-revoke');
    expect(await becomesRevoked(site.issuer, chain)).toBe(true);
  });

  it('takes the chain up to an older root', tests.shows('chain'), async () => {
    await crossSign(site.issuer);
    const wanted = ['--preferred-chain', olderRoot, '--cert-name', 'older'];
    await certbot('certonly', ...standalone(), ...wanted, '-d', 'one.example.internal');
    expect(site.topIssuer(live('older', 'fullchain'))).toBe(olderRoot);
  });

  it('understands why a name is refused', tests.shows('refusal'), async () => {
    // certbot 2.1 on Python 3.11 falls over its own exception when it wants to show it; its log has what it read.
    await expect(certbot('certonly', ...standalone(), '-d', 'elsewhere.example.org')).rejects.toThrow('ended with 1');
    expect(site.read('logs/letsencrypt.log')).toMatch(
      /acme\.messages\.Error: urn:ietf:params:acme:error:rejectedIdentifier .* not among the names that this directory allows/u,
    );
  });

  it('changes its contact and gives its account up', tests.shows('contact', 'deactivate'), async () => {
    await certbot('update_account', '-m', 'other@example.com');
    expect(await site.accounts()).toEqual([{ status: 'valid', contact: ['mailto:other@example.com'] }]);
    await certbot('unregister');
    expect(await site.accounts()).toMatchObject([{ status: 'deactivated' }]);
  });

  it('registers with an external account key', tests.shows('eab'), async () => {
    const { kid, hmac } = await site.externalKey();
    const bound = ['--server', site.issuer.directoryUrl('bound'), '--eab-kid', kid, '--eab-hmac-key', hmac];
    await certbot('register', '--agree-tos', '--no-eff-email', '-m', 'someone@example.com', ...bound);
    expect(await site.boundAccounts()).toEqual([{ kid, status: 'valid' }]);
  });

  it('is what docs/clients.md says', () => {
    expect(tests.disagreements()).toEqual([]);
  });
});
