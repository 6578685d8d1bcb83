import { isCoded } from '../ports/coded-error.ts';
import { extensionOf, type Certificate } from '../x509/certificate.ts';
import type { AttestationVerdict, AttestedDevice } from './verifier.ts';

/** Yubico's arc for its products (docs.yubico.com/hardware/oid). */
export const yubicoArc = '1.3.6.1.4.1.41482';

export const madeUpOnly =
  'on made-up certificates of the published form, and on no device: none of this vendor was at hand';

/** PKCS#11 modules of Yubico say so, with or without its address behind it. */
export function isYubico({ manufacturer }: AttestedDevice): boolean {
  return manufacturer.startsWith('Yubico');
}

/** The value of an extension in the vendor's arc, as `read` takes it. */
export function stated<T>(certificate: Certificate, oid: string, read: (value: Uint8Array) => T): T | undefined {
  const extension = extensionOf(certificate.tbs, oid);
  return extension === undefined ? undefined : read(extension.value);
}

/** A judgement that refuses what cannot be read, instead of taking it for absent. */
export function judging(judge: () => AttestationVerdict): AttestationVerdict {
  try {
    return judge();
  } catch (error) {
    if (!isCoded(error)) throw error;
    return refused('attest-malformed', `An extension of the attestation is malformed: ${error.message}`);
  }
}

export function refused(code: `attest-${string}`, fault: string): AttestationVerdict {
  return { ok: false, code, fault };
}

/** Whether the serial that is attested is that of the device in the room; both are decimal. */
export function isSameDevice(attested: number, { serial }: AttestedDevice): boolean {
  return /^\d{1,10}$/u.test(serial) && Number(serial) === attested;
}

export function otherDevice(attested: number, { serial }: AttestedDevice): AttestationVerdict {
  return refused('attest-other-device', `The attestation is of the device ${attested}, not of ${serial}.`);
}
