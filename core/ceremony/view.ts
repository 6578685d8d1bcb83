import type { Refusal } from '../ports/coded-error.ts';
import { formatUtc } from '../profile/dates.ts';
import { actsByName } from './acts/registry.ts';
import { factLine } from './facts.ts';
import { happenings } from './happenings.ts';
import { currentAct, nextOf } from './next.ts';
import type { Prompt } from './prompt.ts';
import { currentPause } from './pause.ts';
import { roles, seats, type Role } from './roles.ts';
import type { CeremonyState, Deviation, Pause, Person, PreviousBundle } from './state.ts';
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

/** A deviation, as it is read out. */
export interface DeviationLine extends Omit<Deviation, 'at' | 'act'> {
  /** UTC. */
  readonly at: string;
  /** The act it came up in; counts from 1. */
  readonly act: number;
}

/** Everything a face shows, in words, with nothing of how the engine works. The same for window, terminal and log. */
export interface CeremonyView {
  readonly title: string;
  readonly hierarchy: string;
  readonly rehearsal: boolean;
  /** The bundle this ceremony goes on from. An older one than the last would forget what came after: people know which it was. */
  readonly follows?: string;
  readonly planHash: string;
  readonly planWords: readonly string[];
  readonly roles: readonly { readonly role: Role; readonly needed: string }[];
  readonly people: readonly Person[];
  readonly acts: readonly ActLine[];
  readonly current?: ActView;
  readonly transcript: readonly TranscriptLine[];
  readonly status: CeremonyState['status'];
  readonly resumptions: number;
  /** Set while everybody waits; `current.prompt` says who must say what before it goes on. */
  readonly paused?: {
    readonly since: string;
    readonly reason: string;
    readonly by: string;
    readonly confirmedBy?: string;
  };
  readonly deviations: readonly DeviationLine[];
  readonly bundle?: CeremonyState['bundle'];
}

function actLines({ beginning: { plan }, index }: CeremonyState): readonly ActLine[] {
  return plan.acts.map((config, position) => ({
    number: position + 1,
    headline: actsByName.get(config.do)?.describe(config, plan).headline ?? config.do,
    status: position < index ? 'done' : position === index ? 'current' : 'waiting',
  }));
}

/** What a screen says while everybody waits. */
const pausedText = {
  headline: 'The ceremony is paused',
  why: 'Somebody in the room asked everybody to wait. Nothing is done until two people let it go on.',
  onToken: 'Every token was closed; their PINs are asked for again.',
};

function currentView(state: CeremonyState): ActView | undefined {
  const found = currentAct(state);
  if (found === undefined || state.status !== 'running') return undefined;
  const { act, config } = found;
  const next = nextOf(state);
  const prompt = next.kind === 'ask' || next.kind === 'reopen' ? next.prompt : undefined;
  return {
    number: state.index + 1,
    ...(currentPause(state) === undefined ? act.describe(config, state.beginning.plan) : pausedText),
    who: prompt === undefined ? config.by : [prompt.by],
    ...(prompt === undefined ? {} : { prompt }),
    ...(next.kind === 'failed' ? { failure: next.failure } : {}),
  };
}

function followedBy({ epoch, created }: PreviousBundle): string {
  const made = created === undefined ? '' : `, made ${formatUtc(created)}`;
  return `the bundle of epoch ${epoch}${made}: compare with the minutes of the last ceremony`;
}

function pausedView({ at, reason, by, confirmedBy }: Pause): NonNullable<CeremonyView['paused']> {
  return { since: formatUtc(at), reason, by, ...(confirmedBy === undefined ? {} : { confirmedBy }) };
}

function transcriptOf(state: CeremonyState): readonly TranscriptLine[] {
  return happenings(state).flatMap(({ at, act, headline, facts }) => {
    const base = { at: formatUtc(at), act: act + 1 };
    return [{ ...base, text: headline }, ...facts.map((fact) => ({ ...base, text: `  ${factLine(fact)}` }))];
  });
}

/** What to show of a ceremony. */
export function view(state: CeremonyState): CeremonyView {
  const { plan, planHash, rehearsal, previous } = state.beginning;
  const current = currentView(state);
  const pause = currentPause(state);
  const needed = roles.map((role) => {
    const { minimum, maximum } = seats(plan.roles, role);
    return { role, needed: minimum === maximum ? `${minimum}` : `${minimum} of ${maximum}` };
  });
  return {
    title: plan.title,
    hierarchy: plan.hierarchy,
    rehearsal,
    ...(previous === null ? {} : { follows: followedBy(previous) }),
    planHash,
    planWords: wordRows(planHash),
    roles: needed.filter(({ needed: count }) => count !== '0'),
    people: state.people,
    acts: actLines(state),
    ...(current === undefined ? {} : { current }),
    transcript: transcriptOf(state),
    status: state.status,
    resumptions: state.resumptions,
    ...(pause === undefined ? {} : { paused: pausedView(pause) }),
    deviations: state.deviations.map(({ at, act, ...rest }) => ({ at: formatUtc(at), act: act + 1, ...rest })),
    ...(state.bundle === undefined ? {} : { bundle: state.bundle }),
  };
}
