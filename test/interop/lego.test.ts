import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainFaults, serialOf } from '../support/chain-checks.ts';
import { TestIssuer } from '../support/issuer.ts';
import { softHsmMissing } from '../support/softhsm.ts';
import { becomesRevoked } from './crl.ts';
import { controlDns, type DnsControl } from './dns-control.ts';
import { clientMissing, runClient } from './run-client.ts';

const missing = clientMissing('lego') ?? softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: interoperation with lego: ${missing}`);

describe.skipIf(missing !== undefined)('lego', () => {
  let issuer: TestIssuer;
  let dns: DnsControl;

  async function lego(names: readonly string[], how: readonly string[], ...command: string[]): Promise<string> {
    const domains = names.flatMap((name) => ['--domains', name]);
    const common = ['--server', issuer.directoryUrl(), '--accept-tos', '--email', 'someone@example.com'];
    const folder = ['--path', path.join(issuer.directory, 'lego')];
    return runClient('lego', [...common, ...folder, ...domains, ...how, ...command], {
      LEGO_CA_CERTIFICATES: issuer.rootFile,
      EXEC_PATH: dns.hook,
      // Between two TXT records it waits a minute by default.
      EXEC_SEQUENCE_INTERVAL: '1',
      EXEC_POLLING_INTERVAL: '1',
      ...dns.environment,
    });
  }

  const http = (): string[] => ['--http', '--http.port', `127.0.0.1:${issuer.ports.http01}`];
  const exec = (): string[] => ['--dns', 'exec', '--dns.disable-cp', '--dns.resolvers', issuer.dns.server];
  const chainOf = (name: string): string =>
    readFileSync(path.join(issuer.directory, 'lego/certificates', `${name}.crt`), 'utf8');

  beforeAll(async () => {
    issuer = await (await TestIssuer.create()).start('--migrate');
    dns = await controlDns(issuer.dns, issuer.directory);
    issuer.dns.set('one.example.internal', { A: ['127.0.0.1'] });
  });
  afterAll(async () => {
    dns.close();
    await issuer.remove();
  });

  it('registers and gets a certificate by http-01', async () => {
    await lego(['one.example.internal'], http(), 'run');
    expect(chainFaults(chainOf('one.example.internal'), issuer.rootPem)).toEqual([]);
  });

  it('renews it', async () => {
    const before = serialOf(chainOf('one.example.internal'));
    await lego(['one.example.internal'], http(), 'renew', '--days', '1000', '--no-random-sleep');
    expect(chainFaults(chainOf('one.example.internal'), issuer.rootPem)).toEqual([]);
    expect(serialOf(chainOf('one.example.internal'))).not.toBe(before);
  });

  it('gets a wildcard by dns-01, with RSA keys', async () => {
    await lego(['*.wild.example.internal', 'wild.example.internal'], ['--key-type', 'rsa2048', ...exec()], 'run');
    expect(chainFaults(chainOf('_.wild.example.internal'), issuer.rootPem)).toEqual([]);
  });

  it('revokes', async () => {
    const chain = chainOf('one.example.internal');
    await lego(['one.example.internal'], http(), 'revoke', '--reason', '4', '--keep');
    expect(await becomesRevoked(issuer, chain)).toBe(true);
  });
});
