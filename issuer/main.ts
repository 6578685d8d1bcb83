#!/usr/bin/env node
// The composition root: every object of the online program is built here and nowhere else.
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Bundle } from '../core/bundle/bundle.ts';
import { systemClock as clock } from '../core/node/clock.ts';
import { nodeDigest, nodeVerifier } from '../core/node/crypto.ts';
import { systemEntropy as entropy } from '../core/node/entropy.ts';
import { connectTokens } from '../core/node/pkcs11/connect.ts';
import { durationSeconds } from '../core/profile/duration.ts';
import { formatUtc } from '../core/profile/dates.ts';
import { AccountKeys } from './acme/account-keys.ts';
import { makeDirectory, type Directory } from './acme/directory.ts';
import { Lru } from './acme/lru.ts';
import { pruneNonces, refreshNonceKeys } from './acme/nonce-keyring.ts';
import { Nonces } from './acme/nonces.ts';
import type { Services } from './acme/services.ts';
import { SingleFlight } from './acme/single-flight.ts';
import { loadBundle, readBundleFile, reloadBundle } from './admin/load-bundle.ts';
import { listenOn } from './http/listen.ts';
import { makeMetricsServer, makePlainServer, makeServer, type SecureServer } from './http/server.ts';
import { exitCodes, parseCommandLine, type CommandName, type Invocation } from './ops/command-line.ts';
import { readConfig, type Config } from './ops/config.ts';
import { makeHealth } from './ops/health.ts';
import { Jobs } from './ops/jobs.ts';
import { makeLog } from './ops/log.ts';
import { renderMetrics } from './ops/metrics.ts';
import { Refused, reportOf } from './ops/refused.ts';
import { readSecretFile } from './ops/secret-file.ts';
import { shutDown, stopSignal, type Part } from './ops/shutdown.ts';
import { summarise } from './ops/summary.ts';
import { Publisher } from './revocation/publisher.ts';
import { loadChains } from './sign/chains.ts';
import type { IssueTools } from './sign/issue.ts';
import { openIssuers, type Issuers } from './sign/open-issuers.ts';
import { issueOwnCertificate, type OwnCertificate } from './sign/own-certificate.ts';
import type { Locate } from './sign/policy.ts';
import { TokenKeys } from './sign/token-keys.ts';
import { issuerVerifier } from './sign/verifier.ts';
import { Database, reachDatabase } from './store/database.ts';
import { migrate, requireMigrated } from './store/migrate.ts';
import { reconcileCertificates } from './store/reconcile-certificates.ts';
import { dns01 } from './validate/dns-01.ts';
import { Dns } from './validate/dns.ts';
import { http01 } from './validate/http-01.ts';
import { NetworkPolicy } from './validate/networks.ts';
import { ValidationQueue } from './validate/queue.ts';

/** Orders whose unchanging part is kept: those that are likely to be finalized soon. */
const ordersKept = 10_000;
/** Milliseconds that a look at an authorization waits for a validation under way: most end sooner, and a poll is saved. */
const validationPatience = 1000;

interface Loaded {
  readonly config: Config;
  readonly locate: Locate;
}

/** What a running issuer is made of. */
interface Composition extends Loaded {
  readonly log: FastifyBaseLogger;
  readonly database: Database;
  readonly keys: TokenKeys;
  readonly bundle: Bundle;
  readonly issuers: Issuers;
  readonly tools: IssueTools;
  readonly queue: ValidationQueue;
  readonly publisher: Publisher;
  readonly services: Services;
}

function requireConfig(file: string): Loaded {
  const verdict = readConfig(file);
  if (verdict.ok) return verdict;
  throw new Refused(verdict.refusals);
}

async function openDatabase(
  { database }: Config,
  onError: (error: Error) => void = () => undefined,
): Promise<Database> {
  const url = database.url ?? readSecretFile(database.urlFile ?? '');
  const opened = new Database({ url, connections: database.connections, onError });
  await reachDatabase(opened);
  return opened;
}

function connectToken({ pkcs11 }: Config, log: FastifyBaseLogger): { keys: TokenKeys; close: () => Promise<void> } {
  const provider = connectTokens(pkcs11.modules, { log: (line) => log.warn({ line }, 'PKCS#11 library') });
  const keys = new TokenKeys({ provider, uri: pkcs11.token, readPin: () => readSecretFile(pkcs11.pinFile) });
  return {
    keys,
    async close() {
      await keys.close();
      await provider.close();
    },
  };
}

function makeQueue({ validation }: Config, database: Database, log: FastifyBaseLogger): ValidationQueue {
  const { resolver, httpPort, httpsPort, concurrency, allowedNetworks, deniedNetworks } = validation;
  const dns = new Dns({ ...resolver, timeout: durationSeconds(resolver.timeout) * 1000 });
  const networks = new NetworkPolicy({ allowed: allowedNetworks, denied: deniedNetworks });
  return new ValidationQueue({
    database,
    clock,
    validators: { 'http-01': http01({ dns, networks, httpPort, httpsPort }), 'dns-01': dns01(dns) },
    concurrency,
    timeout: durationSeconds(validation.timeout) * 1000,
    lease: leaseOf(validation),
    log,
  });
}

/** Seconds after which a validation has ended and its result is written, if it ever will be. */
function leaseOf({ timeout }: Config['validation']): number {
  return durationSeconds(timeout) + 10;
}

async function makeServices(
  config: Config,
  parts: Omit<Composition, 'services' | 'config' | 'locate'>,
): Promise<Services> {
  const { database, queue, publisher, tools } = parts;
  const { limits, validation } = config;
  const nonces = new Nonces({ clock, entropy, lifetimeSeconds: durationSeconds(limits.nonceLifetime) });
  const refresh = (): Promise<void> => refreshNonceKeys(database, nonces, { clock, entropy });
  await refresh();
  return {
    clock,
    entropy,
    database,
    nonces,
    refreshNonceKeys: refresh,
    accountKeys: new AccountKeys(database, limits.accountsCached),
    verify: nodeVerifier,
    issue: tools,
    chains: await loadChains(database),
    finalizing: new SingleFlight(),
    orders: new Lru(ordersKept),
    validate: (job) => queue.enqueue(job),
    validated: (name) => queue.ended(name, validationPatience),
    validationLease: leaseOf(validation),
    revoked: (issuer) => publisher.revoked(issuer),
    counters: { orders: 0, certificates: 0, revocations: 0 },
    limits: { identifiersPerOrder: limits.identifiersPerOrder, orderLifetime: durationSeconds(limits.orderLifetime) },
  };
}

async function takeBundle(config: Config, database: Database): Promise<Bundle> {
  if (config.bundle === undefined) return reloadBundle(database, config, clock);
  return (await loadBundle(database, readBundleFile(config.bundle), config, clock)).bundle;
}

async function compose(
  loaded: Loaded,
  database: Database,
  keys: TokenKeys,
  log: FastifyBaseLogger,
): Promise<Composition> {
  const { config, locate } = loaded;
  const bundle = await takeBundle(config, database);
  const issuers = await openIssuers(bundle, keys, config, locate);
  const tools: IssueTools = { clock, entropy, digest: nodeDigest, verify: issuerVerifier() };
  const settings = { lifetime: durationSeconds(config.crl.lifetime) };
  const publisher = new Publisher({ database, issuers: issuers.all, bundle, settings, tools, log });
  const queue = makeQueue(config, database, log);
  const parts = { log, database, keys, bundle, issuers, tools, queue, publisher };
  return { ...loaded, ...parts, services: await makeServices(config, parts) };
}

function ownCertificate({ config, tools, database, issuers }: Composition): Promise<OwnCertificate> {
  return issueOwnCertificate(config.tls, issuers.get(config.tls.issuer), tools, database);
}

async function reconcile({ config, database, log }: Composition): Promise<void> {
  const now = clock.now();
  const deadline = now - durationSeconds(config.limits.signingDeadline);
  const givenUp = await reconcileCertificates(database, formatUtc(deadline), formatUtc(now));
  if (givenUp.length > 0) log.warn({ certificates: givenUp.length }, 'certificates given up that were never stored');
}

function makeMainServer(parts: Composition, own: OwnCertificate, stopping: () => boolean): SecureServer {
  const { config, bundle, database, issuers, keys, log, publisher, services } = parts;
  const directories = new Map<string, Directory>(
    Object.entries(config.directories).map(([name, directory]) => [
      name,
      makeDirectory(name, directory, issuers.get(directory.issuer), config.baseUrl),
    ]),
  );
  return makeServer({
    ...own,
    bodyBytes: config.limits.bodyBytes,
    logger: log,
    entropy,
    acme: { baseUrl: config.baseUrl, directories, services },
    health: makeHealth({ config, bundle, database, clock, tokenWorks: () => keys.working, stopping }),
    files: publisher,
    stopping,
  });
}

function startJobs(parts: Composition, server: SecureServer, first: OwnCertificate): Jobs {
  const { database, log, queue, publisher, services } = parts;
  const jobs = new Jobs(log);
  let own = first;
  const renew = async (): Promise<void> => {
    if (clock.now() < own.renewAt) return;
    own = await ownCertificate(parts);
    server.useCertificate(own);
    log.info({}, 'own TLS certificate renewed');
  };
  jobs.start({ name: 'nonce keys', seconds: 60, run: services.refreshNonceKeys });
  jobs.start({ name: 'nonce pruning', seconds: 60, run: () => pruneNonces(database, services.nonces, clock) });
  jobs.start({ name: 'abandoned validations', seconds: 5, run: () => queue.sweep() });
  jobs.start({ name: 'abandoned certificates', seconds: 5, run: () => reconcile(parts) });
  jobs.start({ name: 'CRLs', seconds: 5, run: () => publisher.refresh() });
  jobs.start({ name: 'own TLS certificate', seconds: 5, run: renew });
  return jobs;
}

/** The plain-HTTP servers that the configuration asks for, and where each listens. */
function makeSideServers(parts: Composition): readonly (readonly [FastifyInstance, { host: string; port: number }])[] {
  const { config, log, publisher, database, services, queue } = parts;
  const sources = { database: database.counters, acme: services.counters, validating: () => queue.length };
  return [
    ...(config.publish === undefined ? [] : [[makePlainServer(log, publisher), config.publish] as const]),
    ...(config.metrics === undefined
      ? []
      : [[makeMetricsServer(log, () => renderMetrics(sources)), config.metrics] as const]),
  ];
}

/** Starts everything that runs. Whatever has to be ended later is put into `running` as soon as it is there. */
async function start(parts: Composition, state: { stopping: boolean }, running: Part[]): Promise<void> {
  const { config, log, bundle, publisher, queue } = parts;
  const { epoch, hierarchy, rehearsal } = bundle.manifest;
  if (rehearsal) log.warn({ hierarchy, epoch }, 'THIS IS A REHEARSAL: no certificate from here may be relied upon');
  await reconcile(parts);
  const own = await ownCertificate(parts);
  await publisher.refresh();
  const main = makeMainServer(parts, own, () => state.stopping);
  const jobs = startJobs(parts, main, own);
  running.push(
    { name: 'HTTPS', end: () => main.server.close() },
    { name: 'jobs', end: () => jobs.stop() },
    { name: 'validations', end: () => queue.stop() },
    { name: 'publisher', end: () => Promise.resolve(publisher.stop()) },
  );
  for (const [server, place] of makeSideServers(parts)) {
    running.push({ name: 'HTTP', end: () => server.close() });
    await listenOn(server, place);
  }
  await queue.sweep();
  await listenOn(main.server, config.listen);
  log.info({ hierarchy, epoch, baseUrl: config.baseUrl, directories: Object.keys(config.directories) }, 'ready');
}

async function serve(loaded: Loaded, migrateFirst: boolean): Promise<number> {
  const { config } = loaded;
  const log = makeLog(config.log.level, clock);
  const database = await openDatabase(config, (err) => log.error({ err }, 'database connection lost'));
  const token = connectToken(config, log);
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
    await start(await compose(loaded, database, token.keys, log), state, running);
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

async function withDatabase(config: Config, work: (database: Database) => Promise<string>): Promise<number> {
  const database = await openDatabase(config);
  try {
    process.stdout.write(await work(database));
    return exitCodes.done;
  } finally {
    await database.close();
  }
}

async function runMigrate({ config }: Loaded): Promise<number> {
  return withDatabase(config, async (database) => {
    const applied = await migrate(database);
    return applied.length === 0 ? 'The database is up to date.\n' : applied.map((name) => `applied ${name}\n`).join('');
  });
}

async function runLoad({ config }: Loaded, file: string): Promise<number> {
  return withDatabase(config, async (database) => {
    await requireMigrated(database);
    const { bundle, isNew } = await loadBundle(database, readBundleFile(file), config, clock);
    const { epoch, hierarchy, expires } = bundle.manifest;
    const names = bundle.issuers.map(({ entry }) => entry.name).join(', ');
    return `${isNew ? 'Loaded' : 'Loaded before:'} epoch ${epoch} of ${hierarchy}, expires ${expires}: ${names}\n`;
  });
}

type Call = Exclude<Invocation, { readonly print: string }>;

const actions: Readonly<Record<CommandName, (loaded: Loaded, call: Call) => Promise<number>>> = {
  serve: (loaded, { migrate: first }) => serve(loaded, first),
  migrate: (loaded) => runMigrate(loaded),
  'check-config': ({ config }) => {
    process.stdout.write(summarise(config));
    return Promise.resolve(exitCodes.done);
  },
  load: (loaded, { operand }) => runLoad(loaded, operand),
};

async function main(argv: readonly string[]): Promise<number> {
  try {
    const call = parseCommandLine(argv);
    if ('print' in call) {
      process.stdout.write(call.print);
      return exitCodes.done;
    }
    return await actions[call.command](requireConfig(call.config), call);
  } catch (error) {
    const { lines, exitCode } = reportOf(error);
    process.stderr.write(`${lines.join('\n')}\n`);
    return exitCode;
  }
}

// Not process.exit(): what was written must arrive. Nothing holds the process once everything is closed, and what was
// cut off at the deadline is not waited for.
process.exitCode = await main(process.argv.slice(2));
if (process.exitCode === exitCodes.internal) process.exit();
