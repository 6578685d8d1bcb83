import { samePerson } from '../ports/same-person.ts';
import type { Prompt } from './prompt.ts';
import type { CeremonyState, Pause } from './state.ts';

/** What is asked while a ceremony is paused; no act has prompts of these names. */
const promptIds = { confirm: 'pause-confirm', first: 'continue-first', second: 'continue-second' } as const;

/** The pause that lasts now, if one does. */
export function currentPause({ pauses }: Pick<CeremonyState, 'pauses'>): Pause | undefined {
  const last = pauses.at(-1);
  return last?.until === undefined ? last : undefined;
}

/**
 * Whoever is in the room. Where one person alone was named, a second must be called in to the pause: anybody but the first
 * may be that.
 */
function mayAnswer({ people }: CeremonyState): readonly string[] {
  return people.length < 2 ? [] : people.map(({ name }) => name);
}

function personPrompt(state: CeremonyState, pause: Pause, id: string, say: string, not: readonly string[]): Prompt {
  const show = [
    { label: 'paused because', value: pause.reason },
    { label: 'asked for by', value: pause.by },
  ];
  return { id, kind: 'person', by: 'administrator', say, show, people: mayAnswer(state), not };
}

/** What people must answer before a paused ceremony goes on: undefined when it is not paused. */
export function pausePrompt(state: CeremonyState): Prompt | undefined {
  const pause = currentPause(state);
  if (pause === undefined) return undefined;
  if (pause.confirmedBy === undefined) {
    const say = `The ceremony is paused. A second person confirms that by typing their own name.`;
    return personPrompt(state, pause, promptIds.confirm, say, [pause.by]);
  }
  const { first, second } = promptIds;
  if (pause.continuedBy.length > 0) {
    const say = 'A second person types their own name, and the ceremony goes on.';
    return personPrompt(state, pause, second, say, pause.continuedBy);
  }
  const say = 'The ceremony is paused. When everybody is back and nothing was touched, type your own name to go on.';
  return personPrompt(state, pause, first, say, []);
}

/** A pause after one of its prompts was answered by `name`. */
export function pauseAnswered(pause: Pause, id: string, name: string, at: number): Pause {
  if (id === promptIds.confirm) return { ...pause, confirmedBy: name };
  const continuedBy = [...pause.continuedBy, name];
  return { ...pause, continuedBy, ...(continuedBy.length >= 2 ? { until: at } : {}) };
}

/** The first of these names that nobody in the room has; nobody is refused before people were named. */
export function strangerAmong({ people }: CeremonyState, names: readonly string[]): string | undefined {
  const known = new Set(people.map(({ name }) => samePerson(name)));
  return known.size === 0 ? undefined : names.find((name) => !known.has(samePerson(name)));
}
