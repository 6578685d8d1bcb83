import type { IssueTools } from '../../sign/issue.ts';
import { DerReader } from '../../../core/der/reader.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { readCertId } from '../../../core/x509/ocsp/cert-id.ts';
import type { Database } from '../../store/database.ts';
import { claimAnswers, pruneAnswers, type DueAnswer } from '../../store/ocsp-answers.ts';
import type { AnswerStore } from './answer-store.ts';
import { signerAt, type OcspAuthority } from './authority.ts';
import { signAnswer } from './sign-answer.ts';
import { statusesOf, statusText } from './status.ts';

const claimedAtOnce = 64;
const rounds = 10;
/** Signatures at a time: the token is there for certificates first. */
const signedAtOnce = 4;
const prunedAtOnce = 10_000;

export interface AheadOptions {
  readonly database: Database;
  readonly store: AnswerStore;
  readonly authorities: () => ReadonlyMap<string, OcspAuthority>;
  /** Seconds: of an answer, and since somebody has asked. */
  readonly settings: { readonly lifetime: number; readonly ahead: number };
  readonly tools: Pick<IssueTools, 'clock' | 'verify'>;
}

async function signOne(
  { issuer: name, cert_id }: DueAnswer,
  { database, store, authorities, settings, tools }: AheadOptions,
): Promise<void> {
  const now = tools.clock.now();
  const authority = authorities().get(name);
  const signer = authority === undefined ? undefined : signerAt(authority, now);
  if (signer === undefined) return;
  const question = readCertId(DerReader.over(cert_id));
  const [status] = await statusesOf(database, name, [question]);
  if (status === undefined || status.kind === 'unknown') return;
  const contents = { questions: [question], statuses: [status], nonce: undefined, signer };
  const signed = await signAnswer({ ...contents, thisUpdate: now, lifetime: settings.lifetime }, tools.verify);
  await store.keep(name, question, signed, { status: statusText(status), signer });
}

async function signAll(due: readonly DueAnswer[], options: AheadOptions): Promise<void> {
  for (let from = 0; from < due.length; from += signedAtOnce) {
    await Promise.all(due.slice(from, from + signedAtOnce).map((each) => signOne(each, options)));
  }
}

/**
 * A job: answers that are in demand are signed anew when half of their life is over, so that there is half a life left
 * whenever the token goes away. Replicas share the work: each claims what it signs. Says how many it signed.
 */
export async function signAhead(options: AheadOptions): Promise<number> {
  const { database, authorities, settings, tools } = options;
  const { lifetime, ahead } = settings;
  const issuers = [...authorities().keys()];
  let signed = 0;
  for (let round = 0; round < rounds; round += 1) {
    const now = tools.clock.now();
    const times = {
      signedBefore: formatUtc(now - Math.ceil(lifetime / 2)),
      askedAfter: formatUtc(now - Math.max(ahead, lifetime)),
      now: formatUtc(now),
    };
    const due = await claimAnswers(database, issuers, times, claimedAtOnce);
    await signAll(due, options);
    signed += due.length;
    if (due.length < claimedAtOnce) break;
  }
  await pruneAnswers(database, formatUtc(tools.clock.now()), prunedAtOnce);
  return signed;
}
