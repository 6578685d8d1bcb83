import type { Certificate } from '../x509/certificate.ts';

/** The device an attestation is about, as PKCS#11 tells of it. */
export interface AttestedDevice {
  readonly manufacturer: string;
  readonly model: string;
  readonly serial: string;
}

/** What a device says of a key, in words; `warning` where people should look twice. */
export interface Statement {
  readonly label: string;
  readonly value: string;
  readonly warning?: true;
}

/** What a verifier makes of an attestation certificate whose chain and public key are right already. */
export type AttestationVerdict =
  | { readonly ok: true; readonly statements: readonly Statement[] }
  | { readonly ok: false; readonly code: `attest-${string}`; readonly fault: string };

/** Reads the attestations of one kind of device. All known so far are X.509 certificates that the device signs. */
export interface AttestationVerifier {
  readonly name: string;
  /** Whose devices it is for. */
  readonly vendor: string;
  fits(device: AttestedDevice): boolean;
  /** What it reads, and where an officer gets it: as a sentence. */
  readonly fetches: string;
  /** On what it has been tried, so that nobody takes it for more. */
  readonly tested: string;
  /** Whether this certificate is an attestation of this kind at all, and not just one with the same key. */
  isAttestation(certificate: Certificate): boolean;
  /** What the certificate states of the key: believed only behind a chain to the pinned CA. */
  judge(certificate: Certificate, device: AttestedDevice): AttestationVerdict;
}
