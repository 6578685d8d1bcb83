import { lintCrl, lintRefusal } from '../../core/lint/linted.ts';
import { signLinted } from '../../core/lint/sign.ts';
import { crlContents } from '../../core/profile/crl-contents.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import { encodeTbsCertList, readCrl } from '../../core/x509/crl.ts';
import type { IssueTools } from '../sign/issue.ts';
import type { Issuer } from '../sign/issuer.ts';
import type { Database, Queries } from '../store/database.ts';
import { requireClock } from '../store/clock-difference.ts';
import { crlState, type CrlState } from '../store/crl-state.ts';
import { insertCrl } from '../store/insert-crl.ts';
import { lastCrl } from '../store/last-crl.ts';
import { listRevocations } from '../store/list-revocations.ts';
import { lockIssuer } from '../store/lock-issuer.ts';
import { markRevocations } from '../store/mark-revocations.ts';

/** What the CRLs of all issuing CAs share. */
export interface CrlSettings {
  /** Seconds from thisUpdate to nextUpdate, both included (BR 7.2: at most ten days). */
  readonly lifetime: number;
}

/**
 * The next CRL number. Never below the time, so that a database that was restored from a backup does not give a number
 * out a second time (RFC 5280 §5.2.3).
 */
export function nextNumber(previous: number | undefined, now: number): number {
  return Math.max((previous ?? 0) + 1, now);
}

/**
 * For so many bytes of a CRL one more second passes until the next. One of fifty thousand entries takes seconds to make, in
 * which nothing else is done: whoever has certificates revoked one after the other would stop everything.
 */
const bytesPerSecond = 50_000;

/** Whether a new CRL is due: there is none, half of its life is over, or something was revoked and it is not too soon. */
export function isCrlDue({ this_update, bytes, unlisted }: CrlState, now: number, lifetime: number): boolean {
  if (this_update === null || now >= this_update + lifetime / 2) return true;
  const pause = Math.floor(bytes / bytesPerSecond);
  // Where there is nothing to wait for, a clock that is a little behind whoever made the last one waits for nothing.
  return unlisted && (pause === 0 || now >= this_update + pause);
}

async function isDue(queries: Queries, issuer: string, now: number, lifetime: number): Promise<boolean> {
  return isCrlDue(await crlState(queries, issuer, formatUtc(now)), now, lifetime);
}

/** Makes, signs and stores a full CRL (RFC 5280 §5) where one is due; whether it was. */
export async function ensureCrl(
  database: Database,
  issuer: Issuer,
  { lifetime }: CrlSettings,
  { clock, verify }: Pick<IssueTools, 'clock' | 'verify'>,
): Promise<boolean> {
  if (!(await isDue(database, issuer.name, clock.now(), lifetime))) return false;
  return database.transaction(async (queries) => {
    await lockIssuer(queries, issuer.name);
    await requireClock(queries, clock);
    // Somebody else may have made one while we waited for the lock: it says all that ours would, or is the one before ours.
    if (!(await isDue(queries, issuer.name, clock.now(), lifetime))) return false;
    const previous = await lastCrl(queries, issuer.name);
    const now = clock.now();
    const thisUpdate = Math.max(now, previous?.this_update ?? 0);
    const nextUpdate = Math.min(thisUpdate + lifetime - 1, issuer.certificate.tbs.notAfter);
    const number = nextNumber(previous?.number, now);
    await markRevocations(queries, issuer.name, number, formatUtc(thisUpdate));
    const revoked = await listRevocations(queries, issuer.name, {
      // An expired certificate stays listed for one more CRL at least (RFC 5280 §3.3).
      expiredBefore: formatUtc(thisUpdate - lifetime),
    });
    const contents = crlContents({
      issuer: issuer.facts,
      number: BigInt(number),
      thisUpdate,
      nextUpdate,
      revocations: revoked.map(({ serial, revoked_at, revocation_reason }) => ({
        serial,
        revokedAt: revoked_at,
        reason: revocation_reason,
      })),
    });
    const result = lintCrl(encodeTbsCertList(contents), {
      scope: 'end-entity',
      issuer: issuer.certificate,
      signingTime: now,
      ...(previous === undefined ? {} : { previous: readCrl(previous.der) }),
    });
    if (!result.ok) throw lintRefusal(result.findings);
    const der = await signLinted(result.linted, issuer.certificate.tbs.spki, issuer.sign, verify);
    const times = { thisUpdate: formatUtc(thisUpdate), nextUpdate: formatUtc(nextUpdate) };
    await insertCrl(queries, { issuer: issuer.name, number, der, ...times });
    return true;
  });
}
