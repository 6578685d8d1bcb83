import cluster, { type Worker } from 'node:cluster';
import { setTimeout as pause } from 'node:timers/promises';
import type { Entropy } from '../../core/ports/entropy.ts';
import type { Logger } from '../ops/log.ts';
import type { Series } from '../ops/series.ts';
import { fromWorkerSchema, ticketKeyBytes, type ToWorker } from './worker-protocol.ts';

interface Member {
  readonly worker: Worker;
  readonly ready: Promise<void>;
  /** The status it ended with: 128 and more for a signal. */
  readonly exited: Promise<number>;
  /** It was told to end: nobody takes its place because it did. */
  leaving: boolean;
}

/** Milliseconds that a worker has to live for its end not to count as one of a row. */
const settled = 10_000;
const longestPause = 30_000;
/** Milliseconds that a worker has for telling its numbers. */
const metricsPatience = 2000;

/** The processes that share the port: one that dies is replaced, and all can be replaced one after the other. */
export class Workers {
  readonly #log: Logger;
  readonly #entropy: Entropy;
  readonly #members = new Set<Member>();
  readonly #questions = new Map<number, (series: readonly Series[]) => void>();
  #ticketKeys: Uint8Array<ArrayBuffer>;
  #lastQuestion = 0;
  #stopping = false;
  #deaths = 0;

  constructor(log: Logger, entropy: Entropy) {
    this.#log = log;
    this.#entropy = entropy;
    this.#ticketKeys = Uint8Array.from(entropy.bytes(ticketKeyBytes));
    cluster.setupPrimary({ serialization: 'advanced' });
  }

  /** Starts one more and resolves when it is ready; with its status when it ended before. */
  async start(): Promise<number | undefined> {
    const member = this.#fork();
    const early = await Promise.race([member.ready.then(() => undefined), member.exited]);
    if (early === undefined) void this.#keep(member);
    return early;
  }

  #fork(): Member {
    const worker = cluster.fork();
    const ready = Promise.withResolvers<void>();
    const exited = Promise.withResolvers<number>();
    const member: Member = { worker, ready: ready.promise, exited: exited.promise, leaving: false };
    this.#members.add(member);
    worker.on('message', (message) => this.#hear(message, ready.resolve));
    worker.on('error', (err) => this.#log.error({ err, worker: worker.process.pid }, 'a worker cannot be reached'));
    worker.on('exit', (code: number | null) => {
      this.#members.delete(member);
      exited.resolve(code ?? 137);
    });
    this.#tell(member, { kind: 'begin', ticketKeys: this.#ticketKeys });
    return member;
  }

  /** Replaces a worker when it ends unbidden, more slowly the more often that happens. */
  async #keep(member: Member): Promise<void> {
    const end = member.exited.then(() => 'ended');
    if ((await Promise.race([end, pause(settled, 'lives', { ref: false })])) === 'lives') this.#deaths = 0;
    const code = await member.exited;
    if (member.leaving || this.#stopping) return;
    const wait = Math.min(longestPause, this.#deaths === 0 ? 0 : 500 * 2 ** this.#deaths);
    this.#deaths += 1;
    this.#log.error({ worker: member.worker.process.pid, code, wait }, 'a worker ended unbidden and is replaced');
    await pause(wait, undefined, { ref: false });
    if (this.#stopping) return;
    const early = await this.start();
    // One that cannot even start is tried again all the same: what it lacks may come back.
    if (early !== undefined) await this.#keep({ ...member, exited: Promise.resolve(early) });
  }

  /** Replaces all, one after the other; each goes only when the one in its place is ready. */
  async roll(): Promise<boolean> {
    const before = Array.from(this.#members);
    for (const member of before) {
      if (this.#stopping) return false;
      const early = await this.start();
      if (early !== undefined) {
        this.#log.error({ code: early }, 'the new worker did not start: the others stay as they are');
        return false;
      }
      member.leaving = true;
      member.worker.process.kill('SIGTERM');
      await member.exited;
    }
    return true;
  }

  /** New keys for session tickets, everywhere at once. */
  renewTicketKeys(): void {
    this.#ticketKeys = Uint8Array.from(this.#entropy.bytes(ticketKeyBytes));
    for (const member of this.#members) this.#tell(member, { kind: 'ticket-keys', ticketKeys: this.#ticketKeys });
  }

  /** The numbers of all workers; one that does not answer is left out. */
  async metrics(): Promise<readonly (readonly Series[])[]> {
    return Promise.all([...this.#members].map((member) => this.#ask(member)));
  }

  async #ask(member: Member): Promise<readonly Series[]> {
    this.#lastQuestion += 1;
    const id = this.#lastQuestion;
    const answer = new Promise<readonly Series[]>((resolve) => this.#questions.set(id, resolve));
    this.#tell(member, { kind: 'metrics', id });
    const giveUp = new AbortController();
    const late = pause(metricsPatience, [], { ref: false, signal: giveUp.signal }).catch(() => []);
    const series = await Promise.race([answer, late]);
    giveUp.abort();
    this.#questions.delete(id);
    return series;
  }

  #tell({ worker }: Member, message: ToWorker): void {
    // One that is just ending does not hear it any more, and need not.
    if (worker.isConnected()) worker.send(message, () => undefined);
  }

  #hear(message: unknown, ready: () => void): void {
    const parsed = fromWorkerSchema.safeParse(message);
    if (!parsed.success) return;
    if (parsed.data.kind === 'ready') ready();
    else this.#questions.get(parsed.data.id)?.(parsed.data.series);
  }

  /** Tells all to end in order; the highest status of theirs. */
  async stop(): Promise<number> {
    this.#stopping = true;
    const ends = [...this.#members].map(async (member) => {
      member.leaving = true;
      member.worker.process.kill('SIGTERM');
      return member.exited;
    });
    return Math.max(0, ...(await Promise.all(ends)));
  }
}
