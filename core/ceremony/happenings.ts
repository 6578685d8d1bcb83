import { formatUtc } from '../profile/dates.ts';
import { fact } from './facts.ts';
import type { Fact } from './prompt.ts';
import { callsLine } from './token-calls.ts';
import type { CeremonyState, Deviation, Pause } from './state.ts';

/** Something the transcript and the report tell: an act that is done, a pause, a deviation. */
export interface Happening {
  readonly kind: 'act' | 'pause' | 'deviation';
  readonly at: number;
  /** The act it is, or came up in; counts from 0. */
  readonly act: number;
  readonly headline: string;
  readonly facts: readonly Fact[];
}

/** A pause in words. */
function pauseFacts({ reason, by, confirmedBy, continuedBy, until }: Pause): readonly Fact[] {
  return [
    fact('because', reason),
    fact('asked for by', by),
    fact('confirmed by', confirmedBy ?? 'nobody yet'),
    ...(until === undefined ? [] : [fact('went on', formatUtc(until)), fact('let go on by', continuedBy.join(', '))]),
  ];
}

/** A deviation in words. */
function deviationFacts({ what, cause, decision, by }: Deviation): readonly Fact[] {
  return [
    { label: 'what', value: what, style: 'warning' },
    fact('cause', cause),
    fact('decision', decision),
    fact('noted by', by.length === 0 ? 'the program' : by.join(', ')),
  ];
}

/** Everything that happened, in order: what came up during an act comes before the act was done. */
export function happenings({ completed, pauses, deviations, tokenCalls }: CeremonyState): readonly Happening[] {
  const between = [
    ...pauses.map((own) => ({
      kind: 'pause' as const,
      own,
      headline: 'The ceremony was paused',
      facts: pauseFacts(own),
    })),
    ...deviations.map((own) => ({
      kind: 'deviation' as const,
      own,
      headline: 'Deviation',
      facts: deviationFacts(own),
    })),
  ].map(({ kind, own: { at, act }, headline, facts }): Happening => ({ kind, at, act, headline, facts }));
  const done = completed.map(({ at, headline, summary }, act): Happening => {
    const calls = callsLine(tokenCalls[act] ?? []);
    const facts = calls === '' ? summary : [...summary, fact('PKCS#11', calls)];
    return { kind: 'act', at, act, headline, facts };
  });
  const rank = ({ kind, act }: Happening): number => 2 * act + (kind === 'act' ? 1 : 0);
  return [...between, ...done].sort((one, other) => rank(one) - rank(other) || one.at - other.at);
}
