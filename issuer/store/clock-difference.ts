import type { Clock } from '../../core/ports/clock.ts';
import { CodedError } from '../../core/ports/coded-error.ts';
import type { Queries, Statement } from './database.ts';

const statement: Statement = {
  name: 'clock',
  text: 'SELECT floor(extract(epoch FROM clock_timestamp()))::bigint AS now',
  durable: false,
};

/** Seconds by which a replica's clock may differ from the database's, which all replicas share. */
const tolerated = 300;

/** Seconds by which our clock is ahead of the database's, where that is more than can be tolerated; 0 otherwise. */
export async function clockDifference(queries: Queries, clock: Clock): Promise<number> {
  const { now } = (await queries.first<{ now: number }>(statement)) ?? { now: clock.now() };
  const difference = clock.now() - now;
  return Math.abs(difference) > tolerated ? difference : 0;
}

/**
 * Refuses (`clock-differs`) what a wrong clock would make wrong for everybody and for good: a CRL that begins tomorrow is good
 * for nobody today, and no other may begin before it.
 */
export async function requireClock(queries: Queries, clock: Clock): Promise<void> {
  const difference = await clockDifference(queries, clock);
  if (difference === 0) return;
  throw new CodedError({
    code: 'clock-differs',
    message: `The clock of this machine is ${Math.abs(difference)} s ${difference > 0 ? 'ahead of' : 'behind'} that of the database.`,
    remedy: 'Find out which of the two is wrong, and set it.',
  });
}
