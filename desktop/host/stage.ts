import { CodedError, isCoded, plainRefusal } from '../../core/ports/coded-error.ts';
import { typedWords } from '../../core/ceremony/typed-words.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import type { EventOf, HostEvent } from '../contract/events.ts';
import type { RequestOf } from '../contract/methods.ts';
import type { Reply } from '../contract/reply.ts';
import { readSecret, takeSecret } from '../contract/secret.ts';
import type { Snapshot } from '../contract/shapes.ts';
import type { OpenCeremony } from './open-ceremony.ts';
import { orThrow, refusal } from './refusals.ts';
import type { HostSetting } from './setting.ts';
import { snapshotOf } from './snapshot.ts';

/**
 * The one ceremony a window can have open, and what people can do to it. Every answer says which act and prompt it is
 * for: one that comes late, or twice, never counts for the next.
 */
export class Stage {
  readonly #setting: HostSetting;
  readonly #listeners = new Set<(event: HostEvent) => void>();
  #open: OpenCeremony | undefined;
  #leaving = false;
  #told = false;
  #work = { what: '', since: '' };

  constructor(setting: HostSetting) {
    this.#setting = setting;
  }

  subscribe(listener: (event: HostEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: HostEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  progress(body: EventOf<'progress'>): void {
    this.emit({ event: 'progress', body });
  }

  /** Id of the open ceremony. */
  get id(): string | undefined {
    return this.#open?.place.id;
  }

  /** Refuses while a ceremony is open. */
  requireNone(): void {
    if (this.#open !== undefined) throw refusal('window-open');
  }

  readonly fault = (error: unknown): void => {
    const ceremony = this.#open?.place.id ?? null;
    const message = `The program failed inside (${error instanceof Error ? error.name : 'unknown error'}).`;
    const remedy = 'The ceremony is safe in its journal: resume it, and report this.';
    const coded = isCoded(error) ? error : new CodedError({ code: 'window-fault', message, remedy });
    this.emit({ event: 'fault', body: { ceremony, refusal: plainRefusal(coded) } });
    void this.close();
  };

  /** Puts a ceremony on the stage. */
  take(open: OpenCeremony): Snapshot {
    this.#open = open;
    this.#leaving = false;
    open.session.subscribe(() => {
      this.#changed();
    });
    this.#changed();
    return this.#look(open);
  }

  snapshot(): Snapshot | null {
    return this.#open === undefined ? null : this.#look(this.#open);
  }

  start({ word }: RequestOf<'start'>): void {
    const { session } = this.#here();
    if (session.snapshot().mode !== 'opening') throw refusal('answer-stale');
    if (word !== session.firstWord) throw refusal('word-wrong');
    session.begin();
  }

  async answer({ act, prompt, value }: RequestOf<'answer'>): Promise<void> {
    const { session } = this.#here();
    if (this.#asked(act, prompt) === 'secret') throw refusal('answer-secret');
    orThrow(await session.answer(prompt, value));
  }

  /** Takes an entry from the one-way channel, and wipes it whatever becomes of it. */
  async secret(message: unknown): Promise<Reply<null>> {
    const read = readSecret(message);
    if (!read.ok) return read;
    const { act, prompt, secret } = read.response;
    try {
      const { session } = this.#here();
      if (this.#asked(act, prompt) !== 'secret') throw refusal('answer-stale');
      const text = takeSecret(read.response);
      if (text === undefined) throw refusal('secret-malformed');
      orThrow(await session.secret(prompt, text));
      return { ok: true, response: null };
    } catch (error) {
      if (!isCoded(error)) throw error;
      return { ok: false, refusal: plainRefusal(error) };
    } finally {
      secret.fill(0);
    }
  }

  async retry({ act }: RequestOf<'retry'>): Promise<void> {
    const { session } = this.#here();
    const { mode, state } = session.snapshot();
    if (mode !== 'failed' || state.index + 1 !== act) throw refusal('retry-nothing');
    orThrow(await session.retry());
  }

  async stop({ word, reason }: RequestOf<'stop'>): Promise<void> {
    const { session } = this.#idle();
    if (word !== typedWords.stop) throw refusal('word-wrong');
    orThrow(await session.stop(reason));
  }

  async pause({ word, reason, by }: RequestOf<'pause'>): Promise<void> {
    const { session } = this.#idle();
    if (word !== typedWords.pause) throw refusal('word-wrong');
    orThrow(await session.pause(reason, by));
  }

  async deviation({ word, ...noted }: RequestOf<'deviation'>): Promise<void> {
    const { session } = this.#here();
    if (session.snapshot().busy) throw refusal('answer-busy');
    if (word !== typedWords.note) throw refusal('word-wrong');
    orThrow(await session.deviation(noted));
  }

  /** Closes the ceremony; an act that is being done is finished first. */
  leave(): void {
    this.#here();
    this.#leaving = true;
    this.#leaveIfIdle();
  }

  /** Closes the ceremony as soon as no act is being done. */
  async finish(): Promise<void> {
    while (this.#open !== undefined && this.#working()) await this.#nextChange();
    await this.close();
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    this.#leaving = false;
    await open?.close();
    if (open !== undefined) this.emit({ event: 'changed', body: { snapshot: null } });
  }

  #here(): OpenCeremony {
    if (this.#open === undefined) throw refusal('window-none');
    return this.#open;
  }

  /** The open ceremony, while no act is being done. */
  #idle(): OpenCeremony {
    const open = this.#here();
    const { mode, busy } = open.session.snapshot();
    if (mode === 'working' || busy) throw refusal('act-at-work');
    return open;
  }

  /** The kind of what is asked, if it is this. */
  #asked(act: number, id: string): string {
    const { mode, busy, state, next } = this.#here().session.snapshot();
    if (busy) throw refusal('answer-busy');
    const prompt = next.kind === 'ask' || next.kind === 'reopen' ? next.prompt : undefined;
    if (mode !== 'asking' || state.index + 1 !== act || prompt?.id !== id) throw refusal('answer-stale');
    return prompt.kind;
  }

  #look(open: OpenCeremony): Snapshot {
    const { mode, state, next } = open.session.snapshot();
    const what = mode === 'working' ? `${state.index} ${next.kind}` : '';
    const { clock } = this.#setting.ports;
    if (what !== this.#work.what) this.#work = { what, since: formatUtc(clock.now()) };
    return snapshotOf(open, this.#work.since);
  }

  /** Tells the page once for everything that changes in one turn. */
  #changed(): void {
    if (this.#told) return;
    this.#told = true;
    queueMicrotask(() => {
      this.#told = false;
      if (this.#open === undefined) return;
      this.emit({ event: 'changed', body: { snapshot: this.#look(this.#open) } });
      this.#leaveIfIdle();
    });
  }

  #working(): boolean {
    const now = this.#open?.session.snapshot();
    return now !== undefined && (now.mode === 'working' || now.busy);
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.subscribe(({ event }) => {
        if (event !== 'changed') return;
        stop();
        resolve();
      });
    });
  }

  #leaveIfIdle(): void {
    if (!this.#leaving || this.#open === undefined || this.#working()) return;
    this.close().catch(this.fault);
  }
}
