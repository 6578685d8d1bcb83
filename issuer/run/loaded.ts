import type { Config } from '../ops/config.ts';
import { readConfig } from '../ops/config.ts';
import { goesInTheClear } from '../ops/in-the-clear.ts';
import { Refused } from '../ops/refused.ts';
import { readSecretFile } from '../ops/secret-file.ts';
import type { Locate } from '../sign/policy.ts';
import { Database, reachDatabase, type DatabaseOptions } from '../store/database.ts';

/** A configuration that was read, and where each part of it stands. */
export interface Loaded {
  readonly config: Config;
  readonly locate: Locate;
}

/** Reads the configuration; every refusal at once when it is not as it must be. */
export function requireConfig(file: string): Loaded {
  const verdict = readConfig(file);
  if (verdict.ok) return verdict;
  throw new Refused(verdict.refusals);
}

export interface DatabaseHooks extends Pick<DatabaseOptions, 'onError' | 'onStatement'> {
  /** Told when the connection goes over a network without TLS. */
  readonly inTheClear: () => void;
}

/** Opens the database that the configuration names and tries it once. */
export async function openDatabase(
  { database }: Config,
  { inTheClear, ...hooks }: Partial<DatabaseHooks> = {},
): Promise<Database> {
  const url = database.url ?? readSecretFile(database.urlFile ?? '');
  if (goesInTheClear(url)) inTheClear?.();
  const opened = new Database({ url, connections: database.connections, onError: () => undefined, ...hooks });
  await reachDatabase(opened);
  return opened;
}
