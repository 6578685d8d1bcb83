import { z } from 'zod';
import { formatUtc } from '../../profile/dates.ts';
import { durationSchema, durationSeconds } from '../../profile/duration.ts';
import { defineAct } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { fact } from '../facts.ts';
import { actBase } from '../plan-types.ts';
import type { Fact, Prompt } from '../prompt.ts';
import type { CeremonyState } from '../state.ts';
import { readWatch, watchPattern } from '../watch.ts';

const config = z.strictObject({
  do: z.literal('confirm-clock'),
  /** How far a watch may be from this machine: more than a day would let every clock pass. */
  tolerance: durationSchema
    .refine((text) => durationSeconds(text) <= 86_400, 'a watch may be a day from this machine at most')
    .default('2m'),
  ...actBase,
});
type Config = z.infer<typeof config>;

const reading = z.strictObject({
  who: z.string().max(100),
  /** As it was typed. */
  watch: z.string().max(40),
  /** What this machine's clock showed when it was typed. */
  machine: z.int().min(0),
});
const intent = z.strictObject({ readings: z.array(reading).max(2) });
type Reading = z.infer<typeof reading>;

const numbers = ['first', 'second'] as const;
const personId = (number: string): string => `clock-person-${number}`;
const timeId = (number: string): string => `clock-time-${number}`;

/** Two people, each from a watch of their own, and neither is shown what the other or the machine says. */
function questions(own: Config, state: CeremonyState): readonly Prompt[] {
  const [role = 'administrator', other] = own.by;
  const { answers } = state.current;
  const first = answers[personId('first')];
  return numbers.flatMap((number): Prompt[] => {
    const by = number === 'first' ? role : (other ?? role);
    // Where the plan names one role, the second may be anybody: that role may have one seat only.
    const anybody = number === 'second' && other === undefined;
    const people = state.people.filter((one) => anybody || one.role === by).map(({ name }) => name);
    const not = number === 'second' && typeof first === 'string' ? [first] : [];
    const say = `The ${number} of two people who have a watch of their own: type your own name.`;
    const person = answers[personId(number)];
    const whose = typeof person === 'string' ? person : 'You';
    return [
      { id: personId(number), kind: 'person', by, say, people, not },
      {
        id: timeId(number),
        kind: 'text',
        by,
        say: `${whose}: type date and time in UTC from your own watch, not from this machine.`,
        pattern: watchPattern,
        like: '2001-02-03 04:05, or with seconds',
        maximum: 40,
      },
    ];
  });
}

function readingsOf({ current: { answers, answeredAt = {} } }: CeremonyState): readonly Reading[] {
  return numbers.flatMap((number) => {
    const [who, watch] = [answers[personId(number)], answers[timeId(number)]];
    // In a dry run nobody was asked.
    if (typeof who !== 'string' || typeof watch !== 'string') return [];
    return [{ who, watch, machine: answeredAt[timeId(number)] ?? 0 }];
  });
}

/** Why the clock is not believed. It is either the machine's or the watch's fault: people find out whose. */
function requireAgreed({ readings }: z.infer<typeof intent>, own: Config, state: CeremonyState): void {
  const tolerance = durationSeconds(own.tolerance);
  const ended = state.beginning.previous?.created ?? 0;
  for (const { who, watch, machine } of readings) {
    const { earliest, latest } = readWatch(watch);
    if (machine < earliest - tolerance || machine > latest + tolerance) {
      throw ceremonyError(
        'clock-differs',
        `The watch of ${who} shows ${watch} UTC, this machine ${formatUtc(machine)}: more than ${own.tolerance} apart.`,
        'Find out which is wrong. Set the machine’s clock with nothing of the ceremony done, and try again: both are asked anew.',
      );
    }
    if (latest < ended) {
      throw ceremonyError(
        'clock-before-last',
        `The watch of ${who} shows ${watch} UTC; the last ceremony ended at ${formatUtc(ended)}.`,
        'Read the watch again, with its date. A ceremony is never earlier than the one before it.',
      );
    }
  }
}

function shown({ readings }: z.infer<typeof intent>): readonly Fact[] {
  return readings.map(({ who, watch, machine }) =>
    fact(`watch of ${who}`, `${watch} UTC, when this machine showed ${formatUtc(machine)}`),
  );
}

/** Every date of the ceremony comes from this machine's clock: two people say, independently, that it is right. */
export const confirmClock = defineAct({
  name: 'confirm-clock',
  config,
  intent,
  outcome: z.strictObject({}),
  // A time that was typed before an interruption says nothing after it.
  inMemory: true,
  references: () => ({}),
  describe: ({ tolerance }) => ({
    headline: 'Compare this machine’s clock with two watches',
    why: `Dates in certificates and CRLs come from it. Two people look at watches of their own; ${tolerance} may lie between.`,
    onToken: '',
  }),
  questions,
  prepare: (own, state) => {
    const made = { readings: [...readingsOf(state)] };
    requireAgreed(made, own, state);
    return Promise.resolve(made);
  },
  confirmations: () => [],
  perform: () => Promise.resolve({}),
  apply: () => ({}),
  summary: (_, made) => shown(made),
});
