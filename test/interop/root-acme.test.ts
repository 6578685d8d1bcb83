import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import * as acme from '@root/acme';
import type { Client, Presenter, Request } from '@root/acme';
import * as http from '@root/acme/lib/node/http.js';
import { crypto, type Authorization } from 'acme-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toPem } from '../../core/x509/pem.ts';
import { makeCsr } from '../support/acme.ts';
import { rootAcme } from './records/root-acme.ts';
import { serveAlpn } from './support/alpn-server.ts';
import { ClientTests } from './support/client-tests.ts';
import { ClientSite } from './support/site.ts';

const tests = new ClientTests(rootAcme);

describe.skipIf(tests.missing)('@root/acme', () => {
  let site: ClientSite;
  let client: Client;
  let account: object;
  let presenters: Readonly<Record<string, Presenter>>;
  const accountKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

  /** It tells its makers who uses it: nothing of ours leaves this machine. */
  const request: Request = async (options) => {
    if (!options.url.startsWith(site.issuer.baseUrl)) throw new Error(`not asked here: ${options.url}`);
    return http.request(options);
  };

  beforeAll(async () => {
    site = await ClientSite.start();
    const webroot = await site.serveWebroot();
    // It takes no roots of its own.
    https.globalAgent.options.ca = site.issuer.rootPem;
    const { dns } = site.issuer;
    const done = (): Promise<null> => Promise.resolve(null);
    presenters = {
      'http-01': {
        set: ({ challenge: { token, keyAuthorization } }) =>
          Promise.resolve(writeFileSync(path.join(webroot, token), keyAuthorization)),
        get: done,
        remove: done,
      },
      'tls-alpn-01': {
        set: async ({ challenge: { hostname, keyAuthorization } }) => {
          // It leaves the certificate to whoever presents it, as it leaves everything else.
          const authorization = { identifier: { type: 'dns', value: hostname } } as Authorization;
          const [key, certificate] = await crypto.createAlpnCertificate(authorization, keyAuthorization);
          writeFileSync(site.at(`${hostname}.key.pem`), key);
          writeFileSync(site.at(`${hostname}.crt.pem`), certificate);
        },
        get: done,
        remove: done,
      },
      'dns-01': {
        propagationDelay: 1,
        zones: () => Promise.resolve(['example.internal']),
        set: ({ challenge }) =>
          Promise.resolve(dns.addText(challenge.dnsHost ?? '', challenge.keyAuthorizationDigest ?? '')),
        get: done,
        remove: done,
      },
    };
    client = acme.create({
      maintainerEmail: 'someone@example.com',
      packageAgent: 'coldroot-test/1',
      // They would look the names up in the real DNS.
      skipDryRun: true,
      skipChallengeTest: true,
      __request: request,
    });
    await client.init(site.issuer.directoryUrl());
  });
  afterAll(() => site.close());

  async function order(file: string, type: 'http-01' | 'dns-01' | 'tls-alpn-01', ...domains: string[]): Promise<void> {
    const { der } = await makeCsr(domains, { subject: { CN: domains[0] ?? '' } });
    // It takes the last line for the end of the PEM, and an empty one for the last.
    const csr = toPem('CERTIFICATE REQUEST', der).trimEnd();
    const challenges = Object.fromEntries(Object.entries(presenters).filter(([name]) => name === type));
    const { cert, chain } = await client.certificates.create({ account, accountKey, csr, domains, challenges });
    writeFileSync(site.at(file), `${cert}\n${chain}\n`);
  }

  it(
    'registers and gets a wildcard and its base name by dns-01',
    tests.shows('register', 'dns-01', 'wildcard'),
    async () => {
      account = await client.accounts.create({
        subscriberEmail: 'someone@example.com',
        agreeToTerms: true,
        accountKey,
      });
      await order('wild.pem', 'dns-01', '*.wild.example.internal', 'wild.example.internal');
      expect(site.faults('wild.pem')).toEqual([]);
    },
  );

  it('gets a certificate by http-01', tests.shows('http-01'), async () => {
    await order('one.pem', 'http-01', 'one.example.internal');
    expect(site.faults('one.pem')).toEqual([]);
  });

  it('gets a certificate by tls-alpn-01', tests.shows('tls-alpn-01'), async () => {
    const server = await serveAlpn(site.folder, site.alpnPort);
    await order('alpn.pem', 'tls-alpn-01', 'two.example.internal');
    server.close();
    expect(site.faults('alpn.pem')).toEqual([]);
  });

  it('gets another one for the same names', tests.shows('renew'), async () => {
    await order('again.pem', 'dns-01', '*.wild.example.internal', 'wild.example.internal');
    expect(site.faults('again.pem')).toEqual([]);
    expect(site.serial('again.pem')).not.toBe(site.serial('wild.pem'));
  });

  it('shows why a name is refused', tests.shows('refusal'), async () => {
    await expect(order('elsewhere.pem', 'http-01', 'elsewhere.example.org')).rejects.toThrow(
      'not among the names that this directory allows',
    );
  });

  it('is what docs/clients.md says', () => {
    expect(tests.disagreements()).toEqual([]);
  });
});
