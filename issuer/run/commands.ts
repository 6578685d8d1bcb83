import { systemClock as clock } from '../../core/node/clock.ts';
import { loadBundle, readBundleFile } from '../admin/load-bundle.ts';
import { exitCodes } from '../ops/command-line.ts';
import type { Config } from '../ops/config.ts';
import type { Database } from '../store/database.ts';
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
