import type { z } from 'zod';
import type { Admission, Caller } from '../store/admission.ts';
import type { Directory } from './directory.ts';
import type { JwkKey } from './jws/jwk.ts';
import type { OpenNonce } from './nonces.ts';
import { accountClosed, AcmeProblem, malformed } from './problems.ts';

/** A request whose signature has been checked, and whose nonce is ours but may still turn out to be used. */
export interface AcmeRequest {
  readonly directory: Directory;
  readonly params: Readonly<Record<string, string>>;
  /** Parsed JSON; undefined for POST-as-GET. */
  readonly payload: unknown;
  /** The key the request is signed with. */
  readonly key: JwkKey;
  readonly nonce: SpendableNonce;
  /** Where the request came from: for limits, never for the log. */
  readonly address: string;
}

/** A request signed with the key of an account. */
export interface AccountRequest extends AcmeRequest {
  readonly caller: Caller;
}

export interface AcmeReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** `rel="index"` is added to these. */
  readonly links?: readonly string[];
  /** An object is sent as JSON. */
  readonly body?: object | string;
  readonly type?: string;
}

/** Seconds until a client should look again. Always a number: several clients cannot read a date here. */
export const retryAfter = { 'retry-after': '1' } as const;

/** The key that was kept for an account is not its key any more. */
export class StaleKey extends Error {}

/** A request's nonce, and whether the database has been told that it is used. */
export class SpendableNonce {
  readonly open: OpenNonce;
  spent = false;
  /** The database does not know the key it was made with: the tables were emptied by a crash. */
  keyUnknown = false;

  constructor(open: OpenNonce) {
    this.open = open;
  }

  /**
   * Takes what the statement of this request said of its caller. Throws the problem when the nonce was used before, and
   * {@link StaleKey} when the account or its key has changed; only after this may the rest of the row be looked at.
   */
  admit<Row extends Pick<Admission, 'fresh' | 'key_known'> & Partial<Admission>>(row: Row | undefined): Row {
    if (row?.account_status === null) throw new StaleKey();
    this.spent = true;
    this.keyUnknown = row?.key_known !== true;
    if (row === undefined || !row.fresh) throw usedNonce();
    if (row.account_status !== undefined && row.account_status !== 'valid') {
      throw accountClosed(row.account_status);
    }
    return row;
  }
}

export function usedNonce(): AcmeProblem {
  return new AcmeProblem(
    'badNonce',
    'The nonce was not issued by this server, has expired or has been used.',
    'Send the request again with the nonce of this answer.',
  );
}

/** The payload by its schema; `malformed` with the place of the first thing wrong. */
export function readPayload<T>(schema: z.ZodType<T>, payload: unknown): T {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw malformed(`The payload is not as it should be: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}.`);
}

/** True for POST-as-GET, and for the `{}` or `null` that some clients send instead (field notes, section f). */
export function isEmptyPayload(payload: unknown): boolean {
  if (payload === undefined || payload === null) return true;
  return typeof payload === 'object' && !Array.isArray(payload) && Object.keys(payload).length === 0;
}
