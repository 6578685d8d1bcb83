import { readFile } from 'node:fs/promises';
import initSqlJs, { type Database, type SqlJsStatic } from 'sql.js';
import { z } from 'zod';
import { utf8 } from '../ports/bytes.ts';
import { CodedError, isCoded } from '../ports/coded-error.ts';
import type { Digest } from '../ports/digest.ts';
import type { JournalRecord, JournalStore } from '../ports/journal.ts';
import { canonicalJson, parseCanonicalJson } from '../journal/canonical.ts';
import { chainFault } from '../journal/record.ts';
import { atomicWrite } from './atomic-write.ts';
import { fileMedia } from './media.ts';

/** Longest journal: thousands of records with certificates in them. */
const maximumBytes = 64 * 1024 * 1024;

const schema = `CREATE TABLE IF NOT EXISTS record (
  sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE
) STRICT`;

const rowSchema = z.tuple([
  z.int().min(1),
  z.int().min(0),
  z.string().max(64),
  z.string(),
  z.string().length(64),
  z.string().length(64),
]);

let library: Promise<SqlJsStatic> | undefined;

/** sql.js, loaded once. `wasm` is the compiled SQLite; the package's own file where nothing is given. */
function loadLibrary(wasm: string | undefined): Promise<SqlJsStatic> {
  library ??= (async () => {
    const file = wasm ?? new URL(import.meta.resolve('sql.js/dist/sql-wasm.wasm'));
    const bytes = await readFile(file);
    return initSqlJs({ wasmBinary: Uint8Array.from(bytes).buffer });
  })();
  return library;
}

function damaged(file: string, cause?: unknown): CodedError {
  return new CodedError(
    {
      code: 'journal-damaged',
      message: `${file} is not a journal, or is damaged.`,
      remedy: 'Keep it as evidence and go on from a copy that opens.',
      where: { file },
    },
    { cause },
  );
}

/** Everything a database file defines: tables, indexes, views, triggers. */
function definitions(database: Database): string {
  return JSON.stringify(database.exec('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name'));
}

/**
 * Refuses a database that defines anything but our one table. A view of that name could compute for ever, and a trigger
 * could change what is written.
 */
function refuseForeign(database: Database, SQL: SqlJsStatic, file: string): void {
  const own = new SQL.Database();
  own.run(schema);
  const same = definitions(database) === definitions(own);
  own.close();
  if (!same) throw damaged(file);
}

/** Records as they stand there. Bodies must be canonical: another program must not read anything else in them. */
function readRecords(database: Database): JournalRecord[] {
  const [result] = database.exec('SELECT sequence, at, kind, body, previous, hash FROM record ORDER BY sequence');
  return (result?.values ?? []).map((row) => {
    const [sequence, at, kind, body, previous, hash] = rowSchema.parse(row);
    return { sequence, at, kind, body: parseCanonicalJson(utf8(body)), previous, hash };
  });
}

async function existingBytes(file: string): Promise<Uint8Array | undefined> {
  try {
    return await fileMedia.read(file, maximumBytes);
  } catch (error) {
    if (isCoded(error, 'media-missing')) return undefined;
    throw error;
  }
}

async function load(
  file: string,
  digest: Digest,
  bytes: Uint8Array | undefined,
  wasm: string | undefined,
): Promise<{ database: Database; records: readonly JournalRecord[] }> {
  const SQL = await loadLibrary(wasm);
  let database: Database;
  let records: JournalRecord[];
  try {
    database = new SQL.Database(bytes);
    if (bytes === undefined) database.run(schema);
    refuseForeign(database, SQL, file);
    records = readRecords(database);
  } catch (error) {
    if (isCoded(error, 'journal-damaged')) throw error;
    throw damaged(file, error);
  }
  const fault = chainFault(records, digest);
  if (fault !== undefined) throw new CodedError({ ...fault, where: { ...fault.where, file } });
  return { database, records };
}

/** The records of an existing journal file, its chain verified. Nothing is written. */
export async function readJournal(file: string, digest: Digest, wasm?: string): Promise<readonly JournalRecord[]> {
  const { database, records } = await load(file, digest, await fileMedia.read(file, maximumBytes), wasm);
  database.close();
  return records;
}

/**
 * Opens (or starts) a journal file: an SQLite database that anyone can read with other tools, saved whole and
 * atomically after every record, its hash chain verified here before anything is believed.
 */
export async function openJournal(file: string, digest: Digest, wasm?: string): Promise<JournalStore> {
  const opened = await load(file, digest, await existingBytes(file), wasm);
  const { database } = opened;
  let { records } = opened;
  const save = async ({ sequence, at, kind, body, previous, hash }: JournalRecord): Promise<void> => {
    const row = [sequence, at, kind, canonicalJson(body), previous, hash];
    database.run('INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)', row);
    try {
      await atomicWrite(file, database.export());
    } catch (error) {
      // Not on disk, so not here either: the next record must be able to take its place.
      database.run('DELETE FROM record WHERE sequence = ?', [sequence]);
      throw error;
    }
  };
  return {
    get records() {
      return records;
    },
    append: async (record) => {
      try {
        await save(record);
      } catch (error) {
        throw new CodedError(
          {
            code: 'journal-write',
            message: `The journal ${file} cannot be written.`,
            remedy: 'Stop. Check free space and the disk, then resume: what is not in the journal has not happened.',
            where: { file },
          },
          { cause: error },
        );
      }
      records = [...records, record];
    },
  };
}
