import { existsSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uacme as record } from './records/uacme.ts';
import { becomesRevoked } from './crl.ts';
import { ClientTests } from './support/client-tests.ts';
import { crossSign, olderRoot } from './support/cross-sign.ts';
import { Daemon } from './support/daemon.ts';
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

  it('gets a certificate for a name and an address by tls-alpn-01', tests.shows('tls-alpn-01'), async () => {
    const socket = ['--sock', site.at('ualpn.sock')];
    // It proxies whatever else it is asked to somewhere; here nobody asks.
    const own = ['--bind', `127.0.0.1@${site.alpnPort}`, '--connect', '127.0.0.1@9', '--pidfile', site.at('ualpn.pid')];
    const server = new Daemon('ualpn', [...socket, ...own, '--num-workers', '1', '-vv']);
    try {
      await server.until('ualpn listens', () => existsSync(site.at('ualpn.sock')));
      // What the package's own hook does, with a socket of ours.
      const words = 'case "$1" in begin) words="auth $3 $5";; *) words="unauth $3";; esac';
      const ask = `test "$(echo "$words" | ualpn ${socket.join(' ')})" = OK`;
      writeFileSync(site.at('alpn-hook'), `#!/bin/sh\ntest "$2" = tls-alpn-01 || exit 1\n${words}\n${ask}\n`, {
        mode: 0o755,
      });
      await uacme('--hook', site.at('alpn-hook'), '--type', 'EC', 'issue', 'two.example.internal', '127.0.0.1');
    } finally {
      await server.stop();
    }
    expect(site.faults('two.example.internal/cert.pem')).toEqual([]);
  });

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

  it('takes the chain up to an older root', tests.shows('chain'), async () => {
    await crossSign(site.issuer);
    await uacme(...http, '--force', '--alternate', '1', '--type', 'EC', 'issue', 'two.example.internal');
    expect(site.topIssuer('two.example.internal/cert.pem')).toBe(olderRoot);
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

  it('registers with an external account key', tests.shows('eab'), async () => {
    const { kid, hmac } = await site.externalKey();
    const bound = ['--acme-url', site.issuer.directoryUrl('bound'), '--confdir', site.at('bound')];
    await uacme(...bound, '--eab', `${kid}:${hmac}`, '--type', 'EC', 'new');
    expect(await site.boundAccounts()).toEqual([{ kid, status: 'valid' }]);
  });

  it('is what docs/clients.md says', () => {
    expect(tests.disagreements()).toEqual([]);
  });
});
