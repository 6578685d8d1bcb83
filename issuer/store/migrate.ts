import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodeDigest } from '../../core/node/crypto.ts';
import { CodedError } from '../../core/ports/coded-error.ts';
import { toHex } from '../../core/ports/hex.ts';
import type { Database, Queries, Statement } from './database.ts';

/** A numbered SQL file. Once applied it never changes: its hash is kept beside its name. */
export interface Migration {
  readonly name: string;
  readonly sha256: string;
  readonly text: string;
}

const fileName = /^\d{4}-[a-z0-9-]+\.sql$/u;
/** Bundled into one file, the program has its migrations beside it. */
const bundled = !import.meta.url.endsWith('.ts');
const migrationsFolder = fileURLToPath(new URL(bundled ? './migrations' : '../migrations', import.meta.url));

/** The migrations of this program, in the order of their numbers. */
export function readMigrations(folder: string = migrationsFolder): readonly Migration[] {
  return readdirSync(folder)
    .filter((name) => fileName.test(name))
    .toSorted()
    .map((name) => {
      const bytes = readFileSync(`${folder}/${name}`);
      return { name, sha256: toHex(nodeDigest('sha256', bytes)), text: bytes.toString('utf8') };
    });
}

const statements = {
  exists: {
    name: 'migrations-exist',
    text: "SELECT to_regclass('migrations') IS NOT NULL AS found",
    durable: false,
  },
  create: {
    name: 'migrations-create',
    text: `CREATE TABLE IF NOT EXISTS migrations (
      name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    durable: true,
  },
  // Any number that no other program would take: held to the end of the transaction.
  lock: { name: 'migrations-lock', text: 'SELECT pg_advisory_xact_lock(7204118563190240)', durable: false },
  list: { name: 'migrations-list', text: 'SELECT name, sha256 FROM migrations ORDER BY name', durable: false },
  record: { name: 'migrations-record', text: 'INSERT INTO migrations (name, sha256) VALUES ($1, $2)', durable: true },
} as const satisfies Record<string, Statement>;

type Applied = { readonly name: string; readonly sha256: string };

/**
 * Migrations still to be applied, in the order of their numbers: a number in a gap may come after a higher one, because
 * each file changes what its own part of the program owns. Refuses a database that has others than ours.
 */
function remaining(migrations: readonly Migration[], applied: readonly Applied[]): readonly Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { name, sha256 } of applied) {
    const ours = known.get(name);
    if (ours?.sha256 === sha256) continue;
    const changed = ours !== undefined;
    throw new CodedError({
      code: changed ? 'migration-changed' : 'migration-unknown',
      message: changed
        ? `The migration ${name} was applied with other contents than it has now.`
        : `The database has the migration ${name}, which this program does not know.`,
      remedy: 'Use the program that belongs to this database; an applied migration is never edited.',
    });
  }
  const done = new Set(applied.map(({ name }) => name));
  return migrations.filter(({ name }) => !done.has(name));
}

/**
 * Brings the database up to date: everything in one transaction, under a lock, so that of two who migrate one waits and
 * then finds nothing to do. Names of what was applied.
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[] = readMigrations(),
): Promise<readonly string[]> {
  return database.transaction(async (queries) => {
    await queries.rows(statements.lock);
    await queries.rows(statements.create);
    const missing = remaining(migrations, await queries.rows<Applied>(statements.list));
    for (const { name, sha256, text } of missing) {
      // Unnamed and without values: a file holds several statements, which cannot be prepared.
      await queries.rows({ name: '', text, durable: true });
      await queries.rows(statements.record, [name, sha256]);
    }
    return missing.map(({ name }) => name);
  });
}

/** Refuses (`migration-missing`) a database that is not up to date. */
export async function requireMigrated(
  queries: Queries,
  migrations: readonly Migration[] = readMigrations(),
): Promise<void> {
  const exists = await queries.first<{ found: boolean }>(statements.exists);
  const applied = exists?.found === true ? await queries.rows<Applied>(statements.list) : [];
  const missing = remaining(migrations, applied);
  if (missing.length === 0) return;
  throw new CodedError({
    code: 'migration-missing',
    message: `The database lacks ${missing.length} migration(s), from ${missing[0]?.name ?? ''} on.`,
    remedy: 'Run "coldroot-issuer migrate --config FILE", or start with --migrate.',
  });
}
