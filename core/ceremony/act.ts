import type { z } from 'zod';
import type { Clock } from '../ports/clock.ts';
import type { Digest } from '../ports/digest.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { JournalRecord } from '../ports/journal.ts';
import type { Json } from '../ports/json.ts';
import type { Media } from '../ports/media.ts';
import type { RoomInspector } from '../ports/room.ts';
import type { SecondOpinions } from '../ports/second-opinion.ts';
import type { SecretSharing } from '../ports/secret-sharing.ts';
import type { Token, TokenProvider } from '../ports/token.ts';
import type { TokenInitializer } from '../ports/token-initializer.ts';
import type { Verifier } from '../ports/verifier.ts';
import type { ProfileType } from '../profile/profile.ts';
import type { ActConfig, Plan } from './plan-types.ts';
import type { Answer, Fact, Prompt } from './prompt.ts';
import type { CeremonyState, StateChange } from './state.ts';

/** What an act may reach. Tokens come opened and by their logical name; secrets are handed out once. */
export interface ActPorts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly digest: Digest;
  readonly verify: Verifier;
  readonly media: Media;
  readonly room: RoomInspector;
  readonly opinions: SecondOpinions;
  readonly sharing: SecretSharing;
  /** The open token of this logical name. */
  token(name: string): Promise<Token>;
  /** Every token there is, for an act that makes one ready for use. */
  readonly devices: TokenProvider & TokenInitializer;
  /** The secret typed for this prompt, once; undefined when the device's own keypad is used. */
  secret(promptId: string): string | undefined;
  /** Keeps a secret for the person who is asked this prompt: shown to them once, never written down. */
  handOut(promptId: string, text: string): void;
  /** Keeps a secret until `secret` takes it, in memory and no longer than the act lasts. */
  keep(id: string, secret: string): void;
  /** Path of a file the binding names. */
  file(name: string): string;
  /** The bundle of the ceremony before this one, and the root it is checked against; undefined where there is none. */
  previous(): { readonly bundle: string; readonly root: string } | undefined;
  /** Where artefacts go. */
  output(name: string): string;
  /** The journal so far. */
  records(): readonly JournalRecord[];
}

/** Names an act uses and makes, for the check of the plan as a whole. */
export interface References {
  /** Tokens that must be open. */
  readonly tokens?: readonly string[];
  readonly profile?: { readonly name: string; readonly type: ProfileType };
  /** Keys whose private half signs. */
  readonly signsWith?: readonly string[];
  /** Keys that must exist. */
  readonly usesKeys?: readonly string[];
  /** A key that must exist, be it one that keys are wrapped for. */
  readonly namesKey?: string;
  /** Certificates that must exist, by key name. */
  readonly usesCertificates?: readonly string[];
  /** A key that is gone afterwards. */
  readonly destroysKey?: string;
  readonly makesKey?: { readonly key: string; readonly token: string; readonly wrappable?: true };
  /** A pair that keys are wrapped for; no certificate is made for it. */
  readonly makesWrappingKey?: { readonly key: string; readonly token: string };
  /** A key that is wrapped for another token: `to` is a wrapping key. */
  readonly wraps?: { readonly key: string; readonly token: string; readonly to: string };
  /** A key restored from a backup; `as` where it stays, under that name. */
  readonly restores?: { readonly key: string; readonly as?: string; readonly token: string };
  /** A key that may not be wrapped afterwards. */
  readonly sealsKey?: string;
  /** The file of a backup, by the binding’s name. */
  readonly backupFile?: string;
  /** A key that comes as a CSR. */
  readonly importsKey?: string;
  readonly makesCertificate?: { readonly key: string; readonly profile: string };
  /** A certificate that leaves the hierarchy; a CRL of its issuer must follow. */
  readonly revokes?: { readonly issuer: string; readonly certificate?: string };
  /** Key name of a CA whose CRL is made. */
  readonly makesCrl?: string;
  /** Files that are read, by the binding’s names. */
  readonly files?: readonly string[];
  /** A file that is given out, by the binding’s name. */
  readonly writesFile?: string;
  readonly opens?: string;
  /** A token that is empty afterwards; `wipe` where it was in use before. */
  readonly initializes?: { readonly token: string; readonly wipe: boolean };
  /** A token whose PIN is handed out in shares: only a face that can show one to one person holds such a plan. */
  readonly handsOut?: string;
}

/** What is wrong with an act of a plan, by rule. */
export type PlanFault = readonly [code: `plan-${string}`, message: string];

/** What a screen says of an act before it starts. */
export interface ActText {
  /** What is about to happen, as one line. */
  readonly headline: string;
  /** Why, in a sentence or two. */
  readonly why: string;
  /** What it does to a token; empty when it touches none. */
  readonly onToken: string;
}

/** What is known about an act that may or may not have happened before a crash. */
export type Recovery =
  /** It left no trace: do it (again). */
  | { readonly kind: 'redo'; readonly because?: string }
  /** There is a trace that people must decide on. */
  | { readonly kind: 'decide'; readonly facts: readonly Fact[]; readonly choices: readonly string[] };

/** One kind of act. `I` is what is written ahead, `O` what is recorded when it is done; both are plain JSON. */
export interface Act<C extends ActConfig, I extends Json, O extends Json> {
  readonly name: C['do'];
  readonly config: z.ZodType<C>;
  readonly intent: z.ZodType<I>;
  readonly outcome: z.ZodType<O>;
  /** `prepare` looks at the tokens it names: they must be open by then, also after an interruption. */
  readonly looksFirst?: true;
  /** What it knows is in memory only: after a failure or an interruption it begins anew, whatever was confirmed. */
  readonly inMemory?: true;
  references(config: C, plan: Plan): References;
  /** What is wrong with it whatever comes before and after it. */
  faults?(config: C, plan: Plan): readonly PlanFault[];
  describe(config: C, plan: Plan): ActText;
  /** What must be known before the intent can be made. */
  questions(config: C, state: CeremonyState): readonly Prompt[];
  /** Chooses everything the act will do (names, serials, dates, bytes to sign) without doing any of it. */
  prepare(config: C, state: CeremonyState, ports: ActPorts): Promise<I>;
  /** What people must confirm, now that the intent is known. */
  confirmations(config: C, intent: I, state: CeremonyState): readonly Prompt[];
  /** Does exactly what the intent says and verifies it. */
  perform(config: C, intent: I, state: CeremonyState, ports: ActPorts): Promise<O>;
  /** After a crash past the intent: what is there? Absent when doing it again is always right. */
  recover?(config: C, intent: I, state: CeremonyState, ports: ActPorts): Promise<Recovery>;
  /** Carries out a decision on what was found; an outcome, or undefined to do the act again. */
  resolve?(config: C, intent: I, choice: string, state: CeremonyState, ports: ActPorts): Promise<O | undefined>;
  /** What changes in the ceremony's state. Pure: it runs again on every replay. */
  apply(config: C, intent: I, outcome: O, state: CeremonyState): StateChange;
  /** What the transcript says was done. */
  summary(config: C, intent: I, outcome: O, answers: Readonly<Record<string, Answer>>): readonly Fact[];
}

/** An act whose own types have been put away behind its schemas, so that a registry can hold all of them. */
export interface AnyAct {
  readonly name: string;
  readonly config: z.ZodType<ActConfig>;
  readonly inMemory: boolean;
  readonly looksFirst: boolean;
  references(config: ActConfig, plan: Plan): References;
  faults(config: ActConfig, plan: Plan): readonly PlanFault[];
  describe(config: ActConfig, plan: Plan): ActText;
  questions(config: ActConfig, state: CeremonyState): readonly Prompt[];
  prepare(config: ActConfig, state: CeremonyState, ports: ActPorts): Promise<Json>;
  confirmations(config: ActConfig, intent: Json, state: CeremonyState): readonly Prompt[];
  perform(config: ActConfig, intent: Json, state: CeremonyState, ports: ActPorts): Promise<Json>;
  recover(config: ActConfig, intent: Json, state: CeremonyState, ports: ActPorts): Promise<Recovery>;
  resolve(
    config: ActConfig,
    intent: Json,
    choice: string,
    state: CeremonyState,
    ports: ActPorts,
  ): Promise<Json | undefined>;
  apply(config: ActConfig, intent: Json, outcome: Json, state: CeremonyState): StateChange;
  summary(config: ActConfig, intent: Json, outcome: Json, answers: Readonly<Record<string, Answer>>): readonly Fact[];
}

/**
 * Puts an act's types away. Intents and outcomes come back from a journal, which is a file and so is not trusted: they
 * pass the act's own schemas again each time.
 */
export function defineAct<C extends ActConfig, I extends Json, O extends Json>(act: Act<C, I, O>): AnyAct {
  const own = (config: ActConfig): C => config as C;
  return {
    name: act.name,
    config: act.config,
    inMemory: act.inMemory === true,
    looksFirst: act.looksFirst === true,
    references: (config, plan) => act.references(own(config), plan),
    faults: (config, plan) => act.faults?.(own(config), plan) ?? [],
    describe: (config, plan) => act.describe(own(config), plan),
    questions: (config, state) => act.questions(own(config), state),
    prepare: (config, state, ports) => act.prepare(own(config), state, ports),
    confirmations: (config, intent, state) => act.confirmations(own(config), act.intent.parse(intent), state),
    perform: (config, intent, state, ports) => act.perform(own(config), act.intent.parse(intent), state, ports),
    recover: async (config, intent, state, ports) =>
      (await act.recover?.(own(config), act.intent.parse(intent), state, ports)) ?? { kind: 'redo' },
    resolve: async (config, intent, choice, state, ports) =>
      act.resolve?.(own(config), act.intent.parse(intent), choice, state, ports),
    apply: (config, intent, outcome, state) =>
      act.apply(own(config), act.intent.parse(intent), act.outcome.parse(outcome), state),
    summary: (config, intent, outcome, answers) =>
      act.summary(own(config), act.intent.parse(intent), act.outcome.parse(outcome), answers),
  };
}
