import { describe, expect, it } from 'vitest';
import { nodeDigest, nodeVerifier } from '../../../core/node/crypto.ts';
import * as lintedModule from '../../../core/lint/linted.ts';
import { lintCertificate, lintRefusal, spendLinted, type Linted } from '../../../core/lint/linted.ts';
import { signLinted, type Signer } from '../../../core/lint/sign.ts';
import type { Waiver } from '../../../core/lint/waiver.ts';
import { readCertificate } from '../../../core/x509/certificate.ts';
import { basicConstraints } from '../../../core/x509/extensions/basic-constraints.ts';
import { extKeyUsage } from '../../../core/x509/extensions/ext-key-usage.ts';
import { drop, makeCertificate, put, signingTime, world } from '../../vectors/lint-world.ts';
import { testKey, type TestKeyName } from '../../vectors/test-keys.ts';
import { oids } from '../../../core/x509/oids.ts';

const issuer = readCertificate(world().leaf.certificate);
const subject = { type: 'leaf', issuer, signingTime, digest: nodeDigest } as const;
const leafTbs = (): Uint8Array => Uint8Array.from(makeCertificate('leaf').tbs);

function linted(tbs: Uint8Array): Linted {
  const result = lintCertificate(tbs, subject);
  if (!result.ok) throw lintRefusal(result.findings);
  return result.linted;
}

function signerOf(name: TestKeyName): Signer {
  return (algorithm, message) => Promise.resolve(testKey(name).sign(algorithm, message));
}

const sign = (held: Linted, signer: Signer = signerOf('issuing')): Promise<Uint8Array> =>
  signLinted(held, issuer.tbs.spki, signer, nodeVerifier);

describe('what was linted is signed once, and nothing else is', () => {
  it('a linted certificate is signed, and its TBS is the linted one byte for byte', async () => {
    const signed = readCertificate(await sign(linted(leafTbs())));
    expect(signed.tbs.raw).toEqual(leafTbs());
  });

  it('a second signature needs a second lint', async () => {
    const held = linted(leafTbs());
    await sign(held);
    await expect(sign(held)).rejects.toThrowError(expect.objectContaining({ code: 'lint-already-spent' }));
  });

  it('a signature that failed is spent too', async () => {
    const held = linted(leafTbs());
    await expect(sign(held, () => Promise.reject(new Error('token gone')))).rejects.toThrowError('token gone');
    await expect(sign(held)).rejects.toThrowError(expect.objectContaining({ code: 'lint-already-spent' }));
  });

  it.each(['other', 'leaf', 'rsa-root'] as const)('a signature by the key %s is refused', async (name) => {
    const signer: Signer = (_, message) =>
      Promise.resolve(testKey(name).sign(name === 'rsa-root' ? 'rsa-sha256' : 'ecdsa-sha256', message));
    await expect(sign(linted(leafTbs()), signer)).rejects.toThrowError(
      expect.objectContaining({ code: 'sign-verification-failed' }),
    );
  });

  it('the constructor that a linted value leads to makes nothing', () => {
    const { constructor } = linted(leafTbs());
    const forge = (): unknown => Reflect.construct(constructor, [Symbol('made by lint'), leafTbs(), 'ecdsa-sha256']);
    expect(forge).toThrowError(expect.objectContaining({ code: 'lint-forged' }));
  });

  it('whoever changes the array after lint changes nothing', async () => {
    const tbs = leafTbs();
    const held = linted(tbs);
    tbs.fill(0);
    expect(readCertificate(await sign(held)).tbs.raw).toEqual(leafTbs());
  });

  it('a signer that changes what it was given is found out', async () => {
    const signer: Signer = (algorithm, message) => {
      const signature = testKey('issuing').sign(algorithm, message);
      // A digit of the serial number, so that the DER stays well formed.
      message[20] = (message[20] ?? 0) ^ 1;
      return Promise.resolve(signature);
    };
    await expect(sign(linted(leafTbs()), signer)).rejects.toThrowError(
      expect.objectContaining({ code: 'sign-bytes-changed' }),
    );
  });

  it('nothing else passes for a linted one, whatever its shape', () => {
    const lookalikes = [{}, { tbs: leafTbs(), algorithm: 'ecdsa-sha256' }, Object.create(linted(leafTbs()))];
    for (const lookalike of lookalikes) expect(() => spendLinted(lookalike as Linted)).toThrow(TypeError);
  });

  it('the module gives out functions, and no class to make one with', () => {
    expect(Object.keys(lintedModule).sort()).toEqual([
      'judgeCertificate',
      'judgeCrl',
      'judgeKey',
      'lintCertificate',
      'lintCrl',
      'lintRefusal',
      'spendLinted',
    ]);
  });

  it('what lint refuses cannot be signed: there is nothing to hold', () => {
    const { tbs } = makeCertificate('leaf', {}, { serial: Uint8Array.of(1) });
    const result = lintCertificate(tbs, subject);
    expect(result).toEqual({ ok: false, findings: [expect.objectContaining({ rule: 'cert-serial-64-bits' })] });
    expect(result).not.toHaveProperty('linted');
  });

  it('a refusal names rule, clause and finding', () => {
    const { tbs } = makeCertificate('leaf', {}, { serial: Uint8Array.of(1) });
    const result = lintCertificate(tbs, subject);
    expect(result.ok ? undefined : lintRefusal(result.findings)).toMatchObject({
      code: 'lint-refused',
      message: expect.stringMatching(/cert-serial-64-bits \(BR 7\.1 .*Found: 1 octets/u),
    });
  });
});

describe('waivers', () => {
  const withoutEku = makeCertificate('issuing', {}, (parts) => drop(parts, oids.extKeyUsage)).tbs;
  const context = {
    type: 'intermediate',
    issuer: readCertificate(world().issuing.certificate),
    signingTime,
    digest: nodeDigest,
  } as const;
  const waiver = (rule: string, change: Partial<Waiver> = {}): Waiver => ({
    rule,
    object: 'issuing-1',
    reason: 'The relying parties of this hierarchy predate key purposes.',
    clause: 'CPS 7.1.2',
    approver: 'Policy authority',
    expires: '2026-12-01T00:00:00Z',
    ...change,
  });
  const lint = (...waivers: readonly Waiver[]): ReturnType<typeof lintCertificate> =>
    lintCertificate(withoutEku, context, { waivers, object: 'issuing-1', now: signingTime });
  const both = [waiver('intermediate-eku-present'), waiver('cert-extension-required')];

  it('let through exactly what they name, and say so', () => {
    const result = lint(...both);
    expect(result.ok && result.waived.map(({ finding, waiver: used }) => [finding.rule, used.rule])).toEqual([
      ['cert-extension-required', 'cert-extension-required'],
      ['intermediate-eku-present', 'intermediate-eku-present'],
    ]);
  });

  it('leave every other finding standing', () => {
    expect(lint(waiver('cert-extension-required'))).toEqual({
      ok: false,
      findings: [expect.objectContaining({ rule: 'intermediate-eku-present' })],
    });
  });

  it.each([
    ['expired', { expires: '2026-11-22T09:00:00Z' }],
    ['for another object', { object: 'issuing-2' }],
    ['for another rule', { rule: 'intermediate-eku-separate' }],
  ])('waive nothing when %s', (_, change) => {
    const result = lint(...both.map((one) => ({ ...one, ...change })));
    expect(result.ok).toBe(false);
  });

  it('waive nothing of what makes a CA a CA', () => {
    const { tbs } = makeCertificate('issuing', {}, (parts) => put(parts, basicConstraints({ ca: false })));
    const waivers = ['ca-basic-constraints', 'intermediate-path-length-present'].map((rule) => waiver(rule));
    expect(lintCertificate(tbs, context, { waivers, object: 'issuing-1', now: signingTime })).toEqual({
      ok: false,
      findings: [expect.objectContaining({ rule: 'ca-basic-constraints' })],
    });
  });

  it('an unused one is not among those that were used', () => {
    const tbs = makeCertificate('issuing', {}, (parts) => put(parts, extKeyUsage(['serverAuth']))).tbs;
    const result = lintCertificate(tbs, context, { waivers: both, object: 'issuing-1', now: signingTime });
    expect(result).toEqual(expect.objectContaining({ ok: true, waived: [] }));
  });
});
