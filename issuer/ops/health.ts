import type { Bundle } from '../../core/bundle/bundle.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import type { Health } from '../http/health-routes.ts';
import { clockDifference } from '../store/clock-difference.ts';
import type { Database } from '../store/database.ts';
import type { Config } from './config.ts';
import type { EndWatch } from './end-watch.ts';
import { version } from './version.ts';

export interface HealthSources {
  readonly config: Config;
  /** The one in use. */
  readonly bundle: () => Bundle;
  readonly database: Database;
  readonly clock: Clock;
  /** Whether the token did what it was last asked. */
  readonly tokenWorks: () => boolean;
  readonly stopping: () => boolean;
  readonly ends: Pick<EndWatch, 'warnings'>;
}

async function databaseProblem(database: Database, clock: Clock): Promise<readonly string[]> {
  try {
    return (await clockDifference(database, clock)) === 0 ? [] : ['clock'];
  } catch {
    return ['database'];
  }
}

/** What /health and /ready say. */
export function makeHealth({ config, bundle, database, clock, tokenWorks, stopping, ends }: HealthSources): Health {
  const { mode, hierarchy } = config;
  return {
    version,
    mode,
    hierarchy,
    get epoch() {
      return bundle().manifest.epoch;
    },
    warnings: () => ends.warnings(),
    async problems() {
      if (stopping()) return ['stopping'];
      const expired = formatUtc(clock.now()) > bundle().manifest.expires ? ['bundle-expired'] : [];
      return [...(await databaseProblem(database, clock)), ...(tokenWorks() ? [] : ['token']), ...expired];
    },
  };
}
