import type { Fact } from './prompt.ts';

/** Labels of what a dry run draws for itself: the real ones are other numbers. */
const drawnLater: ReadonlySet<string> = new Set(['serial', 'CKA_ID', 'random number', 'size']);

/** What can be said of an act before it is held: no hash of a stand-in, no number that will be another one, no answer. */
export function foreseen(facts: readonly Fact[]): readonly Fact[] {
  return facts.filter(
    ({ label, value, style = 'plain' }) =>
      value !== '' && (style === 'plain' || style === 'warning') && !drawnLater.has(label),
  );
}
