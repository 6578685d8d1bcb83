import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { startPostgres } from '../../deploy/postgres/embedded.ts';
import type { TestDatabase } from '../support/postgres.ts';

/** PostgreSQL as it comes, with every commit on the disk, in a folder of its own; `drop` stops and removes it. */
export async function durableDatabase(): Promise<TestDatabase & { readonly pid: number }> {
  const directory = mkdtempSync('/var/tmp/coldroot-bench-');
  // The user that PostgreSQL runs as has to walk through it.
  chmodSync(directory, 0o711);
  const server = await startPostgres({ directory: path.join(directory, 'postgres') });
  return {
    url: server.url,
    pid: server.pid,
    async query<Row>(text: string, values: unknown[] = []) {
      const client = new Client({ connectionString: server.url });
      await client.connect();
      try {
        return (await client.query(text, values)).rows as Row[];
      } finally {
        await client.end();
      }
    },
    async drop() {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
