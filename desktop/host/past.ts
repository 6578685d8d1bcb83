import path from 'node:path';
import { CodedError } from '../../core/ports/coded-error.ts';
import type { Digest } from '../../core/ports/digest.ts';
import type { JournalRecord } from '../../core/ports/journal.ts';
import { replay } from '../../core/ceremony/replay.ts';
import type { CeremonyState } from '../../core/ceremony/state.ts';
import { readJournal } from '../../core/node/journal-sqlite.ts';
import { loadBound, type Bound } from '../../core/node/workspace.ts';
import type { Place } from './folders.ts';

/** A ceremony as its folder tells it: held, being held, or broken off. */
export interface Past {
  readonly place: Place;
  readonly records: readonly JournalRecord[];
  readonly state: CeremonyState;
  readonly bound: Bound;
}

/** Reads a ceremony's journal, proves its chain and replays it. What is open in the window is read in the same way. */
export async function readPast(place: Place, digest: Digest): Promise<Past> {
  const records = await readJournal(path.join(place.path, 'journal.db'), digest);
  const replayed = replay(records, digest);
  if (!replayed.ok) throw new CodedError(replayed.refusal);
  return { place, records, state: replayed.state, bound: await loadBound(place.path) };
}
