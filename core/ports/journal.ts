import type { JsonObject } from './json.ts';

/** One journal record as it is stored: `hash` covers everything before it, `previous` the record before. */
export interface JournalRecord {
  /** Counts from 1 without gaps. */
  readonly sequence: number;
  /** Seconds since the epoch, from the clock port. */
  readonly at: number;
  readonly kind: string;
  readonly body: JsonObject;
  /** Lower-case hex SHA-256 of the previous record; 64 zeros for the first. */
  readonly previous: string;
  /** Lower-case hex SHA-256 of this record's canonical form, `previous` included. */
  readonly hash: string;
}

/** Stores records. `append` returns only when the record would survive a pulled plug. */
export interface JournalStore {
  readonly records: readonly JournalRecord[];
  append(record: JournalRecord): Promise<void>;
}
