import { admission, admitting, callerValues, type Caller } from './admission.ts';
import { challengeColumns, challengeSource, type ChallengeRow } from './challenge.ts';
import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'challenge-read',
  text: `${admitting} SELECT ${admission}, ${challengeColumns}, false AS begun FROM ${challengeSource}`,
  durable: false,
};

/** A challenge of the caller's. */
export async function readChallenge(database: Database, caller: Caller, id: string): Promise<ChallengeRow | undefined> {
  return database.first<ChallengeRow>(statement, [...callerValues(caller), id]);
}
