import { claimFreeRenewal } from '../store/claim-free-renewal.ts';
import { readRenewal } from '../store/read-renewal.ts';
import { parseCertId } from './cert-id.ts';
import { renewalWindow } from './renewal-window.ts';
import type { AccountRequest } from './request.ts';
import type { Services } from './services.ts';

/** Requests for one certificate that are not counted: as many as a client may need whose first validation fails. */
const freePerCertificate = 3;

function replacedBy(payload: unknown): string | undefined {
  const { replaces } = (payload ?? {}) as { readonly replaces?: unknown };
  return typeof replaces === 'string' ? replaces : undefined;
}

/**
 * Whether an order is a renewal that no limit counts, so that nobody has to fear to renew when all do: of a certificate of
 * the account, from when its suggested window opens (RFC 9773 §5), and a few times for each. What comes before that, and
 * what comes too often, is counted like any order: by replacing the newest certificate at once, or by failing each order, an
 * account could load the issuer without a limit. Nor does a revocation open the window here: clients revoke for themselves.
 */
export async function isFreeRenewal(
  { caller, directory, payload }: Pick<AccountRequest, 'caller' | 'directory' | 'payload'>,
  { clock, database }: Pick<Services, 'clock' | 'database'>,
): Promise<boolean> {
  const serial = parseCertId(replacedBy(payload) ?? '')?.serial;
  if (serial === undefined) return false;
  const row = await readRenewal(database, directory.name, serial);
  if (row === undefined || clock.now() < renewalWindow({ ...row, revoked_at: null }).start) return false;
  return claimFreeRenewal(database, serial, caller.accountId, freePerCertificate);
}
