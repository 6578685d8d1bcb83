import type { Fact } from './prompt.ts';

/** Labels of what a dry run draws for itself: the real ones are other numbers. */
const drawnLater: ReadonlySet<string> = new Set(['serial', 'CKA_ID', 'random number']);

/** What can be said of an act before it is held: no hash of a stand-in, and no number that will be another one. */
export function foreseen(facts: readonly Fact[]): readonly Fact[] {
  return facts.filter(
    ({ label, style = 'plain' }) => (style === 'plain' || style === 'warning') && !drawnLater.has(label),
  );
}
