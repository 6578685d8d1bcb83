import { monotonicSeconds } from '../../core/node/clock.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import { AcmeProblem, problemDocument, toProblem } from '../acme/problems.ts';
import type { Logger } from '../ops/log.ts';
import type { ChallengeJob } from '../store/challenge.ts';
import type { Database } from '../store/database.ts';
import { failChallenge } from '../store/fail-challenge.ts';
import { releaseChallenges } from '../store/release-challenges.ts';
import { retryChallenge } from '../store/retry-challenge.ts';
import { succeedChallenge } from '../store/succeed-challenge.ts';
import { takeOverChallenges } from '../store/take-over-challenges.ts';
import { connectionFailure } from './failures.ts';
import { FairQueue } from './fair-queue.ts';
import { keyAuthorizationOf } from './key-authorization.ts';
import type { Proof, Validator } from './validator.ts';

export interface QueueOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** By directory and by challenge type. */
  readonly validators: (directory: string) => Readonly<Record<string, Validator>>;
  /** A validation has failed for the client's reasons: for limits. */
  readonly onFailed?: (job: ChallengeJob) => Promise<void>;
  readonly concurrency: number;
  /** The URL of an account, which some challenges bind. */
  readonly accountUrl: (directory: string, id: string) => string;
  /** How often a challenge is tried, and seconds from one attempt to the next (RFC 8555 §8.2). */
  readonly attempts: number;
  readonly attemptsApart: number;
  /** Milliseconds for one validation. */
  readonly timeout: number;
  /** Seconds until somebody else may take a challenge over. */
  readonly lease: number;
  readonly log: Logger;
  /** Hears how long each validation took, and whether it proved anything. */
  readonly onValidated?: (type: string, proved: boolean, seconds: number) => void;
}

const maximumWaiting = 1000;
/** Milliseconds in which a validator whose time is up says by itself what it was waiting for. */
const lastWord = 1000;

/**
 * What a validator comes to, or its end: one that never settled would keep its place for good, and strangers choose what it
 * meets. On every replica, in the end, because what is not finished is taken over.
 */
async function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const arm = (): void => {
    timer = setTimeout(() => late.reject(connectionFailure('There was no answer in time.')), lastWord);
  };
  if (signal.aborted) arm();
  else signal.addEventListener('abort', arm, { once: true });
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    signal.removeEventListener('abort', arm);
    clearTimeout(timer);
  }
}

/**
 * Validates challenges off the request path, a bounded number at a time. The database is the queue: what is in here is
 * leased, what does not fit or is lost with the process is taken over when its lease has run out.
 */
export class ValidationQueue {
  readonly #options: QueueOptions;
  readonly #waiting: FairQueue;
  readonly #running = new Map<string, Promise<void>>();
  /** Ends of validations, by challenge and by authorization. */
  readonly #ends = new Map<string, Promise<void>>();
  readonly #endings = new Map<string, () => void>();
  readonly #stop = new AbortController();

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#waiting = new FairQueue(options.concurrency, maximumWaiting);
  }

  /** How many are running and waiting. */
  get length(): number {
    return this.#running.size + this.#waiting.length;
  }

  enqueue(job: ChallengeJob): void {
    if (this.#stop.signal.aborted || this.#running.has(job.id) || this.#waiting.has(job.id)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#endings.set(job.id, resolve);
    for (const name of [job.id, job.authorization_id]) this.#ends.set(name, promise);
    const left = this.#waiting.add(job);
    if (left !== undefined) this.#end(left);
    this.#next();
  }

  #end({ id, authorization_id }: ChallengeJob): void {
    this.#endings.get(id)?.();
    for (const name of [id, authorization_id]) this.#ends.delete(name);
    this.#endings.delete(id);
  }

  /** Resolves when the validation of this challenge or authorization ends, at once when there is none, or in time. */
  async ended(name: string, milliseconds: number): Promise<void> {
    const end = this.#ends.get(name);
    if (end === undefined) return;
    // A timer that is put away, not a pause that is aborted: an abort makes an error with a stack, each time.
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, milliseconds).unref();
    await Promise.race([end, late.promise]);
    clearTimeout(timer);
  }

  #next(): void {
    while (this.#running.size < this.#options.concurrency && !this.#stop.signal.aborted) {
      const job = this.#waiting.next();
      if (job === undefined) return;
      const run = this.#run(job)
        .catch((error: unknown) =>
          this.#options.log.error({ err: error, challenge: job.id }, 'validation not recorded'),
        )
        .finally(() => {
          this.#running.delete(job.id);
          this.#waiting.ended(job);
          this.#end(job);
          this.#next();
        });
      this.#running.set(job.id, run);
    }
  }

  async #run(job: ChallengeJob): Promise<void> {
    const { clock, database, log, onValidated } = this.#options;
    const from = monotonicSeconds();
    const { fault: found, proof } = await this.#validate(job);
    onValidated?.(job.type, found === undefined, monotonicSeconds() - from);
    if (found === undefined) {
      const until = proof?.until === undefined ? null : formatUtc(proof.until);
      await succeedChallenge(database, job.id, formatUtc(clock.now()), until);
      log.info({ challenge: job.id, type: job.type }, 'validated');
      return;
    }
    // Whoever takes over what was stopped begins with it anew.
    if (this.#stop.signal.aborted) return;
    const ours = !(found instanceof AcmeProblem);
    if (ours) log.error({ err: found, challenge: job.id }, 'validation failed');
    // Not left as it is: what a stranger's answer does to us once, it does whenever somebody takes it over.
    const fault = ours ? toProblem(found) : found;
    if (await this.#retries(job, fault)) return;
    await failChallenge(database, job.id, problemDocument(fault), orderError(job, fault));
    log.info({ challenge: job.id, type: job.type, problem: fault.type }, 'not validated');
    if (!ours) await this.#options.onFailed?.(job);
  }

  async #retries({ id, type }: ChallengeJob, fault: AcmeProblem): Promise<boolean> {
    const { attempts, attemptsApart, clock, database, log } = this.#options;
    if (attempts === 1) return false;
    const at = formatUtc(clock.now() + attemptsApart);
    const again = await retryChallenge(database, id, problemDocument(fault), { at, attempts });
    if (again) log.info({ challenge: id, type, problem: fault.type }, 'not validated yet');
    return again;
  }

  async #validate(job: ChallengeJob): Promise<{ readonly fault?: unknown; readonly proof?: Proof | void }> {
    const { accountUrl, validators, timeout } = this.#options;
    const validator = validators(job.directory)[job.type];
    if (validator === undefined) return { fault: new Error(`no validator for ${job.type}`) };
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(timeout)]);
    try {
      const asked = { ...job, account_url: accountUrl(job.directory, job.account_id) };
      const work = validator(asked, keyAuthorizationOf(job.token, job.thumbprint), signal);
      return { proof: await inTime(work, signal) };
    } catch (error) {
      return { fault: this.#stop.signal.aborted ? new Error('stopped') : error };
    }
  }

  /** Takes over what others have left unfinished, as far as there is room. */
  async sweep(): Promise<void> {
    const { clock, concurrency, database, lease } = this.#options;
    const room = Math.min(concurrency, maximumWaiting - this.#waiting.length);
    if (room <= 0 || this.#stop.signal.aborted) return;
    const now = clock.now();
    const times = { now: formatUtc(now), leasedUntil: formatUtc(now + lease) };
    for (const job of await takeOverChallenges(database, times, room)) this.enqueue(job);
  }

  /** Stops at once and gives back what was not finished, for the next process to begin with. */
  async stop(): Promise<void> {
    this.#stop.abort();
    const waiting = this.#waiting.clear();
    const unfinished = [...this.#running.keys(), ...waiting.map(({ id }) => id)];
    for (const job of waiting) this.#end(job);
    await Promise.all(this.#running.values());
    await releaseChallenges(this.#options.database, unfinished);
  }
}

/** What makes the order invalid, with the identifier it was about (RFC 8555 §6.7.1). */
function orderError(job: ChallengeJob, fault: AcmeProblem): ReturnType<typeof problemDocument> {
  const identifier = { type: job.identifier_type, value: job.identifier_value };
  const detail = `${fault.message} ${fault.remedy}`;
  return problemDocument(
    new AcmeProblem(fault.type, `Validating ${identifier.value} failed.`, 'See the authorization.', {
      subproblems: [{ type: fault.type, detail, identifier }],
    }),
  );
}
