import type { FastifyBaseLogger } from 'fastify';
import type { Bundle } from '../../core/bundle/bundle.ts';
import { systemClock as clock } from '../../core/node/clock.ts';
import { nodeDigest, nodeVerifier } from '../../core/node/crypto.ts';
import { pooledEntropy } from '../../core/node/entropy.ts';
import { connectTokens } from '../../core/node/pkcs11/connect.ts';
import { durationSeconds } from '../../core/profile/duration.ts';
import { AccountKeys } from '../acme/account-keys.ts';
import { Lru } from '../acme/lru.ts';
import { refreshNonceKeys } from '../acme/nonce-keyring.ts';
import { Nonces } from '../acme/nonces.ts';
import type { Services } from '../acme/services.ts';
import { SingleFlight } from '../acme/single-flight.ts';
import { urlsOf } from '../acme/urls.ts';
import { loadBundle, readBundleFile, reloadBundle } from '../admin/load-bundle.ts';
import { makeTraffic, type Traffic } from '../http/bounds.ts';
import type { Config } from '../ops/config.ts';
import { EndWatch } from '../ops/end-watch.ts';
import { endsOf, type End } from '../ops/ends.ts';
import { IncidentGauge } from '../ops/incident-gauge.ts';
import type { Measures } from '../ops/measures.ts';
import { Sealer } from '../ops/sealer.ts';
import { readSecretFile } from '../ops/secret-file.ts';
import { Publisher } from '../revocation/publisher.ts';
import type { IssueTools } from '../sign/issue.ts';
import { FileKeys } from '../sign/file-keys.ts';
import type { IssuerKeys } from '../sign/issuer-keys.ts';
import { TokenKeys } from '../sign/token-keys.ts';
import { issuerVerifier } from '../sign/verifier.ts';
import { bundleKnown } from '../store/bundle-known.ts';
import { crlDates } from '../store/crl-dates.ts';
import type { Database } from '../store/database.ts';
import { keysOfAccount } from '../store/keys-of-account.ts';
import { makeValidators } from '../validate/make-validators.ts';
import { ValidationQueue } from '../validate/queue.ts';
import { takeFromLimit } from '../store/take-from-limit.ts';
import { validationSubject } from '../acme/rate-limits.ts';
import { Live, openGeneration } from './live.ts';
import type { Loaded } from './loaded.ts';
import { makeOcsp, type Ocsp } from './make-ocsp.ts';

/** Nonces, names and tokens: a few bytes, many times a second. */
const entropy = pooledEntropy();
/** Identifiers of orders whose unchanging part is kept, those that are likely to be finalized soon: some ten megabytes at most. */
const identifiersKept = 20_000;
/** Milliseconds that a look at an authorization waits for a validation under way: most end sooner, and a poll is saved. */
const validationPatience = 1000;

/** What a running issuer is made of. */
export interface Composition extends Loaded {
  readonly log: FastifyBaseLogger;
  readonly database: Database;
  readonly keys: IssuerKeys;
  readonly live: Live;
  readonly tools: IssueTools;
  readonly queue: ValidationQueue;
  readonly publisher: Publisher;
  /** Where OCSP is configured. */
  readonly ocsp: Ocsp | undefined;
  readonly services: Services;
  readonly measures: Measures;
  readonly traffic: Traffic;
  readonly incidents: IncidentGauge;
  readonly ends: EndWatch;
  /** Where the certificate that this process serves with is put once it is issued. */
  readonly serving: { certificate: { readonly begins: number; readonly ends: number } | undefined };
}

/** The issuing keys of the configuration: a token in a process of its own, or files. */
export function connectKeys(
  { pkcs11, keyFiles }: Config,
  log: FastifyBaseLogger,
  { stages }: Measures,
): { keys: IssuerKeys; close: () => Promise<void> } {
  if (pkcs11 === undefined) {
    const { files = [], passphraseFile = '' } = keyFiles ?? {};
    log.warn({ files }, 'THE ISSUING KEYS ARE IN FILES: whoever can read this process has them. For labs only');
    const keys = new FileKeys(files, () => readSecretFile(passphraseFile));
    return { keys, close: () => keys.close() };
  }
  const provider = connectTokens(pkcs11.modules, { log: (line) => log.warn({ line }, 'PKCS#11 library') });
  const keys = new TokenKeys({
    provider,
    uri: pkcs11.token,
    readPin: () => readSecretFile(pkcs11.pinFile),
    onSigned: (seconds) => stages.observe('stage="sign"', seconds),
  });
  return {
    keys,
    async close() {
      await keys.close();
      await provider.close();
    },
  };
}

function makeQueue(
  { baseUrl, directories, validation }: Config,
  database: Database,
  live: Live,
  { log, validations }: { readonly log: FastifyBaseLogger } & Pick<Measures, 'validations'>,
): ValidationQueue {
  return new ValidationQueue({
    database,
    clock,
    validators: makeValidators(validation, {
      directories,
      clock,
      hashPrefix: (directory) => urlsOf(baseUrl, directory).accountHashPrefix,
      keysOf: (id) => keysOfAccount(database, id),
    }),
    accountUrl: (directory, id) => urlsOf(baseUrl, directory).account(id),
    concurrency: validation.concurrency,
    attempts: validation.attempts,
    attemptsApart: durationSeconds(validation.attemptsApart),
    timeout: durationSeconds(validation.timeout) * 1000,
    lease: leaseOf(validation),
    log,
    onValidated: (type, proved, seconds) => validations.observe(`type="${type}",proved="${proved}"`, seconds),
    async onFailed({ directory: name, thumbprint, identifier_type, identifier_value }) {
      const subject = validationSubject(thumbprint, { type: identifier_type, value: identifier_value });
      const limit = live.current.directories.get(name)?.rateLimits.failedValidationsPerName;
      if (limit !== undefined) await takeFromLimit(database, 'failedValidationsPerName', `${name}/${subject}`, limit);
    },
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
  const { database, keys, live, queue, publisher, tools } = parts;
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
    sealer: Sealer.fromFiles(config.sealing?.keyFiles ?? [], entropy),
    verify: nodeVerifier,
    issue: tools,
    get chains() {
      return live.current.chains;
    },
    roomToSign: () => !keys.overloaded,
    finalizing: new SingleFlight(),
    orders: new Lru(identifiersKept, ({ identifiers }) => identifiers.length),
    validate: (job) => queue.enqueue(job),
    validated: (name) => queue.ended(name, validationPatience),
    validationLease: leaseOf(validation),
    revoked: (issuer) => publisher.revoked(issuer),
    counters: { orders: 0, certificates: 0, revocations: 0 },
    limits: { identifiersPerOrder: limits.identifiersPerOrder, orderLifetime: durationSeconds(limits.orderLifetime) },
  };
}

/**
 * The bundle to begin with. A file that was loaded before says nothing new: the one loaded last goes on, so that a
 * restart after "load" does not ask for a change of the configuration.
 */
async function takeBundle(config: Config, database: Database): Promise<Bundle> {
  if (config.bundle === undefined) return reloadBundle(database, config, clock);
  const bytes = readBundleFile(config.bundle);
  if (await bundleKnown(database, nodeDigest('sha256', bytes))) return reloadBundle(database, config, clock);
  return (await loadBundle(database, bytes, config, clock)).bundle;
}

async function lookAtEnds(live: Live, database: Database, serving: Composition['serving']): Promise<readonly End[]> {
  const { bundle, issuers, authorities } = live.current;
  const crls = await crlDates(
    database,
    issuers.all.map(({ name }) => name),
  );
  return endsOf({ bundle, issuers: issuers.all, authorities: authorities.values(), crls, tls: serving.certificate });
}

/** Builds every object of the online program that the configuration asks for. */
export async function compose(
  loaded: Loaded,
  database: Database,
  keys: IssuerKeys,
  log: FastifyBaseLogger,
  measures: Measures,
): Promise<Composition> {
  const { config } = loaded;
  const bundle = await takeBundle(config, database);
  const live = new Live(await openGeneration(loaded, bundle, keys, database));
  const tools: IssueTools = { clock, entropy, digest: nodeDigest, verify: issuerVerifier() };
  const settings = { lifetime: durationSeconds(config.crl.lifetime) };
  const publisher = new Publisher({ database, generation: () => live.current, settings, tools, log });
  const queue = makeQueue(config, database, live, { log, ...measures });
  const incidents = new IncidentGauge(database, clock);
  const ocsp = makeOcsp(config, { database, live, tools, log, measures });
  const serving: Composition['serving'] = { certificate: undefined };
  const ends = new EndWatch(() => lookAtEnds(live, database, serving), clock, log);
  const traffic = makeTraffic();
  const parts = {
    traffic,
    incidents,
    ends,
    serving,
    log,
    database,
    keys,
    live,
    tools,
    queue,
    publisher,
    ocsp,
    measures,
  };
  return { ...loaded, ...parts, services: await makeServices(config, parts) };
}
