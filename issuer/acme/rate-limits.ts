import { nodeDigest } from '../../core/node/crypto.ts';
import { utf8 } from '../../core/ports/bytes.ts';
import { toHex } from '../../core/ports/hex.ts';
import { giveBackToLimit } from '../store/give-back-to-limit.ts';
import { lookAtLimit } from '../store/look-at-limit.ts';
import type { LimitKind, RateLimit } from '../store/rate-limit.ts';
import { takeFromLimit } from '../store/take-from-limit.ts';
import type { Directory } from './directory.ts';
import { identifierKey, type Identifier } from './identifiers/identifier.ts';
import { AcmeProblem } from './problems.ts';
import type { Services } from './services.ts';

/** Limits of a directory; a kind that is not there is not limited. */
export type RateLimits = { readonly [Kind in LimitKind]?: RateLimit | undefined };

const meanings: Readonly<Record<LimitKind, string>> = {
  newAccountsPerAddress: 'Too many accounts were made from this address.',
  ordersPerAccount: 'The account has placed too many orders.',
  authorizationsPerAccount: 'The account has asked for too many authorizations.',
  ordersPerNames: 'Too many certificates were made for exactly these names.',
  failedValidationsPerName: 'Too many validations of this name have failed for this account.',
};

function limited(kind: LimitKind, wait: number): AcmeProblem {
  return new AcmeProblem('rateLimited', meanings[kind], `Try again in ${wait} seconds.`, {
    headers: { 'retry-after': String(wait) },
  });
}

/** Names of a certificate as one subject, whatever their order. Bounded: a hundred names do not fit into a key. */
export function namesSubject(identifiers: readonly Identifier[]): string {
  const names = identifiers.map(identifierKey).toSorted().join(' ');
  return toHex(nodeDigest('sha256', utf8(names)));
}

/** The name of a failed validation: the account by its key, so that the queue needs to know no more than its job. */
export function validationSubject(thumbprint: Uint8Array, { type, value }: Identifier): string {
  return `${toHex(thumbprint)}/${type}:${value}`;
}

type Limits = Pick<Directory, 'name' | 'rateLimits'>;
type Where = Pick<Services, 'database'>;

/** Takes one that was used already, whether or not there was one left: the seconds to wait when there was none. */
export async function countAgainstLimit(
  kind: LimitKind,
  subject: string,
  { name, rateLimits }: Limits,
  { database }: Where,
): Promise<number> {
  const limit = rateLimits[kind];
  return limit === undefined ? 0 : takeFromLimit(database, kind, `${name}/${subject}`, limit);
}

/** Takes one from a limit of the directory, or throws `rateLimited` with the seconds until there is one again. */
export async function takeLimit(kind: LimitKind, subject: string, directory: Limits, services: Where): Promise<void> {
  const wait = await countAgainstLimit(kind, subject, directory, services);
  if (wait > 0) throw limited(kind, wait);
}

/**
 * Does what is limited, and gives back what was taken for it unless it came to something. Taken first: of many who ask at
 * once, all would find one left.
 */
export async function withinLimit<T>(
  kind: LimitKind,
  subject: string,
  directory: Limits,
  services: Where,
  { work, counts }: { readonly work: () => Promise<T>; readonly counts: (result: T) => boolean },
): Promise<T> {
  await takeLimit(kind, subject, directory, services);
  let counted = false;
  try {
    const result = await work();
    counted = counts(result);
    return result;
  } finally {
    const limit = directory.rateLimits[kind];
    if (!counted && limit !== undefined) {
      await giveBackToLimit(services.database, kind, `${directory.name}/${subject}`, limit);
    }
  }
}

/** Throws `rateLimited` when a limit of the directory is used up for one of these, and takes nothing. */
export async function requireLimit(
  kind: LimitKind,
  subjects: readonly string[],
  { name, rateLimits }: Limits,
  { database }: Where,
): Promise<void> {
  const limit = rateLimits[kind];
  if (limit === undefined || subjects.length === 0) return;
  const wait = await lookAtLimit(
    database,
    kind,
    subjects.map((subject) => `${name}/${subject}`),
    limit,
  );
  if (wait > 0) throw limited(kind, wait);
}
