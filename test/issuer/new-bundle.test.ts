// A bundle that is loaded while the issuer works.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readReceipt } from '../../core/bundle/receipt.ts';
import { buildBundle } from '../../core/bundle/build.ts';
import { nodeDigest } from '../../core/node/crypto.ts';
import { throwawayKey } from '../../core/node/throwaway-key.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import { planProfileSchema } from '../../core/profile/profile.ts';
import { readPem, toPem } from '../../core/x509/pem.ts';
import type { AcmeTestClient } from '../support/acme.ts';
import { chainFaults } from '../support/chain-checks.ts';
import { obtain } from '../support/flows.ts';
import { forgeCertificate } from '../support/forge.ts';
import { entryOf } from '../support/hostile/reforge.ts';
import { bundleParts, makeBundle, makeCrossedBundle, sha256, testProfiles } from '../support/hierarchy.ts';
import { TestIssuer } from '../support/issuer.ts';
import { problemOf } from '../support/problem-of.ts';
import { softHsmMissing } from '../support/softhsm.ts';
import { until } from '../support/until.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: new bundles: ${missing}`);

describe.skipIf(missing !== undefined)('a bundle loaded while the issuer works', () => {
  let issuer: TestIssuer;
  let client: AcmeTestClient;

  beforeAll(async () => {
    issuer = await (await TestIssuer.create()).start();
    client = issuer.client();
    await client.register();
  });
  afterAll(() => issuer.remove());

  async function load(epoch: number, change: object = {}): Promise<void> {
    await loadBundle(epoch, await makeBundle(issuer.hierarchy, { epoch, previous: await lastSums(), ...change }));
  }

  async function lastSums(): Promise<string> {
    const text = 'SELECT sums FROM bundles ORDER BY epoch DESC LIMIT 1';
    return (await issuer.database.query<{ sums: string }>(text))[0]?.sums ?? '';
  }

  async function loadBundle(epoch: number, bytes: Uint8Array): Promise<void> {
    const file = path.join(issuer.directory, `epoch-${epoch}.coldroot`);
    writeFileSync(file, bytes);
    expect(await issuer.run('load', '--config', issuer.configFile, file)).toMatchObject({ code: 0 });
  }

  const epoch = async (): Promise<unknown> =>
    (await client.transport.request('GET', `${issuer.baseUrl}/health`)).body['epoch'];

  it('goes live without a restart, and no order fails meanwhile', async () => {
    const state = { live: false };
    let made = 0;
    const work = (async () => {
      for (; !state.live || made < 3; made += 1) await obtain(issuer, client, [`n${made}.example.internal`]);
    })();
    await load(2);
    await issuer.process.waitForLine('a new bundle is live');
    expect(await epoch()).toBe(2);
    state.live = true;
    await work;
    expect(made).toBeGreaterThanOrEqual(3);
  });

  it('that brings a renewed root and an OCSP signer is taken, pinned as before, and the newest root is given out', async () => {
    const { hierarchy } = issuer;
    const { now, root, rootKey, signer, signerKey } = hierarchy;
    const renewed = await forgeCertificate(testProfiles.root, root.tbs.spki, rootKey, {
      now,
      change: ({ notBefore, notAfter }) => ({ notBefore: notBefore + 1, notAfter: notAfter + 86_400 }),
    });
    const profile = planProfileSchema.parse({
      type: 'ocsp-signer',
      subject: { C: 'US', O: 'Example Corp', CN: 'Example Corp OCSP Signer O1' },
      key: 'ec-p256',
      valid: { for: '90d' },
    });
    const { spki } = await throwawayKey('ec-p256');
    const answers = await forgeCertificate(profile, spki, rootKey, { now: now + 2, issuer: renewed });
    const [last] = await issuer.database.query<{ sums: string }>(
      'SELECT sums FROM bundles ORDER BY epoch DESC LIMIT 1',
    );
    const { parts } = await bundleParts(hierarchy, {
      epoch: 3,
      previous: last?.sums ?? '',
      roots: [entryOf('root-r1', renewed), entryOf('root-r1-first', root)],
      ocspSigners: [{ ...entryOf('ocsp-o1', answers), issuedBy: 'root-r1' }],
    });
    const certificates = new Map([
      ...parts.certificates,
      ['certs/root-r1.pem', renewed.raw],
      ['certs/root-r1-first.pem', root.raw],
      ['certs/ocsp-o1.pem', answers.raw],
    ]);
    const file = path.join(issuer.directory, 'epoch-3.coldroot');
    const signing = { certificate: signer, sign: signerKey.sign };
    writeFileSync(file, await buildBundle({ ...parts, certificates }, signing, now, nodeDigest));
    expect(await issuer.run('load', '--config', issuer.configFile, file)).toMatchObject({ code: 0 });
    await until('it is in use', async () => (await epoch()) === 3);
    await obtain(issuer, client, ['renewed.example.internal']);
    const given = async (name: string): Promise<Uint8Array> => {
      const answer = await fetch(`http://127.0.0.1:${issuer.ports.publish}/ca/${name}.cer`);
      return new Uint8Array(await answer.arrayBuffer());
    };
    expect(await given('root-r1')).toEqual(new Uint8Array(renewed.raw));
    expect(await given('root-r1-first')).toEqual(new Uint8Array(root.raw));
  });

  it('is what the receipt for the next ceremony is about, which says that nobody signed it', async () => {
    const { code, stdout, stderr } = await issuer.run('receipt', '--config', issuer.configFile);
    expect(code).toBe(0);
    const read = readReceipt(Buffer.from(stdout));
    const [last] = await issuer.database.query<{ sums: string }>(
      'SELECT sums FROM bundles ORDER BY epoch DESC LIMIT 1',
    );
    const now = formatUtc(Math.floor(Date.now() / 1000));
    expect(read).toMatchObject({
      ok: true,
      receipt: { authenticated: false, epoch: 3, sums: last?.sums, hierarchy: 'example-corp', issuer: issuer.baseUrl },
    });
    if (!read.ok) throw new Error(read.refusal.message);
    expect(read.receipt.loaded <= read.receipt.made && read.receipt.made <= now).toBe(true);
    expect(stderr).toContain(sha256(Buffer.from(stdout)));
  });

  it('that would make the configuration wider than what was signed is refused, and the one before stays in use', async () => {
    const { parts } = await bundleParts(issuer.hierarchy);
    const [only] = parts.manifest.issuers;
    if (only === undefined) throw new Error('no issuer');
    const policy = { ...only.policy, maxValidity: 86_400 };
    await load(4, { issuers: [{ ...only, policy }] });
    const line = await issuer.process.waitForLine('the new bundle is refused');
    expect(line).toMatchObject({ epoch: 4, using: 3 });
    expect(JSON.stringify(line['refusals'])).toContain('[config-wider-than-policy]');
    expect(await epoch()).toBe(3);
    await obtain(issuer, client, ['after.example.internal']);
  });

  it('with a root that an older one has cross-certified brings a second chain, for clients that know the older one alone', async () => {
    const { bundle, older } = await makeCrossedBundle(issuer.hierarchy, { epoch: 5, previous: await lastSums() });
    await loadBundle(5, bundle);
    await until('it is in use', async () => (await epoch()) === 5);
    const { finalized } = await obtain(issuer, client, ['crossed.example.internal']);
    const url = String(finalized.body['certificate']);
    const index = `<${client.directoryUrl}>;rel="index"`;
    const first = await client.post(url);
    expect(first.headers['link']).toBe(`${index}, <${url}/1>;rel="alternate"`);
    const second = await client.post(`${url}/1`);
    expect(second.headers['link']).toBe(`${index}, <${url}>;rel="alternate"`);
    expect([readPem(first.text).length, readPem(second.text).length]).toEqual([2, 3]);
    const olderPem = toPem('CERTIFICATE', older.raw);
    // OpenSSL decides: each chain leads to its own root and to no other.
    expect([chainFaults(first.text, issuer.rootPem), chainFaults(second.text, olderPem)]).toEqual([[], []]);
    expect(chainFaults(first.text, olderPem)).not.toEqual([]);
    expect(problemOf(await client.post(`${url}/2`))).toBe('malformed 404');
  });
});
