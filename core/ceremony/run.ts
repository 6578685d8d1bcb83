import { CodedError, isCoded, type Refusal } from '../ports/coded-error.ts';
import type { JournalRecord, JournalStore } from '../ports/journal.ts';
import type { Json } from '../ports/json.ts';
import type { Token } from '../ports/token.ts';
import { chainRecord } from '../journal/record.ts';
import type { ActPorts } from './act.ts';
import { requireApproved } from './approval.ts';
import { signApproval } from './approval-sign.ts';
import { impossible } from './ceremony-error.ts';
import { fileOf } from './dry-run.ts';
import { tellsCalls, type CeremonyEvent, type EventBody, type EventKind } from './events.ts';
import { losesLogin } from './login-loss.ts';
import { currentAct, nextOf, type Next } from './next.ts';
import type { CeremonyPorts, Setting } from './ports.ts';
import type { Preflight } from './preflight.ts';
import { pauseNotNow, recordable, shareNotShown, unjournaled } from './recordable.ts';
import { replay } from './replay.ts';
import { entryFault, isLastEntry, pinFromShares, type SecretPrompt } from './share-entry.ts';
import { requireSameStart } from './same-start.ts';
import type { CeremonyState } from './state.ts';
import { step } from './step.ts';
import { countCalls, type TokenCalls } from './token-calls.ts';

/** What the parts of one running ceremony share. */
export interface CeremonyHolding {
  readonly ports: CeremonyPorts;
  readonly setting: Setting;
  readonly store: JournalStore;
}

/** `act` is filled in by the ceremony. */
type Body<K extends EventKind> = Omit<EventBody<K>, 'act'>;

/**
 * One ceremony being held: it journals every event before it counts, does what the engine says comes next, and stops
 * where people are asked. The faces (window, terminal, script) only answer and look.
 */
export class Ceremony {
  readonly #held: CeremonyHolding;
  readonly #tokens = new Map<string, Token>();
  readonly #secrets = new Map<string, string>();
  readonly #handedOut = new Map<string, { readonly text: string; shown: boolean }>();
  readonly #listeners = new Set<() => void>();
  #state: CeremonyState;
  /** What was asked of tokens since a record told of it. */
  #calls: TokenCalls = [];
  #working = false;
  /** The newest record being written: the next one waits for it. */
  #turn: Promise<unknown> = Promise.resolve();
  /** What happened to an act could not be written down: only a resume, which looks at the token, may go on. */
  #broken: CodedError | undefined;

  private constructor(held: CeremonyHolding, state: CeremonyState) {
    this.#held = held;
    this.#state = state;
    // What the preflight looked at belongs to no act.
    held.ports.tokens.takeCalls?.();
  }

  /** Starts a ceremony whose preflight passed. The journal must be empty. */
  static async begin(held: CeremonyHolding, preflight: Extract<Preflight, { ok: true }>): Promise<Ceremony> {
    if (held.store.records.length > 0) {
      throw new CodedError({
        code: 'journal-not-empty',
        message: 'There is a ceremony in this folder already.',
        remedy: 'Resume it (coldroot ceremony resume), or hold this one in another folder.',
      });
    }
    const { begin } = preflight;
    const { entry, event } = recordable(begin);
    const first = step(undefined, event);
    if (!first.ok) throw new CodedError(first.refusal);
    await held.store.append(chainRecord(undefined, entry, held.ports.digest));
    return new Ceremony(held, first.state);
  }

  /** Takes a ceremony up again after its process ended, however it ended. */
  static async resume(held: CeremonyHolding): Promise<Ceremony> {
    const replayed = replay(held.store.records, held.ports.digest);
    if (!replayed.ok) throw new CodedError(replayed.refusal);
    const { bindingHash, boundHash } = replayed.state.beginning;
    const { setting } = held;
    // Before any module is loaded: another one beside the journal would be given the PINs.
    if (bindingHash !== setting.bindingHash || (boundHash ?? setting.boundHash) !== setting.boundHash) {
      throw new CodedError({
        code: 'setting-differs',
        message: 'The setting in the ceremony’s folder is not the one the ceremony was begun with.',
        remedy: 'Resume with a whole copy of the ceremony’s folder.',
      });
    }
    const ceremony = new Ceremony(held, replayed.state);
    if (replayed.state.status === 'running') {
      await requireSameStart(replayed.state.beginning.plan, held.store.records, held.setting, held.ports);
      const { intent } = replayed.state.current;
      const where = intent === undefined ? 'before it wrote down what to do' : 'after it wrote down what to do';
      const reason = `The program ended during act ${replayed.state.index + 1}, ${where}.`;
      await ceremony.#record('resume', { reason });
    }
    return ceremony;
  }

  get state(): CeremonyState {
    return this.#state;
  }

  get next(): Next {
    return nextOf(this.#state);
  }

  /** True while an act is being prepared or done. */
  get working(): boolean {
    return this.#working;
  }

  get records(): readonly JournalRecord[] {
    return this.#held.store.records;
  }

  /** Calls back after every change; the function returned stops that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Answers the prompt being asked; the refusal if the answer does not fit it. Nothing changes then. */
  async answer(prompt: string, value: string | readonly string[]): Promise<Refusal | undefined> {
    const { next } = this;
    const handOut = next.kind === 'ask' && next.prompt.kind === 'word' ? next.prompt.handOut : undefined;
    if (handOut !== undefined && this.#handedOut.get(prompt)?.shown !== true) return shareNotShown;
    const refusal = await this.#try('answer', { prompt, value: typeof value === 'string' ? value : [...value] });
    if (refusal === undefined) this.#handedOut.delete(prompt);
    return refusal;
  }

  /** Hands over a PIN. It is held in memory until the act takes it, and journaled only as "was entered". */
  async secret(prompt: string, value: string): Promise<Refusal | undefined> {
    const { next } = this;
    const asked = next.kind === 'ask' || next.kind === 'reopen' ? next.prompt : undefined;
    const fault =
      asked?.kind === 'secret' && asked.id === prompt
        ? entryFault(asked, value, this.#secrets, this.#held.ports.digest)
        : undefined;
    if (fault !== undefined) return fault;
    this.#secrets.set(prompt, value);
    const refusal = await this.#try('secret', { prompt });
    if (refusal !== undefined) this.#secrets.delete(prompt);
    else if (next.kind === 'reopen' && isLastEntry(next.prompt)) await this.#reopen(next.token, next.prompt);
    return refusal;
  }

  /** A share for the person who is asked this prompt: to be shown to them and kept nowhere. Gone once they took it. */
  handOut(prompt: string): string | undefined {
    const held = this.#handedOut.get(prompt);
    if (held !== undefined) held.shown = true;
    return held?.text;
  }

  /** Tries a failed act again. */
  async retry(): Promise<Refusal | undefined> {
    return this.#try('retry', {});
  }

  /** Stops everybody here, at once: tokens are closed until two people let it go on by answering the prompts. */
  async pause(reason: string, by: string): Promise<Refusal | undefined> {
    if (this.#working) return pauseNotNow;
    const refusal = await this.#try('pause', { reason, by });
    if (refusal === undefined) await this.close();
    return refusal;
  }

  /** Writes down that something did not go as planned. Possible at any time, also while an act is being done. */
  async deviation(noted: Body<'deviation'>): Promise<Refusal | undefined> {
    return this.#try('deviation', noted);
  }

  /** Stops the ceremony for good. What was made stays on the token and in the journal. */
  async abort(reason: string): Promise<Refusal | undefined> {
    const refusal = await this.#try('abort', { reason });
    await this.close();
    return refusal;
  }

  /** Does what can be done without asking anyone, and says what comes then. */
  async advance(): Promise<Next> {
    if (this.#working) throw impossible('Two acts were started at once');
    if (this.#broken !== undefined) throw this.#broken;
    this.#working = true;
    try {
      for (;;) {
        const { next } = this;
        if (next.kind === 'ask' || next.kind === 'reopen' || next.kind === 'failed' || next.kind === 'over')
          return next;
        this.#notify();
        if (next.kind === 'end') await this.#record('end', {});
        else await this.#guarded(() => this.#work(next));
      }
    } finally {
      this.#working = false;
      if (this.next.kind === 'over') await this.close();
      this.#notify();
    }
  }

  /** Closes every token and forgets every secret. */
  async close(): Promise<void> {
    this.#secrets.clear();
    this.#handedOut.clear();
    const tokens = [...this.#tokens.values()];
    this.#tokens.clear();
    await Promise.allSettled(tokens.map((token) => token.close()));
  }

  async #work(next: Extract<Next, { kind: 'approve' | 'prepare' | 'perform' | 'recover' | 'resolve' }>): Promise<void> {
    const found = currentAct(this.#state);
    if (found === undefined) throw impossible('There is no act to do');
    const { act, config } = found;
    const { intent } = this.#state.current;
    const ports = this.#actPorts();
    if (next.kind === 'prepare') {
      await this.#record('intend', { intent: await act.prepare(config, this.#state, ports) });
      return;
    }
    if (intent === undefined) throw impossible('Nothing was written ahead');
    if (next.kind === 'approve') {
      await this.#approve(next);
      return;
    }
    if (next.kind === 'perform') {
      requireApproved(this.#state, intent, ports.digest, ports.verify);
      await this.#done(await act.perform(config, intent, this.#state, ports));
    } else if (next.kind === 'recover') {
      const recovery = await act.recover(config, intent, this.#state, ports);
      if (recovery.kind === 'redo')
        await this.#record('redo', { because: recovery.because ?? 'No trace of it was found.' });
      else {
        const facts = recovery.facts.map(({ label, value }) => ({ label, value }));
        await this.#record('found', { facts, choices: [...recovery.choices] });
      }
    } else if (next.choice === 'abort') await this.abort('The officers decided to stop after an interruption.');
    else {
      const outcome = await act.resolve(config, intent, next.choice, this.#state, ports);
      if (outcome === undefined) await this.#record('redo', { because: `The officers chose: ${next.choice}.` });
      else await this.#done(outcome);
    }
  }

  /** Has a person's own token sign their approval, and logs out of it again. */
  async #approve({ number, token: name, prompt }: Extract<Next, { kind: 'approve' }>): Promise<void> {
    const { digest, verify, tokens } = this.#held.ports;
    const uri = this.#state.beginning.tokens[name]?.uri;
    if (uri === undefined) throw impossible(`The token ${name} is not bound`);
    const token = await tokens.open(uri);
    try {
      await token.login(this.#takeSecret(prompt));
      await this.#record('approved', await signApproval(this.#state, number, token, { digest, verify }));
    } finally {
      await token.close();
    }
  }

  async #done(outcome: Json): Promise<void> {
    await this.#record('did', { outcome });
    this.#secrets.clear();
  }

  /** Runs work whose coded failures belong into the journal and before the people. */
  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#secrets.clear();
      try {
        await this.#failed(error);
      } catch (worse) {
        this.#broken = isCoded(worse) ? worse : impossible('What an act came to is not known');
        throw worse;
      }
    }
  }

  async #failed(error: unknown): Promise<void> {
    // Somebody stopped the ceremony meanwhile: that is what happened, whatever became of the act.
    if (isCoded(error) && this.#state.status !== 'running') return;
    if (!isCoded(error) || unjournaled.has(error.code)) throw error;
    const { code, message, remedy } = error;
    if (losesLogin(code)) await this.close();
    await this.#record('failed', { code, message: message.slice(0, 4000), remedy: remedy.slice(0, 2000) });
  }

  async #reopen(name: string, prompt: SecretPrompt): Promise<void> {
    this.#working = true;
    await this.#guarded(async () => {
      const token = await this.#token(name);
      const { serial } = await token.info();
      if (serial !== this.#state.beginning.tokens[name]?.serial) {
        const message = `The token "${name}" is another device now (serial ${serial}).`;
        throw new CodedError({ code: 'token-other-device', message, remedy: 'Put the right device back.' });
      }
      const secret = (id: string): string | undefined => this.#takeSecret(id);
      const { share } = prompt;
      await token.login(
        share === undefined ? secret(prompt.id) : await pinFromShares(name, share.of, secret, this.#held.ports),
      );
      await this.#record('reopened', { token: name });
    }).finally(() => {
      this.#working = false;
    });
  }

  #takeSecret(prompt: string): string | undefined {
    const secret = this.#secrets.get(prompt);
    this.#secrets.delete(prompt);
    // An empty entry means that the PIN is typed on the device's own keypad.
    return secret === undefined || secret === '' ? undefined : secret;
  }

  async #token(name: string): Promise<Token> {
    const open = this.#tokens.get(name);
    if (open !== undefined) return open;
    const uri = this.#state.beginning.tokens[name]?.uri;
    if (uri === undefined) throw impossible(`The token ${name} is not bound`);
    const token = await this.#held.ports.tokens.open(uri);
    this.#tokens.set(name, token);
    return token;
  }

  #actPorts(): ActPorts {
    const { ports, setting, store } = this.#held;
    const { clock, entropy, digest, verify, media, room, opinions, sharing } = ports;
    return {
      clock,
      entropy,
      digest,
      verify,
      media,
      room,
      opinions,
      sharing,
      token: (name) => this.#token(name),
      devices: ports.tokens,
      secret: (prompt) => this.#takeSecret(prompt),
      keep: (id, secret) => {
        this.#secrets.set(id, secret);
      },
      handOut: (prompt, text) => {
        this.#handedOut.set(prompt, { text, shown: false });
      },
      file: (name) => fileOf(setting, name),
      previous: () => setting.previous,
      output: (name) => `${setting.output}/${name}`,
      records: () => store.records,
    };
  }

  async #try<K extends EventKind>(kind: K, body: Body<K>): Promise<Refusal | undefined> {
    try {
      await this.#record(kind, body);
      return undefined;
    } catch (error) {
      if (isCoded(error)) return error;
      throw error;
    } finally {
      this.#notify();
    }
  }

  /** Journals an event and lets it count, in this order: what is not on disk has not happened. */
  #record<K extends EventKind>(kind: K, body: Body<K>): Promise<void> {
    // One after the other: an answer given twice, or a stop in the middle of an act, must not both follow one record.
    const turn = this.#turn.then(() => this.#write(kind, body));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #write<K extends EventKind>(kind: K, body: Body<K>): Promise<void> {
    const { ports, store } = this.#held;
    this.#calls = countCalls(ports.tokens.takeCalls?.() ?? [], this.#calls);
    const told = tellsCalls.has(kind) && this.#calls.length > 0 ? { calls: this.#calls } : {};
    const withAct = kind === 'end' ? body : { act: this.#state.index, ...told, ...body };
    const { entry, event } = recordable({ kind, at: ports.clock.now(), ...withAct } as unknown as CeremonyEvent);
    const result = step(this.#state, event);
    if (!result.ok) throw new CodedError(result.refusal);
    await store.append(chainRecord(store.records.at(-1), entry, ports.digest));
    this.#state = result.state;
    if (tellsCalls.has(kind)) this.#calls = [];
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
