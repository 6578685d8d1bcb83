import { DerReader } from '../der/reader.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { AttestationVerdict, AttestationVerifier, AttestedDevice } from './verifier.ts';
import { isSameDevice, isYubico, judging, madeUpOnly, otherDevice, refused, stated, yubicoArc } from './yubico.ts';

const arc = `${yubicoArc}.3`;
const oid = { firmware: `${arc}.3`, serial: `${arc}.7`, policy: `${arc}.8` } as const;

const pinPolicies = ['?', 'never', 'once in a session', 'for every signature'] as const;
const touchPolicies = ['?', 'never', 'for every signature', 'kept for 15 s'] as const;

function serialIn(value: Uint8Array): number {
  const reader = DerReader.over(value, 64);
  const serial = reader.smallInteger(0xffffffff);
  reader.end();
  return serial;
}

function judge(certificate: Certificate, device: AttestedDevice): AttestationVerdict {
  // Firmware and policies stand there as bare octets, without DER around them.
  const firmware = stated(certificate, oid.firmware, (value) => value);
  const serial = stated(certificate, oid.serial, serialIn);
  const policy = stated(certificate, oid.policy, (value) => value);
  if (serial === undefined || firmware?.length !== 3 || policy?.length !== 2) {
    return refused('attest-incomplete', 'The attestation does not state serial, firmware and policies.');
  }
  if (!isSameDevice(serial, device)) return otherDevice(serial, device);
  const [pin = 0, touch = 0] = policy;
  return {
    ok: true,
    statements: [
      { label: 'attested device', value: `${serial}` },
      // Such a device attests no key that was put there: the certificate alone says it.
      { label: 'origin', value: 'generated in the device' },
      { label: 'firmware', value: firmware.join('.') },
      { label: 'PIN', value: pinPolicies[pin] ?? `policy ${pin}` },
      { label: 'touch', value: touchPolicies[touch] ?? `policy ${touch}` },
    ],
  };
}

/** YubiKey, PIV: its PKCS#11 module shows the attestation of each key, and the device's own, as certificates. */
export const yubiKeyPiv: AttestationVerifier = {
  name: 'yubikey-piv',
  vendor: 'Yubico',
  fits: (device) => isYubico(device) && device.model.startsWith('YubiKey'),
  fetches:
    'The certificates that the module shows on the token (it makes them as they are read); the vendor’s intermediates, ' +
    'where there are any, as PEM in the file "evidence".',
  tested: madeUpOnly,
  isAttestation: ({ tbs }) => tbs.extensions.some((extension) => extension.oid === oid.policy),
  judge: (certificate, device) => judging(() => judge(certificate, device)),
};
