import type { Refusal } from '../ports/coded-error.ts';
import type { Entry } from '../journal/record.ts';
import { ceremonyError } from './ceremony-error.ts';
import { bodyOf, eventOf, type CeremonyEvent } from './events.ts';

export const shareNotShown: Refusal = {
  code: 'share-not-shown',
  message: 'The share has not been shown to the person it is for.',
  remedy: 'Hold this act at the terminal: coldroot ceremony resume.',
};

export const pauseNotNow: Refusal = {
  code: 'pause-not-now',
  message: 'An act is being done, and is never cut short.',
  remedy: 'Pause as soon as it is finished.',
};

/** An event as it will be read back: what a replay could not read must never be written. */
export function recordable(event: CeremonyEvent): { entry: Entry; event: CeremonyEvent } {
  const entry = { kind: event.kind, at: event.at, body: bodyOf(event) };
  const readBack = eventOf(entry);
  if (readBack !== undefined) return { entry, event: readBack };
  throw ceremonyError(
    'event-malformed',
    `"${event.kind}" does not fit into the journal.`,
    'Answer more briefly; if nothing was typed, keep the journal and report this.',
  );
}

/** Failures of the journal itself cannot be journaled: they end the run. */
export const unjournaled: ReadonlySet<string> = new Set([
  'journal-write',
  'clock-went-back',
  'event-out-of-order',
  'ceremony-impossible',
]);
