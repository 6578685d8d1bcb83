import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dehydrated as record } from './records/dehydrated.ts';
import { becomesRevoked } from './crl.ts';
import { serveAlpn } from './support/alpn-server.ts';
import { ClientTests } from './support/client-tests.ts';
import { crossSign, olderRoot } from './support/cross-sign.ts';
import { runClient } from './support/run-client.ts';
import { ClientSite } from './support/site.ts';

const tests = new ClientTests(record);

describe.skipIf(tests.missing)('dehydrated', () => {
  let site: ClientSite;

  async function dehydrated(...argv: string[]): Promise<string> {
    return runClient('dehydrated', ['--config', site.at('config'), ...argv]);
  }

  function configure(contact: string, webroot: string, more: Readonly<Record<string, string>> = {}): void {
    const settings = {
      CA: site.issuer.directoryUrl(),
      BASEDIR: site.folder,
      WELLKNOWN: webroot,
      HOOK: site.hook,
      CONTACT_EMAIL: contact,
      KEYSIZE: '2048',
      KEY_ALGO: 'prime256v1',
      CURL_OPTS: `--cacert ${site.rootFile}`,
      ...more,
    };
    const lines = Object.entries(settings).map(([key, value]) => `${key}='${value}'\n`);
    writeFileSync(site.at('config'), lines.join(''));
  }

  beforeAll(async () => {
    site = await ClientSite.start();
    configure('someone@example.com', await site.serveWebroot());
  });
  afterAll(() => site.close());

  it('registers and gets a certificate by http-01', tests.shows('register', 'http-01'), async () => {
    await dehydrated('--register', '--accept-terms');
    await dehydrated('--cron', '--domain', 'one.example.internal');
    expect(site.faults('certs/one.example.internal/fullchain.pem')).toEqual([]);
  });

  it(
    'gets a wildcard and its base name by dns-01, with two TXT records at once',
    tests.shows('dns-01', 'wildcard'),
    async () => {
      const names = '*.wild.example.internal wild.example.internal';
      await dehydrated('--cron', '--challenge', 'dns-01', '--alias', 'wild', '--domain', names);
      expect(site.faults('certs/wild/fullchain.pem')).toEqual([]);
    },
  );

  it('gets a certificate by tls-alpn-01 with what it makes for the server', tests.shows('tls-alpn-01'), async () => {
    mkdirSync(site.at('alpn-certs'));
    const server = await serveAlpn(site.at('alpn-certs'), site.alpnPort);
    await dehydrated('--cron', '--challenge', 'tls-alpn-01', '--alias', 'alpn', '--domain', 'one.example.internal');
    server.close();
    expect(site.faults('certs/alpn/fullchain.pem')).toEqual([]);
  });

  it('renews, and takes the chain up to an older root', tests.shows('renew', 'chain'), async () => {
    await crossSign(site.issuer);
    const before = site.serial('certs/one.example.internal/cert.pem');
    await dehydrated('--cron', '--force', '--domain', 'one.example.internal', '--preferred-chain', olderRoot);
    expect(site.serial('certs/one.example.internal/cert.pem')).not.toBe(before);
    expect(site.topIssuer('certs/one.example.internal/fullchain.pem')).toBe(olderRoot);
  });

  it('revokes as the account that ordered it', tests.shows('revoke'), async () => {
    const chain = site.read('certs/wild/fullchain.pem');
    await dehydrated('--revoke', site.at('certs/wild/cert.pem'));
    expect(await becomesRevoked(site.issuer, chain)).toBe(true);
  });

  it('shows why a name is refused', tests.shows('refusal'), async () => {
    await expect(dehydrated('--cron', '--domain', 'elsewhere.example.org')).rejects.toThrow(
      /rejectedIdentifier[^]*not among the names that this directory allows/u,
    );
  });

  it('changes its contact and gives its account up', tests.shows('contact', 'deactivate'), async () => {
    configure('other@example.com', await site.serveWebroot());
    await dehydrated('--account');
    expect(await site.accounts()).toEqual([{ status: 'valid', contact: ['mailto:other@example.com'] }]);
    await dehydrated('--deactivate');
    expect(await site.accounts()).toMatchObject([{ status: 'deactivated' }]);
  });

  it('registers with an external account key', tests.shows('eab'), async () => {
    const { kid, hmac } = await site.externalKey();
    const bound = { CA: site.issuer.directoryUrl('bound'), EAB_KID: kid, EAB_HMAC_KEY: hmac };
    configure('someone@example.com', await site.serveWebroot(), bound);
    await dehydrated('--register', '--accept-terms');
    expect(await site.boundAccounts()).toEqual([{ kid, status: 'valid' }]);
  });

  it('is what docs/clients.md says', () => {
    expect(tests.disagreements()).toEqual([]);
  });
});
