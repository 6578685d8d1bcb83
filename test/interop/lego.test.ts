import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lego as record } from './records/lego.ts';
import { becomesRevoked } from './crl.ts';
import { ClientTests } from './support/client-tests.ts';
import { crossSign, olderRoot } from './support/cross-sign.ts';
import { runClient } from './support/run-client.ts';
import { ClientSite } from './support/site.ts';

const tests = new ClientTests(record);

describe.skipIf(tests.missing)('lego', () => {
  let site: ClientSite;

  async function lego(names: readonly string[], how: readonly string[], ...command: string[]): Promise<string> {
    const domains = names.flatMap((name) => ['--domains', name]);
    const common = ['--server', site.issuer.directoryUrl(), '--accept-tos', '--email', 'someone@example.com'];
    return runClient('lego', [...common, '--path', site.folder, ...domains, ...how, ...command], {
      LEGO_CA_CERTIFICATES: site.rootFile,
      EXEC_PATH: site.hook,
      // Between two TXT records it waits a minute by default.
      EXEC_SEQUENCE_INTERVAL: '1',
      EXEC_POLLING_INTERVAL: '1',
    });
  }

  const http = (): string[] => ['--http', '--http.port', `127.0.0.1:${site.issuer.ports.http01}`];
  const exec = (): string[] => ['--dns', 'exec', '--dns.disable-cp', '--dns.resolvers', site.issuer.dns.server];
  const file = (name: string): string => `certificates/${name}.crt`;

  beforeAll(async () => {
    site = await ClientSite.start();
  });
  afterAll(() => site.close());

  it('registers and gets a certificate by http-01', tests.shows('register', 'http-01'), async () => {
    await lego(['one.example.internal', 'two.example.internal'], http(), 'run');
    expect(site.faults(file('one.example.internal'))).toEqual([]);
  });

  it('renews it', tests.shows('renew'), async () => {
    const before = site.serial(file('one.example.internal'));
    await lego(['one.example.internal'], http(), 'renew', '--days', '1000', '--no-random-sleep');
    expect(site.faults(file('one.example.internal'))).toEqual([]);
    expect(site.serial(file('one.example.internal'))).not.toBe(before);
  });

  it('gets a wildcard by dns-01, with RSA keys', tests.shows('dns-01', 'wildcard'), async () => {
    await lego(['*.wild.example.internal', 'wild.example.internal'], ['--key-type', 'rsa2048', ...exec()], 'run');
    expect(site.faults(file('_.wild.example.internal'))).toEqual([]);
  });

  it('revokes', tests.shows('revoke'), async () => {
    const chain = site.read(file('one.example.internal'));
    await lego(['one.example.internal'], http(), 'revoke', '--reason', '4', '--keep');
    expect(await becomesRevoked(site.issuer, chain)).toBe(true);
  });

  it('takes the chain up to an older root', tests.shows('chain'), async () => {
    await crossSign(site.issuer);
    await lego(['two.example.internal'], http(), 'run', '--preferred-chain', olderRoot);
    expect(site.topIssuer(file('two.example.internal'))).toBe(olderRoot);
  });

  it('shows why a name is refused', tests.shows('refusal'), async () => {
    await expect(lego(['elsewhere.example.org'], http(), 'run')).rejects.toThrow(
      /rejectedIdentifier.*not among the names that this directory allows/u,
    );
  });

  it('gets a certificate by tls-alpn-01', tests.shows('tls-alpn-01'), async () => {
    await lego(['two.example.internal'], ['--tls', '--tls.port', `127.0.0.1:${site.alpnPort}`], 'run');
    expect(site.faults(file('two.example.internal'))).toEqual([]);
  });

  it('registers with an external account key', tests.shows('eab'), async () => {
    const { kid, hmac } = await site.externalKey();
    // It keeps one account for each host, and directories share theirs.
    const elsewhere = ['--server', site.issuer.directoryUrl('bound'), '--path', site.at('bound')];
    const binding = ['--eab', '--kid', kid, '--hmac', hmac];
    await lego(['one.example.internal'], [...elsewhere, ...binding, ...http()], 'run');
    expect(site.faults('bound', file('one.example.internal'))).toEqual([]);
    expect(await site.boundAccounts()).toEqual([{ kid, status: 'valid' }]);
  });

  it('is what docs/clients.md says', () => {
    expect(tests.disagreements()).toEqual([]);
  });
});
