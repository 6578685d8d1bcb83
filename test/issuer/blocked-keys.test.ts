// BR 4.9.1.1, 6.1.1.3: a key that somebody else has is in no certificate any more, whoever asks, in whatever directory.
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ThrowawayKey } from '../../core/node/throwaway-key.ts';
import { toBase64Url } from '../../core/ports/base64.ts';
import { readPem } from '../../core/x509/pem.ts';
import { makeCsr, type AccountKey, type AcmeResponse, type AcmeTestClient } from '../support/acme.ts';
import { authorize, obtain, readyOrder } from '../support/flows.ts';
import { freePort } from '../support/free-port.ts';
import { operatorsToken, TestIssuer } from '../support/issuer.ts';
import { problemOf } from '../support/problem-of.ts';
import { softHsmMissing } from '../support/softhsm.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: blocked keys: ${missing}`);

const keyCompromise = { reason: 1 };

/** The key of a certificate, for signing JWS with. */
function asAccountKey(key: ThrowawayKey): AccountKey {
  const privateKey = createPrivateKey({ key: Buffer.from(key.pkcs8()), format: 'der', type: 'pkcs8' });
  return {
    alg: 'ES256',
    jwk: { ...createPublicKey(privateKey).export({ format: 'jwk' }) },
    sign: (input) => sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  };
}

describe.skipIf(missing !== undefined)('a key that somebody else has', () => {
  let issuer: TestIssuer;
  let client: AcmeTestClient;

  beforeAll(async () => {
    const admin = { host: '127.0.0.1', port: await freePort(), tokenFile: 'admin-token' };
    issuer = await TestIssuer.create({ keys: 'file', change: { admin } });
    writeFileSync(path.join(issuer.directory, 'admin-token'), operatorsToken, { mode: 0o600 });
    await issuer.start();
    client = issuer.client();
    await client.register();
  });
  afterAll(() => issuer.remove());

  const revoke = (by: AcmeTestClient, chain: string, more: object): Promise<AcmeResponse> =>
    by.postTo('revokeCert', { certificate: toBase64Url(readPem(chain)[0]?.bytes ?? new Uint8Array()), ...more });

  /** What an order for a name comes to with this key, and then with a new one. */
  async function finalizing(by: AcmeTestClient, name: string, key: ThrowawayKey): Promise<[string, unknown]> {
    const order = await readyOrder(issuer, by, [name]);
    const send = async (one?: ThrowawayKey): Promise<AcmeResponse> => {
      const { csr } = await makeCsr([name], one === undefined ? {} : { key: one });
      return by.post(String(order.body['finalize']), { csr });
    };
    const first = await send(key);
    const outcome = first.status === 200 ? String(first.body['status']) : problemOf(first);
    return [outcome, outcome === 'valid' ? undefined : (await send()).body['status']];
  }

  async function ask(...argv: string[]): Promise<unknown> {
    const [command = '', ...rest] = argv;
    const { code, stdout, stderr } = await issuer.run(command, '--config', issuer.configFile, '--json', ...rest);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  }

  const spkiOf = (key: ThrowawayKey): string => createHash('sha256').update(key.spki).digest('hex');

  it('is certified again as long as nobody says so: any other reason blocks no key', async () => {
    const { chain, key } = await obtain(issuer, client, ['kept.example.internal']);
    expect((await revoke(client, chain, { reason: 4 })).status).toBe(200);
    expect(await finalizing(client, 'kept.example.internal', key)).toEqual(['valid', undefined]);
  });

  it('is not certified again once its account has said so, and the order stands for another key', async () => {
    const { chain, key } = await obtain(issuer, client, ['lost.example.internal']);
    expect((await revoke(client, chain, keyCompromise)).status).toBe(200);
    expect(await finalizing(client, 'lost.example.internal', key)).toEqual(['badCSR 400', 'valid']);
  });

  it('is not certified for anybody else, in no other directory and for no other name', async () => {
    const { chain, key } = await obtain(issuer, client, ['a.narrow.example.internal']);
    expect((await revoke(client, chain, keyCompromise)).status).toBe(200);
    const stranger = issuer.client({ directory: 'narrow' });
    await stranger.register();
    expect(await finalizing(stranger, 'b.narrow.example.internal', key)).toEqual(['badCSR 400', 'valid']);
  });

  it('is not certified again once somebody who has it has said so, whatever the certificate was revoked for before', async () => {
    const { chain, key } = await obtain(issuer, client, ['found.example.internal']);
    expect((await revoke(client, chain, { reason: 4 })).status).toBe(200);
    const finder = issuer.client({ key: asAccountKey(key) });
    expect(problemOf(await revoke(finder, chain, keyCompromise))).toBe('alreadyRevoked 400');
    expect(await finalizing(client, 'found.example.internal', key)).toEqual(['badCSR 400', 'valid']);
  });

  it('is not said to be lost by who only controls the names, and so cannot be taken from who has it', async () => {
    const { chain, key } = await obtain(issuer, client, ['mine.example.internal']);
    const neighbour = issuer.client();
    await neighbour.register();
    await authorize(issuer, neighbour, await neighbour.newOrder(['mine.example.internal']));
    expect(problemOf(await revoke(neighbour, chain, keyCompromise))).toBe('badRevocationReason 400');
    expect(await finalizing(client, 'mine.example.internal', key)).toEqual(['valid', undefined]);
    expect((await revoke(neighbour, chain, { reason: 5 })).status).toBe(200);
    expect(await finalizing(client, 'mine.example.internal', key)).toEqual(['valid', undefined]);
  });

  it('is blocked by operators, with its certificates or by its name alone, and let go again', async () => {
    const { key } = await obtain(issuer, client, ['operated.example.internal']);
    const filter = ['--spki', spkiOf(key), '--reason', 'keyCompromise'];
    expect(await ask('revoke', ...filter)).toMatchObject({ revoked: 1 });
    expect(await ask('blocked-keys')).toContainEqual(
      expect.objectContaining({ spki: spkiOf(key), reason: 'revoked: keyCompromise' }),
    );
    expect(await finalizing(client, 'operated.example.internal', key)).toEqual(['badCSR 400', 'valid']);
    const { key: other } = await makeCsr(['laptop.example.internal']);
    const why = ['--spki', spkiOf(other), '--reason', 'a stolen laptop'];
    expect(await ask('key-block', ...why)).toEqual({ blocked: true });
    expect(await ask('key-block', ...why)).toEqual({ blocked: false });
    expect(await finalizing(client, 'laptop.example.internal', other)).toEqual(['badCSR 400', 'valid']);
    expect(await ask('key-unblock', ...why)).toEqual({ unblocked: true });
    // A key that is blocked already is as it should be; one that was not blocked is perhaps another than was meant.
    expect(await issuer.run('key-unblock', '--config', issuer.configFile, ...why)).toMatchObject({
      code: 1,
      stdout: 'unblocked: false\n',
    });
    expect(await finalizing(client, 'laptop.example.internal', other)).toEqual(['valid', undefined]);
  });

  it('leaves nothing recorded as signed for it', async () => {
    const { chain, key } = await obtain(issuer, client, ['counted.example.internal']);
    await revoke(client, chain, keyCompromise);
    await finalizing(client, 'counted.example.internal', key);
    const rows = await issuer.database.query('SELECT status FROM certificates WHERE spki_sha256 = $1', [
      createHash('sha256').update(key.spki).digest(),
    ]);
    expect(rows).toEqual([{ status: 'issued' }]);
  });
});
