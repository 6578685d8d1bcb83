import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../deploy/postgres/embedded.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where this run's PostgreSQL is, or will be once a test asks for it. */
    postgresDirectory: string;
  }
}

/** Names a place for PostgreSQL; it is started by the first test that needs it, and stopped here after the last. */
export function setup(project: TestProject): () => Promise<void> {
  // Under /var/tmp because the user that PostgreSQL runs as must get there, and TMPDIR may be ours alone.
  const directory = mkdtempSync(path.join(existsSync('/var/tmp') ? '/var/tmp' : '/tmp', 'coldroot-test-'));
  project.provide('postgresDirectory', directory);
  return async () => {
    if (existsSync(path.join(directory, 'postgres/data'))) {
      const server = await startPostgres({ directory: path.join(directory, 'postgres') });
      await server.stop();
    }
    rmSync(directory, { recursive: true, force: true });
  };
}
