import { CodedError, type Refusal } from '../ports/coded-error.ts';
import type { Answers } from './answers.ts';
import { lastEvent, type LastEvent } from './last-event.ts';
import type { Next } from './next.ts';
import type { Ceremony } from './run.ts';
import { playScript, type ScriptedEnd, type ShareKeeper } from './scripted.ts';
import type { CeremonyState } from './state.ts';
import { mask, typedWords } from './typed-words.ts';
import { view, type CeremonyView } from './view.ts';

/** What a face shows now. */
export type Mode = 'opening' | 'asking' | 'working' | 'failed' | 'over';

/** All that a face looks at. */
export interface Snapshot {
  readonly mode: Mode;
  readonly view: CeremonyView;
  readonly state: CeremonyState;
  readonly next: Next;
  readonly last: LastEvent | undefined;
  /** An answer is being written down. */
  readonly busy: boolean;
  /** What a script "types" into the prompt; a mask for a PIN. */
  readonly played: string;
}

/** Answers to play instead of asking, and how to fetch the PINs they name. */
export interface SessionScript {
  readonly answers: Answers;
  readPin(token: string, officer?: true): Promise<string>;
  readonly shares?: ShareKeeper;
}

/**
 * A ceremony as every face sees it: a store of snapshots, and the few things people can do. It holds no secret: a PIN
 * passes through {@link Session.secret} to the ceremony and is kept nowhere here.
 */
export class Session {
  readonly #ceremony: Ceremony;
  readonly #fault: (error: unknown) => void;
  readonly #listeners = new Set<() => void>();
  #begun = false;
  #busy = false;
  #played = '';
  #leaving = false;
  #held: PromiseWithResolvers<void> | undefined;
  #snapshot: Snapshot;

  /** `fault` is called with what cannot be shown to people as an act's failure: it ends the face. */
  constructor(ceremony: Ceremony, fault: (error: unknown) => void) {
    this.#ceremony = ceremony;
    this.#fault = fault;
    this.#snapshot = this.#look();
    ceremony.subscribe(() => {
      this.#emit();
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Snapshot => this.#snapshot;

  /** The word that starts it: another one where it was interrupted before. */
  get firstWord(): string {
    return this.#ceremony.state.resumptions > 0 ? typedWords.resume : typedWords.begin;
  }

  begin(): void {
    this.#begun = true;
    this.#advance();
  }

  /** Answers a prompt; what was wrong with the answer, or undefined. */
  async answer(prompt: string, value: string | readonly string[]): Promise<Refusal | undefined> {
    return this.#handOver(() => this.#ceremony.answer(prompt, value));
  }

  /** Hands a PIN over; an empty one means the device's own keypad. */
  async secret(prompt: string, pin: string): Promise<Refusal | undefined> {
    return this.#handOver(() => this.#ceremony.secret(prompt, pin));
  }

  /** A share for the one person who must see it now. It is in no snapshot. */
  handOut(prompt: string): string | undefined {
    return this.#ceremony.handOut(prompt);
  }

  async retry(): Promise<Refusal | undefined> {
    return this.#handOver(() => this.#ceremony.retry());
  }

  async stop(reason: string): Promise<Refusal | undefined> {
    return this.#handOver(() => this.#ceremony.abort(reason));
  }

  /** Everybody waits; a second person confirms it, two let it go on. */
  async pause(reason: string, by: string): Promise<Refusal | undefined> {
    return this.#handOver(() => this.#ceremony.pause(reason, by));
  }

  /** Writes down that something did not go as planned. */
  async deviation(noted: Parameters<Ceremony['deviation']>[0]): Promise<Refusal | undefined> {
    return this.#handOver(() => this.#ceremony.deviation(noted));
  }

  /** While people are asked whether to leave, a script waits. */
  hold(on: boolean): void {
    if (on) this.#held ??= Promise.withResolvers();
    else {
      this.#held?.resolve();
      this.#held = undefined;
    }
  }

  /** Makes a script that is being played end at its next answer. */
  leave(): void {
    this.#leaving = true;
    this.hold(false);
  }

  /** Plays a script through the same screens; `wait` is the pause in which each answer can be seen. */
  async play(script: SessionScript, wait: () => Promise<void>): Promise<ScriptedEnd> {
    await this.#showAnswer(this.firstWord, wait);
    this.#begun = true;
    const end = await playScript(this.#ceremony, script.answers, {
      readPin: (token, officer) => script.readPin(token, officer),
      ...(script.shares === undefined ? {} : { shares: script.shares }),
      answering: (prompt, shown) => this.#showAnswer(prompt.kind === 'secret' ? mask : shown, wait),
    });
    await wait();
    return end;
  }

  async #showAnswer(shown: string, wait: () => Promise<void>): Promise<void> {
    this.#played = shown;
    this.#emit();
    await wait();
    await this.#held?.promise;
    this.#played = '';
    if (this.#leaving) {
      const message = 'The people watching left before the end.';
      throw new CodedError({ code: 'screen-left', message, remedy: 'Resume it when you are ready.' });
    }
  }

  async #handOver(work: () => Promise<Refusal | undefined>): Promise<Refusal | undefined> {
    if (this.#busy) return undefined;
    this.#busy = true;
    this.#emit();
    try {
      const refusal = await work();
      if (refusal !== undefined) return refusal;
      this.#advance();
      return undefined;
    } catch (error) {
      this.#fault(error);
      return undefined;
    } finally {
      this.#busy = false;
      this.#emit();
    }
  }

  #advance(): void {
    this.#ceremony.advance().catch((error: unknown) => {
      this.#fault(error);
    });
  }

  #mode(next: Next): Mode {
    if (next.kind === 'over') return 'over';
    if (!this.#begun) return 'opening';
    if (this.#ceremony.working) return 'working';
    if (next.kind === 'failed') return 'failed';
    return next.kind === 'ask' || next.kind === 'reopen' ? 'asking' : 'working';
  }

  #look(): Snapshot {
    const { state, next, records } = this.#ceremony;
    return {
      mode: this.#mode(next),
      view: view(state),
      state,
      next,
      last: lastEvent(records),
      busy: this.#busy,
      played: this.#played,
    };
  }

  #emit(): void {
    this.#snapshot = this.#look();
    for (const listener of this.#listeners) listener();
  }
}
