import { beforeAll, describe, expect, it } from 'vitest';
import { chainTo } from '../../../core/attestation/chain.ts';
import { nodeVerifier } from '../../../core/node/crypto.ts';
import { throwawayKey, type ThrowawayKey } from '../../../core/node/throwaway-key.ts';
import type { Certificate } from '../../../core/x509/certificate.ts';
import { basicConstraints } from '../../../core/x509/extensions/basic-constraints.ts';
import { keyUsage } from '../../../core/x509/extensions/key-usage.ts';
import {
  attestedFrom,
  attestedUntil,
  certify,
  hsmStatements,
  makeVendor,
  vouching,
} from '../../support/attestation.ts';

const now = Date.UTC(2026, 10, 27) / 1000;
let vendor: Awaited<ReturnType<typeof makeVendor>>;
let key: ThrowawayKey;
let leaf: Certificate;

beforeAll(async () => {
  vendor = await makeVendor();
  key = await throwawayKey('ec-p384');
  leaf = await certify({
    subject: 'Attestation id:0x0003',
    spki: key.spki,
    by: vendor.device,
    extensions: hsmStatements(),
  });
});

function chained(
  one: Certificate,
  pool: readonly Certificate[],
  anchor = vendor.ca.certificate,
  at = now,
): number | undefined {
  return chainTo(one, pool, { anchor, now: at, verify: nodeVerifier })?.length;
}

describe('the chain of an attestation', () => {
  it('is found over certificates in any order, with strangers among them', async () => {
    const stranger = await vouching('Made-up HSM Attestation (20250001)');
    const pool = [stranger.certificate, vendor.between.certificate, leaf, vendor.device.certificate];
    expect(chained(leaf, pool)).toBe(4);
    expect(chained(leaf, pool.toReversed())).toBe(4);
  });

  it('ends at the CA that is pinned and at no other of its name', async () => {
    const other = await vouching('Made-up Vendor Root CA');
    const pool = [vendor.between.certificate, vendor.device.certificate];
    expect(chained(leaf, [...pool, vendor.ca.certificate], other.certificate)).toBeUndefined();
    expect(chained(leaf, pool)).toBe(4);
  });

  it('has no gap', () => {
    expect(chained(leaf, [vendor.device.certificate])).toBeUndefined();
    expect(chained(leaf, [])).toBeUndefined();
  });

  it('does not go over an attested key, which signs whatever its owner likes', async () => {
    const forged = await certify({
      subject: 'Attestation id:0x0004',
      spki: (await throwawayKey('ec-p384')).spki,
      by: { name: 'Attestation id:0x0003', key },
      extensions: hsmStatements(),
    });
    const pool = [leaf, vendor.device.certificate, vendor.between.certificate];
    expect(chained(leaf, pool)).toBe(4);
    expect(chained(forged, pool)).toBeUndefined();
  });

  it.each([
    ['no mark of a CA', hsmStatements()],
    ['the mark of no CA', [basicConstraints({ ca: false })]],
    ['a key that may not sign certificates', [basicConstraints({ ca: true }), keyUsage(['digitalSignature'])]],
    [
      'a critical extension that nobody here understands',
      [basicConstraints({ ca: true }), { oid: '1.2.3', critical: true, value: Uint8Array.of(5, 0) }],
    ],
    ['a malformed mark of a CA', [{ oid: '2.5.29.19', critical: true, value: Uint8Array.of(0x30, 0x05, 1) }]],
  ])('does not go over a device with %s', async (_, extensions) => {
    const device = await vouching('Device', vendor.between, extensions);
    const one = await certify({ subject: 'x', spki: key.spki, by: device, extensions: hsmStatements() });
    expect(chained(one, [device.certificate, vendor.between.certificate])).toBeUndefined();
  });

  it('goes over a device whose key may sign certificates, and keeps the path lengths', async () => {
    const marked = [basicConstraints({ ca: true, pathLength: 0 }), keyUsage(['keyCertSign'])];
    const device = await vouching('Device', vendor.between, marked);
    const one = await certify({ subject: 'x', spki: key.spki, by: device, extensions: hsmStatements() });
    expect(chained(one, [device.certificate, vendor.between.certificate])).toBe(4);
    const short = await vouching('Short', vendor.ca, marked);
    const under = await vouching('Under', short);
    const two = await certify({ subject: 'x', spki: key.spki, by: under, extensions: hsmStatements() });
    expect(chained(two, [short.certificate, under.certificate])).toBeUndefined();
  });

  it('holds only while all but the pinned CA are valid', () => {
    const pool = [vendor.between.certificate, vendor.device.certificate];
    expect(chained(leaf, pool, undefined, attestedFrom)).toBe(4);
    expect(chained(leaf, pool, undefined, attestedFrom - 1)).toBeUndefined();
    expect(chained(leaf, pool, undefined, attestedUntil + 1)).toBeUndefined();
  });

  it('is looked for once along each certificate, also where they certify each other in circles', async () => {
    const a = await vouching('A');
    const b = await vouching('B', a);
    const circle = await certify({
      subject: 'A',
      spki: a.key.spki,
      by: b,
      extensions: [basicConstraints({ ca: true })],
    });
    const one = await certify({ subject: 'x', spki: key.spki, by: a, extensions: hsmStatements() });
    expect(chained(one, [a.certificate, b.certificate, circle])).toBeUndefined();
  });
});
