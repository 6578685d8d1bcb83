import type { Refusal } from '../ports/coded-error.ts';
import { formatUtc } from '../profile/dates.ts';
import { actsByName } from './acts/registry.ts';
import { currentAct, nextOf } from './next.ts';
import type { Fact, Prompt } from './prompt.ts';
import { roles, seats, type Role } from './roles.ts';
import type { CeremonyState, Person } from './state.ts';
import { wordRows } from './words.ts';

/** An act as the overview lists it. */
export interface ActLine {
  /** Counts from 1. */
  readonly number: number;
  readonly headline: string;
  readonly status: 'done' | 'current' | 'waiting';
}

/** The act on the screen. */
export interface ActView {
  readonly number: number;
  readonly headline: string;
  readonly why: string;
  readonly onToken: string;
  /** Who has to do something now. */
  readonly who: readonly Role[];
  /** What is asked; absent while the program works. */
  readonly prompt?: Prompt;
  readonly failure?: Refusal;
}

/** One line of the transcript so far. */
export interface TranscriptLine {
  readonly at: string;
  readonly act: number;
  readonly text: string;
}

/** Everything a face shows, in words, with nothing of how the engine works. The same for window, terminal and log. */
export interface CeremonyView {
  readonly title: string;
  readonly hierarchy: string;
  readonly rehearsal: boolean;
  readonly planHash: string;
  readonly planWords: readonly string[];
  readonly roles: readonly { readonly role: Role; readonly needed: string }[];
  readonly people: readonly Person[];
  readonly acts: readonly ActLine[];
  readonly current?: ActView;
  readonly transcript: readonly TranscriptLine[];
  readonly status: CeremonyState['status'];
  readonly resumptions: number;
  readonly bundle?: CeremonyState['bundle'];
}

function actLines({ beginning: { plan }, index }: CeremonyState): readonly ActLine[] {
  return plan.acts.map((config, position) => ({
    number: position + 1,
    headline: actsByName.get(config.do)?.describe(config, plan).headline ?? config.do,
    status: position < index ? 'done' : position === index ? 'current' : 'waiting',
  }));
}

function currentView(state: CeremonyState): ActView | undefined {
  const found = currentAct(state);
  if (found === undefined || state.status !== 'running') return undefined;
  const { act, config } = found;
  const next = nextOf(state);
  const prompt = next.kind === 'ask' || next.kind === 'reopen' ? next.prompt : undefined;
  return {
    number: state.index + 1,
    ...act.describe(config, state.beginning.plan),
    who: prompt === undefined ? config.by : [prompt.by],
    ...(prompt === undefined ? {} : { prompt }),
    ...(next.kind === 'failed' ? { failure: next.failure } : {}),
  };
}

/** A fact as one line of text. */
export function factLine({ label, value }: Fact): string {
  return `${label}: ${value.replaceAll('\n', ' / ')}`;
}

function transcriptOf({ completed }: CeremonyState): readonly TranscriptLine[] {
  return completed.flatMap(({ at, headline, summary }, index) => {
    const base = { at: formatUtc(at), act: index + 1 };
    return [{ ...base, text: headline }, ...summary.map((fact) => ({ ...base, text: `  ${factLine(fact)}` }))];
  });
}

/** What to show of a ceremony. */
export function view(state: CeremonyState): CeremonyView {
  const { plan, planHash, rehearsal } = state.beginning;
  const current = currentView(state);
  const needed = roles.map((role) => {
    const { minimum, maximum } = seats(plan.roles, role);
    return { role, needed: minimum === maximum ? `${minimum}` : `${minimum} of ${maximum}` };
  });
  return {
    title: plan.title,
    hierarchy: plan.hierarchy,
    rehearsal,
    planHash,
    planWords: wordRows(planHash),
    roles: needed.filter(({ needed: count }) => count !== '0'),
    people: state.people,
    acts: actLines(state),
    ...(current === undefined ? {} : { current }),
    transcript: transcriptOf(state),
    status: state.status,
    resumptions: state.resumptions,
    ...(state.bundle === undefined ? {} : { bundle: state.bundle }),
  };
}
