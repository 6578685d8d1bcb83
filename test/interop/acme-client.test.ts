import { writeFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import acme from 'acme-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acmeClient } from './records/acme-client.ts';
import { becomesRevoked } from './crl.ts';
import { serveAlpn } from './support/alpn-server.ts';
import { ClientTests } from './support/client-tests.ts';
import { crossSign, olderRoot } from './support/cross-sign.ts';
import { ClientSite } from './support/site.ts';

const tests = new ClientTests(acmeClient);

describe.skipIf(tests.missing)('acme-client', () => {
  let site: ClientSite;
  let client: acme.Client;
  let webroot: string;

  function present(type: string, name: string, token: string, keyAuthorization: string): void {
    if (type === 'dns-01') site.issuer.dns.addText(`_acme-challenge.${name}`, keyAuthorization);
    else writeFileSync(path.join(webroot, token), keyAuthorization);
  }

  beforeAll(async () => {
    site = await ClientSite.start();
    webroot = await site.serveWebroot();
    acme.axios.defaults.httpsAgent = new https.Agent({ ca: site.issuer.rootPem });
    client = new acme.Client({
      directoryUrl: site.issuer.directoryUrl(),
      accountKey: await acme.crypto.createPrivateEcdsaKey(),
      backoffMin: 100,
      backoffMax: 500,
    });
  });
  afterAll(() => site.close());

  /** Everything in one call, as most of its users have it. */
  async function order(file: string, type: 'http-01' | 'dns-01' | 'tls-alpn-01', ...names: string[]): Promise<string> {
    const [, csr] = await acme.crypto.createCsr({ altNames: names }, await acme.crypto.createPrivateEcdsaKey());
    const chain = await client.auto({
      csr,
      termsOfServiceAgreed: true,
      email: 'someone@example.com',
      challengePriority: [type],
      preferredChain: olderRoot,
      // It would look the name up in the real DNS.
      skipChallengeVerification: true,
      challengeCreateFn: async (authorization, { token }, keyAuthorization) => {
        const { value } = authorization.identifier;
        if (type !== 'tls-alpn-01') return present(type, value, token, keyAuthorization);
        const [key, certificate] = await acme.crypto.createAlpnCertificate(authorization, keyAuthorization);
        writeFileSync(site.at(`${value}.key.pem`), key);
        writeFileSync(site.at(`${value}.crt.pem`), certificate);
      },
      challengeRemoveFn: () => Promise.resolve(),
    });
    writeFileSync(site.at(file), chain);
    return chain;
  }

  it('registers and gets a certificate for two names by http-01', tests.shows('register', 'http-01'), async () => {
    await order('one.pem', 'http-01', 'one.example.internal', 'two.example.internal');
    expect(site.faults('one.pem')).toEqual([]);
  });

  it('gets another one for the same names', tests.shows('renew'), async () => {
    await order('again.pem', 'http-01', 'one.example.internal', 'two.example.internal');
    expect(site.faults('again.pem')).toEqual([]);
    expect(site.serial('again.pem')).not.toBe(site.serial('one.pem'));
  });

  it('gets a wildcard by dns-01 and revokes it', tests.shows('dns-01', 'wildcard', 'revoke'), async () => {
    const chain = await order('wild.pem', 'dns-01', '*.wild.example.internal', 'wild.example.internal');
    expect(site.faults('wild.pem')).toEqual([]);
    await client.revokeCertificate(chain);
    expect(await becomesRevoked(site.issuer, chain)).toBe(true);
  });

  it('gets a certificate by tls-alpn-01', tests.shows('tls-alpn-01'), async () => {
    const server = await serveAlpn(site.folder, site.alpnPort);
    await order('alpn.pem', 'tls-alpn-01', 'two.example.internal');
    server.close();
    expect(site.faults('alpn.pem')).toEqual([]);
  });

  it('gets a certificate for an IP address, step by step', tests.shows('ip'), async () => {
    const ordered = await client.createOrder({ identifiers: [{ type: 'ip', value: '127.0.0.1' }] });
    for (const { challenges } of await client.getAuthorizations(ordered)) {
      const challenge = challenges.find(({ type }) => type === 'http-01');
      if (challenge === undefined) throw new Error('no http-01');
      present('http-01', '', challenge.token, await client.getChallengeKeyAuthorization(challenge));
      await client.completeChallenge(challenge);
      await client.waitForValidStatus(challenge);
    }
    const [, csr] = await acme.crypto.createCsr({ altNames: ['127.0.0.1'] });
    writeFileSync(site.at('ip.pem'), await client.getCertificate(await client.finalizeOrder(ordered, csr)));
    expect(site.faults('ip.pem')).toEqual([]);
  });

  it('asks for a profile in an order', tests.shows('profile'), async () => {
    const wanted = { identifiers: [{ type: 'dns', value: 'one.example.internal' }], profile: 'short' };
    expect(await client.createOrder(wanted)).toMatchObject({ status: 'pending', profile: 'short' });
  });

  it('takes the chain up to an older root', tests.shows('chain'), async () => {
    await crossSign(site.issuer);
    await order('older.pem', 'http-01', 'one.example.internal');
    expect(site.topIssuer('older.pem')).toBe(olderRoot);
  });

  it('shows why a name is refused', tests.shows('refusal'), async () => {
    await expect(order('elsewhere.pem', 'http-01', 'elsewhere.example.org')).rejects.toThrow(
      'not among the names that this directory allows',
    );
  });

  it(
    'changes contact and key, and gives its account up',
    tests.shows('contact', 'rollover', 'deactivate'),
    async () => {
      await client.updateAccount({ contact: ['mailto:other@example.com'] });
      expect(await site.accounts()).toEqual([{ status: 'valid', contact: ['mailto:other@example.com'] }]);
      await client.updateAccountKey(await acme.crypto.createPrivateRsaKey(2048));
      expect(await client.updateAccount({ contact: [] })).toMatchObject({ status: 'valid' });
      expect(await client.updateAccount({ status: 'deactivated' })).toMatchObject({ status: 'deactivated' });
    },
  );

  it('registers with an external account key', tests.shows('eab'), async () => {
    const { kid, hmac } = await site.externalKey();
    const bound = new acme.Client({
      directoryUrl: site.issuer.directoryUrl('bound'),
      accountKey: await acme.crypto.createPrivateEcdsaKey(),
      externalAccountBinding: { kid, hmacKey: hmac },
    });
    await bound.createAccount({ termsOfServiceAgreed: true });
    expect(await site.boundAccounts()).toEqual([{ kid, status: 'valid' }]);
  });

  it('is what docs/clients.md says', () => {
    expect(tests.disagreements()).toEqual([]);
  });
});
