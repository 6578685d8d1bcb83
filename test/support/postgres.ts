import { chmodSync, closeSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import { startPostgres } from '../../deploy/postgres/embedded.ts';
import { Database } from '../../issuer/store/database.ts';
import { migrate } from '../../issuer/store/migrate.ts';
import { until } from './until.ts';

/** A database of one test file: a copy of a migrated one. */
export interface TestDatabase {
  readonly url: string;
  /** Runs SQL as it stands. */
  query<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Drops the database; fails when somebody is still connected to it, because that is a leak. */
  drop(): Promise<void>;
}

// Every commit still goes through PostgreSQL's whole machinery; only the disk is not waited for.
const settings = { fsync: 'off', max_connections: '200', shared_buffers: '32MB' };
const templateName = 'coldroot_template';

async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await until(`${file} is let go`, () => {
    try {
      closeSync(openSync(file, 'wx'));
      return true;
    } catch {
      return false;
    }
  });
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

export function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function once<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function makeTemplate(server: string): Promise<void> {
  const found = await once(server, (client) =>
    client.query('SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate', [templateName]),
  );
  if (found.rowCount === 1) return;
  await once(server, (client) => client.query(`CREATE DATABASE ${templateName}`));
  const database = new Database({ url: urlOf(server, templateName), connections: 2, onError: () => undefined });
  await migrate(database);
  await database.close();
  await once(server, (client) => client.query(`ALTER DATABASE ${templateName} IS_TEMPLATE true`));
}

/** The URL of this run's PostgreSQL, started when nobody has yet. */
export async function testServer(): Promise<string> {
  const directory = inject('postgresDirectory');
  return withLock(path.join(directory, 'lock'), async () => {
    // The user that PostgreSQL runs as has to walk through it.
    chmodSync(directory, 0o711);
    const { url } = await startPostgres({ directory: path.join(directory, 'postgres'), settings });
    await makeTemplate(url);
    return url;
  });
}

/** A fresh database; `empty` for one without any migration. */
export async function createDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const server = await testServer();
  const name = `test_${randomBytes(6).toString('hex')}`;
  const template = options.empty === true ? 'template0' : templateName;
  await once(server, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  const url = urlOf(server, name);
  return {
    url,
    query: <Row>(text: string, values: unknown[] = []) =>
      once(url, async (client) => (await client.query(text, values)).rows as Row[]),
    drop: () =>
      once(server, async (client) => {
        // A backend that has just been told goodbye may need a moment to go.
        await until(`nobody is connected to ${name}`, async () => {
          const { rowCount } = await client.query('SELECT 1 FROM pg_stat_activity WHERE datname = $1', [name]);
          return rowCount === 0;
        });
        await client.query(`DROP DATABASE ${name}`);
      }),
  };
}

/** A fresh database with a bundle that was loaded and its issuing CA, "issuing-i1". */
export async function createIssuerDatabase(): Promise<TestDatabase> {
  const created = await createDatabase();
  await created.query(`INSERT INTO bundles VALUES (1, 'x', false, 'x', '', '{}', now())`);
  await created.query(`INSERT INTO issuers VALUES ('issuing-i1', 1, '', '\\x00', '[]')`);
  return created;
}
