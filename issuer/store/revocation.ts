import type { RevocationReason } from '../../core/x509/extensions/crl-extensions.ts';

/** A request to revoke: the whole certificate, because a serial number alone proves nothing of its origin. */
export interface Revocation {
  readonly serial: Uint8Array;
  readonly der: Uint8Array;
  readonly now: string;
  readonly reason: RevocationReason;
}
