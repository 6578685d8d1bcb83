import { fromHex } from '../../core/ports/hex.ts';
import type { KeysOfAccount } from '../store/keys-of-account.ts';
import { isHashedAccountUri, namesAccount } from './hashed-account.ts';
import { parseIssueValue, type IssueValue } from './issue-value.ts';
import type { Proof, ValidationJob } from './validator.ts';

/** Whom records are read for. */
export interface Reading {
  readonly job: ValidationJob;
  /** The domain whose records they are: the name itself, or one above it. */
  readonly domain: string;
  /** A record must speak of what is below it. */
  readonly wide: boolean;
  readonly identities: readonly string[];
  /** The directory's accountHashPrefix. */
  readonly prefix: string;
  readonly keys: KeysOfAccount;
  readonly now: number;
}

/** Why a record permits nothing: in the draft's words for it (§9.3.1). */
export interface Fault {
  readonly type: 'malformed' | 'unauthorized';
  readonly why: string;
  /** It names this CA, so that it is likely to be the one that was meant. */
  readonly ours: boolean;
}

export type Verdict = { readonly proof: Proof } | { readonly fault: Fault };

/** The last second that a date can be written for. */
const endOfTime = 253_402_300_799;

function refused(type: Fault['type'], why: string): Verdict {
  return { fault: { type, why, ours: true } };
}

/**
 * What is wrong with whom a record names. The account's URL itself is taken as well as its hashed form: that is what
 * drafts before -02 had, and what clients write (docs/conformance.md).
 */
function accountFault(uri: string | undefined, { job, domain, prefix, keys }: Reading): Verdict | undefined {
  if (uri === undefined) return refused('malformed', 'has no accounturi');
  const accountUrl = job.account_url;
  const hashed = isHashedAccountUri(uri, prefix);
  const accounts = accountUrl.slice(0, accountUrl.length - job.account_id.length);
  if (!hashed && !uri.startsWith(accounts)) {
    return refused('malformed', `has an accounturi that is neither below ${prefix}sha-256/ nor below ${accounts}`);
  }
  const thumbprints = keys.thumbprints.map(fromHex);
  const found = hashed ? namesAccount(uri, { prefix, domain, accountUrl }, thumbprints) : uri === accountUrl;
  return found ? undefined : refused('unauthorized', 'names another account, domain or key');
}

function ending({ parameters }: IssueValue, now: number): Verdict | Proof {
  const until = parameters.get('persistuntil');
  if (until === undefined) return {};
  if (!/^[0-9]{1,20}$/u.test(until)) return refused('malformed', 'has a persistUntil that is no number of seconds');
  if (Number(until) < now) return refused('unauthorized', 'has ended');
  return { until: Math.min(Number(until), endOfTime) };
}

/** Reads one record at `_validation-persist.<domain>` (draft-ietf-acme-dns-persist §4). */
export function readRecord(text: string, reading: Reading): Verdict {
  const { identities, keys, now, wide } = reading;
  const value = parseIssueValue(text);
  if (value === undefined) {
    return { fault: { type: 'malformed', why: 'is not of the form of RFC 8659 section 4.2', ours: false } };
  }
  if (!identities.includes(value.domain)) {
    return { fault: { type: 'unauthorized', why: `names none of ${identities.join(', ')}`, ours: false } };
  }
  const fault = accountFault(value.parameters.get('accounturi'), reading);
  if (fault !== undefined) return fault;
  const proof = ending(value, now);
  if ('fault' in proof || 'proof' in proof) return proof;
  if (wide && value.parameters.get('policy')?.toLowerCase() !== 'wildcard') {
    return refused('unauthorized', 'does not say policy=wildcard');
  }
  if (!keys.active) return refused('unauthorized', 'is for an account that is not valid any more');
  return { proof };
}
