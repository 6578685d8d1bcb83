import type { Queries, Statement } from './database.ts';

/** An answer as it is kept. Times are seconds since the epoch. */
export interface StoredAnswer {
  /** What it says, in words that are the same for the same status. */
  readonly status: string;
  readonly signer: Uint8Array;
  readonly der: Uint8Array;
  readonly this_update: number;
  readonly next_update: number;
}

/** A question whose answer is to be signed anew. */
export interface DueAnswer {
  readonly issuer: string;
  readonly question: Uint8Array;
  readonly cert_id: Uint8Array;
}

const statements = {
  take: {
    name: 'ocsp-answer-take',
    text: `UPDATE ocsp_answers SET asked_at = $3::timestamptz WHERE issuer = $1 AND question = $2
      RETURNING status, signer, der, this_update, next_update`,
    durable: false,
  },
  keep: {
    name: 'ocsp-answer-keep',
    text: `INSERT INTO ocsp_answers
        (issuer, question, cert_id, serial, status, signer, der, this_update, next_update, asked_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8::timestamptz, $9::timestamptz, $8::timestamptz)
      ON CONFLICT (issuer, question) DO UPDATE SET status = excluded.status, signer = excluded.signer, der = excluded.der,
        this_update = excluded.this_update, next_update = excluded.next_update, claimed_until = NULL`,
    durable: false,
  },
  claim: {
    name: 'ocsp-answers-claim',
    text: `UPDATE ocsp_answers AS due SET claimed_until = $4::timestamptz + interval '1 minute' FROM (
        SELECT issuer, question FROM ocsp_answers
        WHERE this_update <= $2::timestamptz AND asked_at > $3::timestamptz AND next_update > $4::timestamptz
          AND issuer = ANY($1) AND (claimed_until IS NULL OR claimed_until < $4::timestamptz)
        ORDER BY this_update LIMIT $5 FOR UPDATE SKIP LOCKED) AS chosen
      WHERE due.issuer = chosen.issuer AND due.question = chosen.question
      RETURNING due.issuer, due.question, due.cert_id`,
    durable: false,
  },
  prune: {
    name: 'ocsp-answers-prune',
    text: `DELETE FROM ocsp_answers WHERE (issuer, question) IN (
        SELECT issuer, question FROM ocsp_answers WHERE next_update < $1::timestamptz ORDER BY next_update LIMIT $2)`,
    durable: false,
  },
} as const satisfies Record<string, Statement>;

/** The answer to a question, where there is one; notes that somebody wants it. */
export async function takeAnswer(
  queries: Queries,
  issuer: string,
  question: Uint8Array,
  now: string,
): Promise<StoredAnswer | undefined> {
  return queries.first<StoredAnswer>(statements.take, [issuer, question, now]);
}

/** Keeps an answer in the place of the one before. */
export async function keepAnswer(
  queries: Queries,
  { issuer, question, cert_id }: DueAnswer,
  answer: Omit<StoredAnswer, 'this_update' | 'next_update'> & {
    readonly serial: Uint8Array;
    readonly thisUpdate: string;
    readonly nextUpdate: string;
  },
): Promise<void> {
  const { serial, status, signer, der, thisUpdate, nextUpdate } = answer;
  const values = [issuer, question, cert_id, serial, status, signer, der, thisUpdate, nextUpdate];
  await queries.rows(statements.keep, values);
}

/** Answers of these issuing CAs that were signed before a time and wanted after another: nobody else gets them for a minute. */
export async function claimAnswers(
  queries: Queries,
  issuers: readonly string[],
  times: { readonly signedBefore: string; readonly askedAfter: string; readonly now: string },
  most: number,
): Promise<readonly DueAnswer[]> {
  const { signedBefore, askedAfter, now } = times;
  return queries.rows<DueAnswer>(statements.claim, [issuers, signedBefore, askedAfter, now, most]);
}

/** Forgets answers that nobody may use any more, at most so many. */
export async function pruneAnswers(queries: Queries, now: string, most: number): Promise<void> {
  await queries.rows(statements.prune, [now, most]);
}
