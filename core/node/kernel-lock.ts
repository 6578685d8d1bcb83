import { lstatSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { CodedError } from '../ports/coded-error.ts';

/** A lock of the operating system: it ends with the process that holds it, however that ends. */
export interface KernelLock {
  release(): void;
}

/** Primary result codes of SQLite: https://sqlite.org/rescode.html */
const busy = 5;
const notDatabase = 26;

/** Those this process holds. Without this a handle that nobody kept would be collected, and its lock let go. */
const held = new Set<DatabaseSync>();

function resultOf(error: unknown): number | undefined {
  // The upper bytes only say more about the primary code in the lowest.
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
}

/** The folder cannot be held, for a reason that is nobody's holding it. */
export function unusable(file: string, cause?: unknown): CodedError {
  const why = cause instanceof Error ? ` (${cause.message})` : '';
  return new CodedError(
    {
      code: 'lock-unusable',
      message: `The folder cannot be held: its lock ${file} cannot be used${why}.`,
      remedy:
        'Use a folder of your own on a disk of this machine that has room; if that file has contents, remove it first.',
      where: { file },
    },
    { cause },
  );
}

/**
 * Takes the system's lock on a file, which is made where it is missing, stays empty and is never removed; undefined when
 * another process, or this one, has it. docs/decisions/lock.md says why it is SQLite that asks for it.
 *
 * Nothing else in this program may open the file: where POSIX locks are used, closing it would let go of ours.
 */
export function kernelLock(file: string): KernelLock | undefined {
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) throw unusable(file);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    // Nothing is ever written: no journal beside it. IMMEDIATE takes SQLite's "reserved" lock: one byte, one holder, in one
    // call that either gets it or does not, where EXCLUSIVE would get it and then still wait for others' reading to end.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE');
  } catch (error) {
    database?.close();
    const result = resultOf(error);
    if (result === busy) return undefined;
    throw unusable(file, result === notDatabase ? undefined : error);
  }
  const own = database;
  held.add(own);
  return {
    release: () => {
      if (held.delete(own)) own.close();
    },
  };
}
