import type { Clock } from '../../core/ports/clock.ts';
import type { Entropy } from '../../core/ports/entropy.ts';
import type { Database } from '../store/database.ts';
import { dropNonceKeys } from '../store/drop-nonce-keys.ts';
import { offerNonceKey } from '../store/offer-nonce-key.ts';
import { pruneUsedNonces } from '../store/prune-used-nonces.ts';
import { readNonceKeys } from '../store/read-nonce-keys.ts';
import { periodOf, type Nonces } from './nonces.ts';

const pruneAtOnce = 5000;
const pruneRounds = 20;

/** Sees to it that the database has keys for yesterday, today and tomorrow, and that `nonces` uses them. */
export async function refreshNonceKeys(
  database: Database,
  nonces: Nonces,
  { clock, entropy }: { readonly clock: Clock; readonly entropy: Entropy },
): Promise<void> {
  const today = periodOf(clock.now());
  const known = await readNonceKeys(database, today - 1, today + 1);
  const missing = [today, today + 1].filter((period) => !known.some((key) => key.period === period));
  for (const period of missing) {
    await offerNonceKey(database, { period, id: entropy.bytes(8), key: entropy.bytes(32) });
  }
  nonces.useKeys(missing.length === 0 ? known : await readNonceKeys(database, today - 1, today + 1));
}

/** Forgets expired nonces, a bounded number at a time, and the keys of days gone by. */
export async function pruneNonces(database: Database, nonces: Nonces, clock: Clock): Promise<void> {
  const before = nonces.expiredBefore();
  for (let round = 0; round < pruneRounds; round += 1) {
    if ((await pruneUsedNonces(database, before, pruneAtOnce)) < pruneAtOnce) break;
  }
  await dropNonceKeys(database, periodOf(clock.now()) - 1);
}
