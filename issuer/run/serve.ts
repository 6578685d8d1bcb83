import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { systemClock as clock } from '../../core/node/clock.ts';
import { pooledEntropy } from '../../core/node/entropy.ts';
import { durationSeconds } from '../../core/profile/duration.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import { givenOutNames } from '../admin/given-out-names.ts';
import { makeAdminServer, type AdminAccess, type AdminServer } from '../admin/server.ts';
import { pruneNonces } from '../acme/nonce-keyring.ts';
import { drainable, drainPatience } from '../http/drain.ts';
import type { Health } from '../http/health-routes.ts';
import { listenOn } from '../http/listen.ts';
import {
  makeMetricsServer,
  makePlainServer,
  makeProxiedServer,
  makeServer,
  type AnswerOptions,
} from '../http/server.ts';
import { exitCodes } from '../ops/command-line.ts';
import type { Config } from '../ops/config.ts';
import { makeHealth } from '../ops/health.ts';
import { Jobs } from '../ops/jobs.ts';
import { makeLog } from '../ops/log.ts';
import { makeMeasures } from '../ops/measures.ts';
import { metricsOf } from '../ops/metrics.ts';
import { renderSeries, type Series } from '../ops/series.ts';
import { readAdminToken } from '../ops/admin-token.ts';
import { shutDown, stopSignal, type Part } from '../ops/shutdown.ts';
import type { OwnCertificate } from '../sign/own-certificate.ts';
import { migrate, requireMigrated } from '../store/migrate.ts';
import { pruneRateLimits } from '../store/prune-rate-limits.ts';
import { reconcileCertificates } from '../store/reconcile-certificates.ts';
import { followBundles } from './follow-bundles.ts';
import { checkSeals } from './check-seals.ts';
import { compose, connectKeys, type Composition } from './compose.ts';
import { openDatabase, type Loaded } from './loaded.ts';
import { OwnTls } from './own-tls.ts';
import { forgetOldOrders } from './retention.ts';
import type { WorkerSide } from './worker.ts';

/** Nonces' and requests' names: a few bytes, many times a second. */
const entropy = pooledEntropy();

async function reconcile({ config, database, log }: Composition): Promise<void> {
  const deadline = durationSeconds(config.limits.signingDeadline);
  const givenUp = await reconcileCertificates(database, deadline, formatUtc(clock.now()));
  if (givenUp.length > 0) log.warn({ certificates: givenUp.length }, 'certificates given up that were never stored');
}

function healthOf({ config, database, ends, keys, live }: Composition, stopping: () => boolean): Health {
  return makeHealth({
    config,
    bundle: () => live.current.bundle,
    database,
    clock,
    tokenWorks: () => keys.working,
    stopping,
    ends,
  });
}

/** What ACME requests are answered with, over TLS or behind a proxy that has ended it. */
function answersOf(parts: Composition, health: Health, stopping: () => boolean): AnswerOptions {
  const { config, live, log, measures, ocsp, publisher, services, traffic } = parts;
  return {
    onAnswer: (route, status, seconds) => measures.requests.observe(`route="${route}",status="${status}"`, seconds),
    bounds: config.limits,
    traffic,
    bodyBytes: config.limits.bodyBytes,
    logger: log,
    entropy,
    acme: {
      baseUrl: config.baseUrl,
      services,
      get directories() {
        return live.current.directories;
      },
    },
    health,
    files: publisher,
    ocsp: ocsp?.responder,
    stopping,
  };
}

function retentionOf({ config: { limits } }: Composition): { retention: number; orderLifetime: number } {
  return { retention: durationSeconds(limits.orderRetention), orderLifetime: durationSeconds(limits.orderLifetime) };
}

function startJobs(parts: Composition, own: OwnTls): Jobs {
  const { database, ends, incidents, log, ocsp, queue, publisher, services } = parts;
  const jobs = new Jobs(log);
  jobs.start({ name: 'nonce keys', seconds: 60, run: services.refreshNonceKeys });
  jobs.start({ name: 'nonce pruning', seconds: 60, run: () => pruneNonces(database, services.nonces, clock) });
  jobs.start({ name: 'rate limits', seconds: 60, run: () => pruneRateLimits(database) });
  jobs.start({ name: 'old orders', seconds: 60, run: () => forgetOldOrders(database, clock, retentionOf(parts)) });
  jobs.start({ name: 'abandoned validations', seconds: 5, run: () => queue.sweep() });
  jobs.start({ name: 'abandoned certificates', seconds: 5, run: () => reconcile(parts) });
  jobs.start({ name: 'CRLs', seconds: 5, run: () => publisher.refresh() });
  jobs.start({ name: 'incidents', seconds: 60, run: () => incidents.refresh() });
  if (ocsp !== undefined) jobs.start({ name: 'OCSP answers', seconds: 10, run: ocsp.signAhead });
  jobs.start({ name: 'ends', seconds: 60, run: () => ends.refresh() });
  jobs.start({ name: 'bundles', seconds: 2, run: followBundles(parts) });
  jobs.start({ name: 'own TLS certificate', seconds: 5, run: () => own.renew() });
  return jobs;
}

/** The numbers of this process. */
function numbersOf({ database, ends, incidents, services, queue, measures, traffic }: Composition): readonly Series[] {
  return metricsOf({
    database: database.counters,
    acme: services.counters,
    traffic,
    validating: () => queue.length,
    stages: [...Object.values(measures), incidents, ends],
  });
}

function adminAccess(admin: NonNullable<Config['admin']>, own: OwnCertificate): AdminAccess {
  if ('tokenFile' in admin) return { by: 'token', token: readAdminToken(admin.tokenFile) };
  return { by: 'certificate', ...own, clientCa: readFileSync(admin.clientCa, 'utf8'), names: admin.names };
}

function warnOfGivenOutNames({ config, live, log }: Composition, access: AdminAccess): void {
  if (access.by !== 'certificate' || config.admin === undefined) return;
  const { bundle, directories } = live.current;
  const names = givenOutNames(access, [...bundle.certificates.values()], directories.values());
  if (names.length > 0)
    log.warn({ names }, 'OPERATORS ARE LET IN BY NAMES THAT CLIENTS CAN HAVE: deny them in every directory');
}

function makeAdmin(parts: Composition, own: OwnCertificate, health: Health): AdminServer | undefined {
  const { config, database, ends, log, services } = parts;
  if (config.admin === undefined) return undefined;
  const access = adminAccess(config.admin, own);
  warnOfGivenOutNames(parts, access);
  return makeAdminServer(access, log, {
    database,
    clock,
    health,
    directories: () => Object.keys(config.directories),
    ends,
    sealer: services.sealer,
    revoked: services.revoked,
  });
}

/** The plain-HTTP servers that the configuration asks for, and where each listens. Workers leave metrics to their primary. */
function makeSideServers(
  parts: Composition,
  worker: WorkerSide | undefined,
  admin: AdminServer | undefined,
): readonly (readonly [FastifyInstance, { host: string; port: number }])[] {
  const { config, log, ocsp, publisher } = parts;
  const render = (): Promise<string> => Promise.resolve(renderSeries(numbersOf(parts)));
  return [
    ...(config.admin === undefined || admin === undefined ? [] : [[admin.server, config.admin] as const]),
    ...(config.publish === undefined
      ? []
      : [
          [
            makePlainServer(log, publisher, ocsp?.responder, { bounds: config.limits, traffic: parts.traffic }),
            config.publish,
          ] as const,
        ]),
    ...(config.metrics === undefined || worker !== undefined
      ? []
      : [[makeMetricsServer(log, render), config.metrics] as const]),
  ];
}

/** Starts everything that runs. Whatever has to be ended later is put into `running` as soon as it is there. */
async function start(
  parts: Composition,
  state: { stopping: boolean },
  running: Part[],
  worker: WorkerSide | undefined,
): Promise<void> {
  const { config, log, live, publisher, queue } = parts;
  const { epoch, hierarchy, rehearsal } = live.current.bundle.manifest;
  if (rehearsal) log.warn({ hierarchy, epoch }, 'THIS IS A REHEARSAL: no certificate from here may be relied upon');
  await checkSeals(parts);
  await parts.incidents.refresh();
  await reconcile(parts);
  const own = await OwnTls.issue(parts);
  await publisher.refresh();
  await parts.ends.refresh();
  const stopping = (): boolean => state.stopping;
  const health = healthOf(parts, stopping);
  const answers = answersOf(parts, health, stopping);
  const ticketKeys = worker === undefined ? {} : { ticketKeys: worker.ticketKeys };
  const main = makeServer({ ...own.current, ...answers, ...ticketKeys });
  const admin = makeAdmin(parts, own.current, health);
  for (const server of admin === undefined ? [main] : [main, admin]) own.serves(server);
  const jobs = startJobs(parts, own);
  running.push(
    { name: 'HTTPS', end: drainable(main.server, drainPatience) },
    { name: 'jobs', end: () => jobs.stop() },
    { name: 'validations', end: () => queue.stop() },
    { name: 'publisher', end: () => Promise.resolve(publisher.stop()) },
  );
  for (const [server, place] of makeSideServers(parts, worker, admin)) {
    running.push({ name: 'HTTP', end: drainable(server, 0) });
    await listenOn(server, place);
  }
  await queue.sweep();
  if (config.behindProxy !== undefined) {
    const proxied = makeProxiedServer(answers);
    running.push({ name: 'HTTP behind a proxy', end: drainable(proxied, drainPatience) });
    await listenOn(proxied, config.behindProxy);
  }
  await listenOn(main.server, config.listen);
  log.info(
    { hierarchy, epoch, baseUrl: config.baseUrl, directories: Object.keys(config.directories) },
    worker ? 'worker ready' : 'ready',
  );
  worker?.ready({ metrics: () => numbersOf(parts), useTicketKeys: (keys) => main.useTicketKeys(keys) });
}

/** `coldroot-issuer serve`, in this one process: alone, or as one of several workers. */
export async function serveHere(loaded: Loaded, migrateFirst: boolean, worker?: WorkerSide): Promise<number> {
  const { config } = loaded;
  const log = makeLog(config.log.level, clock);
  const measures = makeMeasures();
  // First, because it may refuse: nothing is open yet that would have to be closed.
  const token = connectKeys(config, log, measures);
  const database = await openDatabase(config, {
    onError: (err) => log.error({ err }, 'database connection lost'),
    inTheClear: () => log.warn({}, 'THE DATABASE IS ASKED WITHOUT TLS: say sslmode=verify-full in its URL'),
    onStatement: (name, seconds) => measures.statements.observe(`statement="${name}"`, seconds),
  });
  const state = { stopping: false };
  const running: Part[] = [];
  const end = async (): Promise<boolean> => {
    const last = [
      { name: 'token', end: () => token.close() },
      { name: 'database', end: () => database.close() },
    ];
    return shutDown([...running, ...last], durationSeconds(config.limits.shutdown), log);
  };
  try {
    if (migrateFirst) await migrate(database);
    await requireMigrated(database);
    await start(await compose(loaded, database, token.keys, log, measures), state, running, worker);
    const signal = await stopSignal();
    state.stopping = true;
    log.info({ signal }, 'stopping');
  } catch (error) {
    await end();
    throw error;
  }
  const inTime = await end();
  log.info({ inTime }, 'stopped');
  return inTime ? exitCodes.done : exitCodes.internal;
}
