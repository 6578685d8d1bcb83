/** A certificate about to be signed: everything but the signature is known, and is recorded first. */
export interface Intent {
  readonly serial: Uint8Array;
  readonly issuer: string;
  readonly tbsSha256: Uint8Array;
  readonly spkiSha256: Uint8Array;
  readonly names: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  readonly now: string;
}

/**
 * When it was written ahead: by the clock of the database, because one replica gives up what another was slow with, and their
 * clocks may differ by more than a signature takes.
 */
export const intendedAt = "date_trunc('second', clock_timestamp())";

export function intentValues(intent: Intent): (string | Uint8Array | readonly string[])[] {
  const { serial, issuer, tbsSha256, spkiSha256, names, notBefore, notAfter, now } = intent;
  return [serial, issuer, tbsSha256, spkiSha256, names, notBefore, notAfter, now];
}
