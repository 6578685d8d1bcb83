import { beforeEach, describe, expect, it } from 'vitest';
import { nodeDigest, nodeVerifier } from '../../../core/node/crypto.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { concatBytes, utf8 } from '../../../core/ports/bytes.ts';
import { readCertificate } from '../../../core/x509/certificate.ts';
import { readCsr } from '../../../core/x509/csr.ts';
import { csrFor, csrPem, newCsr } from '../../support/csr-file.ts';
import { edited } from '../../support/edited.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { flipped } from '../../support/hostile/kind.ts';
import type { MemoryRoom } from '../../support/memory/room.ts';
import { roomFor } from '../../support/memory/transcript.ts';
import { readShipped } from '../../support/ready-plans.ts';

/** The shipped plan, with two who compare the request's own hash. */
const shipped = edited(
  readShipped('intermediate-from-csr').text,
  ['  - { do: media-in, file: issuing-i1, by: [administrator, witness] }\n', ''],
  ['do: import-csr, csr: issuing-i1 }', 'do: import-csr, csr: issuing-i1, by: [administrator, witness] }'],
);
const { text: answering } = readShipped('ocsp-signer');
const taken = 'do: import-csr, csr: issuing-i1,';
const file = '/media/issuing-i1';
let room: MemoryRoom;

beforeEach(async () => {
  room = await roomFor('intermediate-from-csr');
});

describe('a request that is taken in', () => {
  it('gives its key a name, shows its hash in words to each who must compare it, and is in the transcript whole', async () => {
    const der = await newCsr();
    room.media.files.set(file, csrPem(der));
    const held = await room.begin(edited(shipped, [taken, `${taken} sha256: ${sha256(der)},`]));
    const asked: string[] = [];
    await room.playUntil(held, (next, act) => {
      if (act === 'import-csr' && next.kind === 'ask') {
        const styles = next.prompt.show?.flatMap(({ style }) => style ?? []).join(', ') ?? '';
        asked.push(`${next.prompt.by}: ${next.prompt.kind === 'word' ? next.prompt.word : ''}, shown ${styles}`);
      }
      return false;
    });
    expect(asked).toEqual(['administrator: SAME, shown hash, words', 'witness: SAME, shown hash, words']);
    const { spki } = readCsr(der, nodeVerifier);
    const certificate = readCertificate(fromBase64(held.state.certificates['issuing-i1']?.der ?? ''));
    expect(certificate.tbs.spki).toEqual(spki);
    expect(held.state.keys['issuing-i1']).toMatchObject({ origin: 'csr', algorithm: 'ec-p256' });
    expect(JSON.stringify(room.journal.records)).toContain(Buffer.from(der).toString('base64'));
  });

  it.each([
    ['whose signature is spoilt', (der: Uint8Array) => csrPem(flipped(der, -1)), 'x509-csr-signature'],
    [
      'with another key in it than the one that signed',
      (der: Uint8Array) => csrPem(flipped(der, 110)),
      'x509-csr-signature',
    ],
    ['that is cut short', (der: Uint8Array) => csrPem(der.subarray(0, -5)), 'der-truncated'],
    ['with something behind it', (der: Uint8Array) => csrPem(concatBytes(der, utf8('x'))), 'der-trailing-bytes'],
    ['that is empty', () => new Uint8Array(), 'der-truncated'],
    ['that is far too long', () => new Uint8Array(1_000_000), 'media-too-large'],
  ])('%s is refused in preflight', async (_, spoil, code) => {
    room.media.files.set(file, spoil(await newCsr()));
    expect(await room.refusals(shipped)).toEqual([code]);
  });

  it('for another kind of key than the profile says is refused', async () => {
    room.media.files.set(file, csrPem(await newCsr('ec-p384')));
    expect(await room.refusals(shipped)).toEqual(['csr-key-algorithm']);
  });

  it('of another hash than the plan pins is refused, and the one it pins is taken', async () => {
    const der = await newCsr();
    room.media.files.set(file, csrPem(der));
    expect(await room.refusals(edited(shipped, [taken, `${taken} sha256: ${'ab'.repeat(32)},`]))).toEqual([
      'csr-other-hash',
    ]);
    expect(await room.refusals(edited(shipped, [taken, `${taken} sha256: ${sha256(der)},`]))).toEqual([]);
  });

  it('for a key that is known in this hierarchy is refused', async () => {
    const signer = room.root.keys.find(({ label }) => label === 'bundle-signer-b1');
    if (signer === undefined) throw new Error('no key');
    const { spki, sign } = signer.key;
    room.media.files.set(file, csrPem(await csrFor({ algorithm: 'ec-p256', spki, sign })));
    expect(await room.refusals(shipped)).toEqual(['key-reused']);
  });

  it('that no certificate is made for is refused, as is one whose name is taken', async () => {
    const idle = shipped
      .replace(/ {2}issuing-1:\n(?: {4}.*\n)+/u, '')
      .replace('profiles:\n', 'profiles: {}\n')
      .replace(/ {2}- \{ do: issue-intermediate.*\n/u, '');
    expect(await room.refusals(idle)).toEqual(['plan-key-unused']);
    const held = await room.begin(shipped);
    expect(await room.play(held)).toEqual({ kind: 'finished' });
    const { files } = room.setting;
    room.continueFrom(held, sha256(fromBase64(held.state.certificates['root-r1']?.der ?? '')));
    room.setting = { ...room.setting, files, tokens: { root: room.setting.tokens['root'] ?? '' } };
    expect(await room.refusals(shipped)).toContain('plan-name-taken');
  });

  it('also gives an OCSP signer its key', async () => {
    room = await roomFor('ocsp-signer');
    const der = await newCsr();
    room.media.files.set('/csr/o1', csrPem(der));
    room.setting = { ...room.setting, files: { 'ocsp-o1': '/csr/o1' } };
    const plan = edited(answering, [
      'do: generate-key, token: issuing, key: ocsp-o1, by: [administrator, officer]',
      'do: import-csr, csr: ocsp-o1',
    ]);
    const held = await room.begin(plan);
    expect(await room.play(held)).toEqual({ kind: 'finished' });
    const made = readCertificate(fromBase64(held.state.certificates['ocsp-o1']?.der ?? ''));
    expect(made.tbs.spki).toEqual(readCsr(der, nodeVerifier).spki);
  });

  it('that was exchanged in the journal between its confirmation and its use is refused', async () => {
    const { importCsr } = await import('../../../core/ceremony/acts/import-csr.ts');
    const [one, other] = [await newCsr(), await newCsr()];
    const ports = { verify: nodeVerifier, digest: nodeDigest } as never;
    const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
    const spki = base64(readCsr(other, nodeVerifier).spki);
    const forged = { der: base64(one), sha256: sha256(one), subject: 'CN=x', spki, algorithm: 'ec-p256' };
    const config = { do: 'import-csr', csr: 'issuing-i1', by: ['administrator'] } as const;
    const done = (intent: object): Promise<unknown> =>
      (async () => importCsr.perform(config, intent as never, {} as never, ports))();
    await expect(done(forged)).rejects.toMatchObject({ code: 'outcome-not-approved' });
    await expect(done({ ...forged, spki: base64(readCsr(one, nodeVerifier).spki) })).resolves.toEqual({});
  });
});

describe('a weak key', () => {
  it('is found in a request before anything else is made of it', async () => {
    const { judgeKey } = await import('../../../core/lint/linted.ts');
    const { rocaKey, closePrimesKey, smallFactorKey } = await import('../../vectors/weak-keys.ts');
    const rules = (spki: Uint8Array): readonly string[] => judgeKey(spki).map(({ rule }) => rule);
    expect(rules(rocaKey())).toEqual(['cert-key-roca']);
    expect(rules(closePrimesKey())).toEqual(['cert-key-close-primes']);
    expect(rules(smallFactorKey())).toEqual(['cert-key-small-factors']);
    expect(rules(readCsr(await newCsr(), nodeVerifier).spki)).toEqual([]);
  });

  it('in a request is refused by the rule that found it', async () => {
    const { readTakenCsr } = await import('../../../core/ceremony/csr-file.ts');
    const { rocaKey } = await import('../../vectors/weak-keys.ts');
    // Nobody has the private key of the weak one: its proof of possession is not what this is about.
    const ports = { verify: () => true, digest: nodeDigest } as never;
    const signature = (): Promise<Uint8Array> => Promise.resolve(new Uint8Array(256));
    const weak = await csrFor({ algorithm: 'rsa-2048', spki: rocaKey(), sign: signature });
    expect(() => readTakenCsr('issuing-i1', weak, ports)).toThrow(
      expect.objectContaining({ code: 'csr-weak-key', message: expect.stringContaining('cert-key-roca') }),
    );
  });
});
