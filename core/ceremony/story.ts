import { fromBase64 } from '../ports/base64.ts';
import type { Refusal } from '../ports/coded-error.ts';
import type { Digest } from '../ports/digest.ts';
import { toHex } from '../ports/hex.ts';
import type { JournalRecord } from '../ports/journal.ts';
import { formatUtc } from '../profile/dates.ts';
import { replay } from './replay.ts';
import type { CeremonyState } from './state.ts';
import { view } from './view.ts';
import { visible } from './visible.ts';

/** What a journal tells when it is proven: line by line, for every face and for a log. */
export type Story =
  | { readonly ok: true; readonly lines: readonly string[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** Proves records by their chain and by playing them through the engine again, and says in words what happened. */
export function storyOf(records: readonly JournalRecord[], digest: Digest): Story {
  const replayed = replay(records, digest);
  return replayed.ok ? { ok: true, lines: storyLines(records, replayed.state, digest) } : replayed;
}

/** What happened in a ceremony whose records have been replayed. */
export function storyLines(records: readonly JournalRecord[], state: CeremonyState, digest: Digest): readonly string[] {
  const shown = view(state);
  const { rehearsed } = state.beginning;
  const certificates = Object.entries(state.certificates).map(
    ([name, { der }]) => `certificate ${name}: SHA-256 ${toHex(digest('sha256', fromBase64(der))).toUpperCase()}`,
  );
  // One line of what is told is one line of what is printed: none of it can look like the verdict at the end.
  return [
    `${shown.title} (${shown.hierarchy})${shown.rehearsal ? '  REHEARSAL' : ''}`,
    `plan SHA-256 ${shown.planHash}`,
    ...(rehearsed === undefined ? [] : [`rehearsed: exactly this plan, until ${formatUtc(rehearsed.created)}`]),
    ...shown.transcript.map(({ at, act, text }) => `${at}  ${String(act).padStart(2)}  ${text}`),
    ...certificates,
    `status: ${shown.status}, act ${state.completed.length} of ${shown.acts.length} done`,
    `interruptions: ${shown.resumptions}, pauses: ${state.pauses.length}, deviations: ${state.deviations.length}`,
    `OK: ${records.length} records, one unbroken chain, every one replayed; last ${records.at(-1)?.hash ?? ''}`,
  ].map(visible);
}
