import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainFaults, serialOf } from '../support/chain-checks.ts';
import { TestIssuer } from '../support/issuer.ts';
import { softHsmMissing } from '../support/softhsm.ts';
import { becomesRevoked } from './crl.ts';
import { controlDns, type DnsControl } from './dns-control.ts';
import { clientMissing, runClient } from './run-client.ts';

const missing = clientMissing('certbot') ?? softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: interoperation with certbot: ${missing}`);

describe.skipIf(missing !== undefined)('certbot', () => {
  let issuer: TestIssuer;
  let dns: DnsControl;
  const folder = (): string => path.join(issuer.directory, 'certbot');

  async function certbot(command: string, ...argv: string[]): Promise<string> {
    const folders = ['config', 'work', 'logs'].flatMap((name) => [`--${name}-dir`, path.join(folder(), name)]);
    return runClient('certbot', [command, ...folders, '--server', issuer.directoryUrl(), '-n', ...argv], {
      REQUESTS_CA_BUNDLE: issuer.rootFile,
      ...dns.environment,
    });
  }

  const standalone = (): string[] => [
    '--standalone',
    '--preferred-challenges',
    'http',
    '--http-01-address',
    '127.0.0.1',
    '--http-01-port',
    String(issuer.ports.http01),
  ];
  const manual = (): string[] => [
    '--manual',
    '--preferred-challenges',
    'dns',
    '--manual-auth-hook',
    `${dns.hook} present`,
    '--manual-cleanup-hook',
    `${dns.hook} cleanup`,
  ];
  const live = (name: string, file: string): string => path.join(folder(), 'config/live', name, file);

  beforeAll(async () => {
    issuer = await (await TestIssuer.create()).start('--migrate');
    mkdirSync(folder());
    dns = await controlDns(issuer.dns, issuer.directory);
    for (const name of ['one', 'two']) issuer.dns.set(`${name}.example.internal`, { A: ['127.0.0.1'] });
    await certbot('register', '--agree-tos', '--no-eff-email', '-m', 'someone@example.com');
  });
  afterAll(async () => {
    dns.close();
    await issuer.remove();
  });

  it('gets a certificate for two names by http-01', async () => {
    await certbot('certonly', ...standalone(), '-d', 'one.example.internal', '-d', 'two.example.internal');
    expect(chainFaults(readFileSync(live('one.example.internal', 'fullchain.pem'), 'utf8'), issuer.rootPem)).toEqual(
      [],
    );
  });

  it('renews it', async () => {
    const before = serialOf(readFileSync(live('one.example.internal', 'cert.pem'), 'utf8'));
    await certbot('renew', '--force-renewal', '--no-random-sleep-on-renew', '--cert-name', 'one.example.internal');
    const after = readFileSync(live('one.example.internal', 'fullchain.pem'), 'utf8');
    expect(chainFaults(after, issuer.rootPem)).toEqual([]);
    expect(serialOf(after)).not.toBe(before);
  });

  it('revokes it as the account that ordered it', async () => {
    const chain = readFileSync(live('one.example.internal', 'fullchain.pem'), 'utf8');
    const file = live('one.example.internal', 'cert.pem');
    await certbot('revoke', '--cert-path', file, '--reason', 'superseded', '--no-delete-after-revoke');
    expect(await becomesRevoked(issuer, chain)).toBe(true);
  });

  it('gets a wildcard and its base name by dns-01, with two TXT records at one name', async () => {
    const names = ['-d', '*.wild.example.internal', '-d', 'wild.example.internal'];
    await certbot('certonly', ...manual(), '--cert-name', 'wild', '--key-type', 'rsa', ...names);
    expect(chainFaults(readFileSync(live('wild', 'fullchain.pem'), 'utf8'), issuer.rootPem)).toEqual([]);
  });

  it('revokes it with the certificate’s own key', async () => {
    const chain = readFileSync(live('wild', 'fullchain.pem'), 'utf8');
    const files = ['--cert-path', live('wild', 'cert.pem'), '--key-path', live('wild', 'privkey.pem')];
    await certbot('revoke', ...files, '--reason', 'keycompromise', '--no-delete-after-revoke');
    expect(await becomesRevoked(issuer, chain)).toBe(true);
  });

  it('understands why a name is refused', async () => {
    // certbot 2.1 on Python 3.11 falls over its own exception when it wants to show it; its log has what it read.
    await expect(certbot('certonly', ...standalone(), '-d', 'elsewhere.example.org')).rejects.toThrow('ended with 1');
    expect(readFileSync(path.join(folder(), 'logs/letsencrypt.log'), 'utf8')).toMatch(
      /acme\.messages\.Error: urn:ietf:params:acme:error:rejectedIdentifier .* not among the names that this directory allows/u,
    );
  });

  it('updates its contact and gives its account up', async () => {
    await certbot('update_account', '-m', 'other@example.com');
    await certbot('unregister');
    const rows = await issuer.database.query<{ status: string }>('SELECT status FROM accounts');
    expect(rows).toEqual([{ status: 'deactivated' }]);
  });
});
