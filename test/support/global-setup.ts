import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { build } from 'esbuild';
import { startPostgres } from '../../deploy/postgres/embedded.ts';
import { faultChildEntry } from '../faults/fault-script.ts';
import { freshDist } from '../terminal/fresh-dist.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where this run's PostgreSQL is, or will be once a test asks for it. */
    postgresDirectory: string;
  }
}

/** The scripted token's process in one file: it is started a hundred times, and from its sources takes four times as long. */
async function bundleFaultChild(): Promise<void> {
  await build({
    entryPoints: [path.resolve(import.meta.dirname, '../faults/fault-child.ts')],
    outfile: faultChildEntry,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['pkcs11js'],
    logLevel: 'error',
  });
}

/**
 * Brings the programs up to date, since tests start them as they are shipped. Names a place for PostgreSQL; it is
 * started by the first test that needs it, and stopped here after the last.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await Promise.all([freshDist(), bundleFaultChild()]);
  // Compiled code of the programs that tests start by the hundred: kept from one start to the next.
  const compiled = mkdtempSync(path.join(tmpdir(), 'coldroot-compiled-'));
  process.env['NODE_COMPILE_CACHE'] = compiled;
  // Under /var/tmp because the user that PostgreSQL runs as must get there, and TMPDIR may be ours alone.
  const directory = mkdtempSync(path.join(existsSync('/var/tmp') ? '/var/tmp' : '/tmp', 'coldroot-test-'));
  project.provide('postgresDirectory', directory);
  return async () => {
    if (existsSync(path.join(directory, 'postgres/data'))) {
      const server = await startPostgres({ directory: path.join(directory, 'postgres') });
      await server.stop();
    }
    for (const made of [compiled, directory]) rmSync(made, { recursive: true, force: true });
  };
}
