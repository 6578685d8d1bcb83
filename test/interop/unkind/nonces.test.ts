import { writeFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import acme from 'acme-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../support/free-port.ts';
import { certbot } from '../records/certbot.ts';
import { lego } from '../records/lego.ts';
import { ClientTests } from '../support/client-tests.ts';
import { runClient } from '../support/run-client.ts';
import { ClientSite } from '../support/site.ts';
import { unkindFront, type UnkindFront } from './front.ts';

const missing = [certbot, lego].some((record) => new ClientTests(record).missing);

describe.skipIf(missing)('a client whose good nonces are refused now and then', () => {
  let site: ClientSite;
  let front: UnkindFront;
  let webroot: string;
  let before: number;

  beforeAll(async () => {
    const issuerPort = await freePort();
    site = await ClientSite.start({ listen: { host: '127.0.0.1', port: issuerPort } });
    webroot = await site.serveWebroot();
    front = await unkindFront(site, issuerPort);
    before = front.refused();
  });
  afterAll(async () => {
    front.close();
    await site.close();
  });

  /** Refusals since the last time this was asked. */
  function refusals(): number {
    const [from, to] = [before, front.refused()];
    before = to;
    return to - from;
  }

  it('certbot sends its request again and gets its certificate', { timeout: 300_000 }, async () => {
    const folders = ['config', 'work', 'logs'].flatMap((name) => [`--${name}-dir`, site.at(name)]);
    const served = ['--manual', '--preferred-challenges', 'dns', '--manual-auth-hook', `${site.hook} present`];
    const account = ['--server', site.issuer.directoryUrl(), '--agree-tos', '-m', 'someone@example.com', '-n'];
    const argv = ['certonly', ...folders, ...account, ...served, '-d', 'one.example.internal'];
    await runClient('certbot', argv, { REQUESTS_CA_BUNDLE: site.rootFile });
    expect(site.faults('config/live/one.example.internal/fullchain.pem')).toEqual([]);
    expect(refusals()).toBeGreaterThan(1);
  });

  it('lego sends its request again and gets its certificate', { timeout: 300_000 }, async () => {
    const common = ['--server', site.issuer.directoryUrl(), '--accept-tos', '--email', 'someone@example.com'];
    const how = ['--path', site.folder, '--tls', '--tls.port', `127.0.0.1:${site.alpnPort}`];
    const argv = [...common, ...how, '--domains', 'two.example.internal', 'run'];
    await runClient('lego', argv, { LEGO_CA_CERTIFICATES: site.rootFile });
    expect(site.faults('certificates/two.example.internal.crt')).toEqual([]);
    expect(refusals()).toBeGreaterThan(1);
  });

  it('acme-client sends its request again and gets its certificate', { timeout: 300_000 }, async () => {
    acme.axios.defaults.httpsAgent = new https.Agent({ ca: site.read('root.pem') });
    const accountKey = await acme.crypto.createPrivateEcdsaKey();
    const client = new acme.Client({ directoryUrl: site.issuer.directoryUrl(), accountKey, backoffMin: 100 });
    const [, csr] = await acme.crypto.createCsr({ altNames: ['one.example.internal'] });
    const chain = await client.auto({
      csr,
      termsOfServiceAgreed: true,
      challengePriority: ['http-01'],
      skipChallengeVerification: true,
      challengeCreateFn: (_, { token }, keyAuthorization) =>
        Promise.resolve(writeFileSync(path.join(webroot, token), keyAuthorization)),
      challengeRemoveFn: () => Promise.resolve(),
    });
    writeFileSync(site.at('chain.pem'), chain);
    expect(site.faults('chain.pem')).toEqual([]);
    expect(refusals()).toBeGreaterThan(1);
  });
});
