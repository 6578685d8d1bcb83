import type { EventKind } from './events.ts';
import type { LastEvent } from './last-event.ts';
import { visible } from './visible.ts';

const words: Readonly<Record<EventKind, string>> = {
  begin: 'the ceremony was begun',
  answer: 'an answer was recorded',
  secret: 'a PIN was entered',
  intend: 'what the act will do was written down',
  approved: 'an officer approved with their own key',
  did: 'an act was done',
  failed: 'an act failed',
  retry: 'a failed act is tried again',
  reopened: 'a token was opened again',
  found: 'something left by an interruption was found',
  redo: 'the act is done again',
  pause: 'the ceremony was paused',
  deviation: 'a deviation was noted',
  resume: 'the ceremony was taken up again',
  abort: 'the ceremony was stopped',
  end: 'the ceremony was finished',
};

/** The newest thing that happened, in a few words: the same in both faces. */
export function eventWords({ kind, act, typed, named, by }: Omit<LastEvent, 'at'>): string {
  if (named !== null) return named === 1 ? '1 person was named' : `${named} people were named`;
  if (typed !== null) {
    const shown = visible(typed);
    return by === null ? `${shown} was typed` : `the ${by.toUpperCase()} typed ${shown}`;
  }
  if (act !== null) return `act ${act} was done`;
  return (words as Readonly<Record<string, string>>)[kind] ?? kind;
}
