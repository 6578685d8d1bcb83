import { beforeAll, describe, expect, it } from 'vitest';
import { unavailableReason, verifierFor } from '../../../core/attestation/registry.ts';
import type { AttestationVerdict, AttestedDevice } from '../../../core/attestation/verifier.ts';
import { yubiHsm } from '../../../core/attestation/yubihsm.ts';
import { yubiKeyPiv } from '../../../core/attestation/yubikey-piv.ts';
import { throwawayKey, type ThrowawayKey } from '../../../core/node/throwaway-key.ts';
import type { Certificate } from '../../../core/x509/certificate.ts';
import type { Extension } from '../../../core/x509/extensions/extension.ts';
import { certify, hsmStatements, makeVendor, pivStatements } from '../../support/attestation.ts';

const hsm: AttestedDevice = { manufacturer: 'Yubico (www.yubico.com)', model: 'YubiHSM', serial: '20250001' };
const piv: AttestedDevice = { manufacturer: 'Yubico (www.yubico.com)', model: 'YubiKey YK5', serial: '12345678' };

let device: Awaited<ReturnType<typeof makeVendor>>['device'];
let key: ThrowawayKey;
beforeAll(async () => {
  ({ device } = await makeVendor());
  key = await throwawayKey('ec-p384');
});

function attesting(extensions: readonly Extension[]): Promise<Certificate> {
  return certify({ subject: 'Attestation', spki: key.spki, by: device, extensions });
}

function codeOf(verdict: AttestationVerdict): string {
  return verdict.ok ? 'accepted' : verdict.code;
}

function without(extensions: readonly Extension[], oid: string): readonly Extension[] {
  const left = extensions.filter((extension) => extension.oid !== oid);
  expect(left.length).toBe(extensions.length - 1);
  return left;
}

describe('the verifier of a device', () => {
  it('is found by what the device says of itself, and where there is none the reason is said', () => {
    expect(verifierFor(hsm)).toBe(yubiHsm);
    expect(verifierFor(piv)).toBe(yubiKeyPiv);
    expect(verifierFor({ ...hsm, manufacturer: 'SoftHSM project' })).toBeUndefined();
    expect(unavailableReason({ ...hsm, manufacturer: 'SoftHSM project' })).toContain('files of this machine');
    expect(unavailableReason({ ...hsm, manufacturer: 'Other', model: 'Box' })).toContain('no verifier for Other Box');
  });
});

describe('what a YubiHSM states of a key', () => {
  it('is told in words', async () => {
    const verdict = yubiHsm.judge(await attesting(hsmStatements()), hsm);
    expect(verdict).toEqual({
      ok: true,
      statements: [
        { label: 'attested device', value: '20250001' },
        { label: 'origin', value: 'generated in the device' },
        { label: 'firmware', value: '2.4.1' },
        { label: 'object', value: '0x0003' },
        { label: 'label there', value: 'root-r1' },
        { label: 'capabilities', value: 'sign-ecdsa' },
      ],
    });
  });

  it('is a warning where the key can do more than sign', async () => {
    const verdict = yubiHsm.judge(await attesting(hsmStatements({ capabilities: '0000800000010080' })), hsm);
    const capable = verdict.ok ? verdict.statements.at(-1) : undefined;
    expect(capable).toEqual({
      label: 'capabilities',
      value: 'sign-ecdsa, exportable-under-wrap, bit 47',
      warning: true,
    });
  });

  it.each([
    ['a key that was put there', { origin: '02' }, 'attest-not-generated'],
    ['a key that came wrapped from another device', { origin: '10' }, 'attest-not-generated'],
    ['a key that was made there and wrapped', { origin: '11' }, 'attest-not-generated'],
    ['another device', { serial: 20250002 }, 'attest-other-device'],
    ['an origin of no octet', { origin: '' }, 'attest-not-generated'],
  ])('of %s is refused', async (_, change, code) => {
    expect(codeOf(yubiHsm.judge(await attesting(hsmStatements(change)), hsm))).toBe(code);
  });

  it.each(['4.2', '4.3', '4.5'])('without the extension %s is incomplete, never taken for well', async (part) => {
    const one = await attesting(without(hsmStatements(), `1.3.6.1.4.1.41482.${part}`));
    expect(codeOf(yubiHsm.judge(one, hsm))).toBe('attest-incomplete');
  });

  it('that is malformed is refused', async () => {
    const origin = '1.3.6.1.4.1.41482.4.3';
    const malformed = { oid: origin, critical: false, value: Uint8Array.of(0x0c, 1, 0x31) };
    const one = await attesting([...without(hsmStatements(), origin), malformed]);
    expect(codeOf(yubiHsm.judge(one, hsm))).toBe('attest-malformed');
  });

  it('with a token whose serial is no number cannot be compared, and is refused', async () => {
    expect(codeOf(yubiHsm.judge(await attesting(hsmStatements()), { ...hsm, serial: 'YHSM-1' }))).toBe(
      'attest-other-device',
    );
  });

  it('is not what a YubiKey states', async () => {
    const [one, other] = [await attesting(hsmStatements()), await attesting(pivStatements())];
    expect([yubiHsm.isAttestation(one), yubiHsm.isAttestation(other)]).toEqual([true, false]);
    expect([yubiKeyPiv.isAttestation(one), yubiKeyPiv.isAttestation(other)]).toEqual([false, true]);
  });
});

describe('what a YubiKey states of a PIV key', () => {
  it('is told in words', async () => {
    const verdict = yubiKeyPiv.judge(await attesting(pivStatements()), piv);
    expect(verdict.ok ? verdict.statements.map(({ label, value }) => `${label}: ${value}`) : verdict.code).toEqual([
      'attested device: 12345678',
      'origin: generated in the device',
      'firmware: 5.4.3',
      'PIN: once in a session',
      'touch: kept for 15 s',
    ]);
  });

  it.each([
    ['another device', pivStatements({ serial: 1 }), 'attest-other-device'],
    ['a policy of one octet', pivStatements({ policy: '02' }), 'attest-incomplete'],
    ['no serial', pivStatements().filter(({ oid }) => !oid.endsWith('.7')), 'attest-incomplete'],
  ])('of %s is refused', async (_, extensions, code) => {
    expect(codeOf(yubiKeyPiv.judge(await attesting(extensions), piv))).toBe(code);
  });
});
