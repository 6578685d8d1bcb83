import { hostname } from 'node:os';
import { writeReceipt } from '../../core/bundle/receipt.ts';
import { systemClock as clock } from '../../core/node/clock.ts';
import { nodeDigest } from '../../core/node/crypto.ts';
import { CodedError } from '../../core/ports/coded-error.ts';
import { toHex } from '../../core/ports/hex.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import { loadBundle, readBundleFile } from '../admin/load-bundle.ts';
import { exitCodes } from '../ops/command-line.ts';
import type { Config } from '../ops/config.ts';
import type { Database } from '../store/database.ts';
import { loadedBundle } from '../store/loaded-bundle.ts';
import { migrate, requireMigrated } from '../store/migrate.ts';
import { openDatabase, type Loaded } from './loaded.ts';

async function withDatabase(config: Config, work: (database: Database) => Promise<string>): Promise<number> {
  const database = await openDatabase(config);
  try {
    process.stdout.write(await work(database));
    return exitCodes.done;
  } finally {
    await database.close();
  }
}

/** `coldroot-issuer migrate`. */
export async function runMigrate({ config }: Loaded): Promise<number> {
  return withDatabase(config, async (database) => {
    const applied = await migrate(database);
    return applied.length === 0 ? 'The database is up to date.\n' : applied.map((name) => `applied ${name}\n`).join('');
  });
}

/** `coldroot-issuer load`. */
export async function runLoad({ config }: Loaded, file: string): Promise<number> {
  return withDatabase(config, async (database) => {
    await requireMigrated(database);
    const { bundle, isNew } = await loadBundle(database, readBundleFile(file), config, clock);
    const { epoch, hierarchy, expires } = bundle.manifest;
    const names = bundle.issuers.map(({ entry }) => entry.name).join(', ');
    return `${isNew ? 'Loaded' : 'Loaded before:'} epoch ${epoch} of ${hierarchy}, expires ${expires}: ${names}\n`;
  });
}

/** `coldroot-issuer receipt`: what is loaded, for the next ceremony. */
export async function runReceipt({ config }: Loaded): Promise<number> {
  return withDatabase(config, async (database) => {
    await requireMigrated(database);
    const last = await loadedBundle(database);
    if (last === undefined) {
      const remedy = 'Load one first: coldroot-issuer load --config FILE BUNDLE.';
      throw new CodedError({ code: 'bundle-none', message: 'No bundle has been loaded.', remedy });
    }
    const { loaded, ...facts } = last;
    const bytes = writeReceipt({
      'coldroot-receipt': 1,
      authenticated: false,
      ...facts,
      loaded: formatUtc(loaded),
      made: formatUtc(clock.now()),
      issuer: config.baseUrl,
      replica: hostname(),
    });
    process.stderr.write(
      `SHA-256 ${toHex(nodeDigest('sha256', bytes))}: tell it to the ceremony by another way; nothing signs this file\n`,
    );
    return Buffer.from(bytes).toString('utf8');
  });
}
