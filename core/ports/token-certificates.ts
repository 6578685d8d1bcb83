/** A certificate that lies on a token. It is what somebody put there, or what the device made: not yet believed. */
export interface TokenCertificate {
  readonly label: string;
  /** CKA_ID, lower-case hex, possibly empty. */
  readonly id: string;
  readonly der: Uint8Array;
}

/** Reading certificates off a token. A part of the token port. */
export interface TokenCertificates {
  /** All that this login may see, up to 64; longer than any certificate, or empty, is left out. */
  certificates(): Promise<readonly TokenCertificate[]>;
}
