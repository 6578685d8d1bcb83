import type { RenewalRow } from '../store/read-renewal.ts';

/** When a certificate should be renewed (RFC 9773 §4.2): seconds since the epoch. */
export interface RenewalWindow {
  readonly start: number;
  readonly end: number;
  readonly explanationUrl?: string;
}

/** Lives shorter than this are renewed at half, longer ones at two thirds. */
const shortLife = 10 * 86_400;
/** Of the life: wide enough to spread the load, narrow enough to be a date. */
const width = 0.02;

function usualWindow({ not_before, not_after }: RenewalRow): RenewalWindow {
  const life = not_after - not_before + 1;
  const centre = not_before + Math.floor(life < shortLife ? life / 2 : (life * 2) / 3);
  const half = Math.max(1, Math.floor((life * width) / 2));
  return { start: centre - half, end: centre + half };
}

/** The usual window, or an earlier one: over already where the certificate is revoked, an incident's where there is one. */
export function renewalWindow(row: RenewalRow): RenewalWindow {
  const usual = usualWindow(row);
  const { revoked_at, begins_at, deadline, explanation_url } = row;
  if (revoked_at !== null) return { start: revoked_at - 2, end: revoked_at - 1 };
  if (begins_at === null || deadline === null || deadline > usual.end) return usual;
  return { start: begins_at, end: deadline, ...(explanation_url === null ? {} : { explanationUrl: explanation_url }) };
}

const longestWait = 6 * 3600;

/** Seconds until a client should ask again (RFC 9773 §4.3): a hundredth of the life, within a minute and six hours. */
export function renewalRetryAfter({ not_before, not_after }: RenewalRow): number {
  return Math.min(longestWait, Math.max(60, Math.floor((not_after - not_before) / 100)));
}
