import { systemClock as clock } from '../../core/node/clock.ts';
import { systemEntropy as entropy } from '../../core/node/entropy.ts';
import { drainable } from '../http/drain.ts';
import { listenOn } from '../http/listen.ts';
import { makeMetricsServer } from '../http/server.ts';
import { Jobs } from '../ops/jobs.ts';
import { makeLog } from '../ops/log.ts';
import { addUp, renderSeries } from '../ops/series.ts';
import { stopSignal } from '../ops/shutdown.ts';
import { migrate } from '../store/migrate.ts';
import { openDatabase, type Loaded } from './loaded.ts';
import { Workers } from './workers.ts';

const day = 86_400;

/** Brings the database up to date once, before any worker looks at it. */
async function migrateOnce({ config }: Loaded): Promise<void> {
  const database = await openDatabase(config);
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
}

/** SIGHUP: every worker is replaced, one after the other. A second one while that goes on is enough for one more round. */
function rollOnHangup(workers: Workers, log: ReturnType<typeof makeLog>): void {
  let rolling: Promise<unknown> = Promise.resolve();
  process.on('SIGHUP', () => {
    rolling = rolling.then(async () => {
      log.info({}, 'replacing the workers');
      if (await workers.roll()) log.info({}, 'all workers are replaced');
    });
  });
}

/**
 * `coldroot-issuer serve` with several processes. This one holds the ports and the workers, and does nothing that could
 * fail: no database, no token, no request. The first worker starts alone, so that what is wrong is said once.
 */
export async function servePrimary(loaded: Loaded, count: number, migrateFirst: boolean): Promise<number> {
  const { config } = loaded;
  const log = makeLog(config.log.level, clock);
  if (migrateFirst) await migrateOnce(loaded);
  const workers = new Workers(log, entropy);
  const stopped = stopSignal();
  const early = await workers.start();
  if (early !== undefined) return early;
  const others = await Promise.all(Array.from({ length: count - 1 }, () => workers.start()));
  const failed = others.find((code) => code !== undefined);
  if (failed !== undefined) {
    await workers.stop();
    return failed;
  }
  const metrics = makeMetricsServer(log, async () => renderSeries(addUp(await workers.metrics())));
  const endMetrics = drainable(metrics, 0);
  const jobs = new Jobs(log);
  try {
    if (config.metrics !== undefined) await listenOn(metrics, config.metrics);
    jobs.start({ name: 'ticket keys', seconds: day, run: () => Promise.resolve(workers.renewTicketKeys()) });
    rollOnHangup(workers, log);
    log.info({ workers: count, baseUrl: config.baseUrl, directories: Object.keys(config.directories) }, 'ready');
    log.info({ signal: await stopped }, 'stopping');
  } finally {
    await jobs.stop();
    await endMetrics();
  }
  return workers.stop();
}
