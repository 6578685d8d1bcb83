import type { Refusal } from '../ports/coded-error.ts';
import type { Digest } from '../ports/digest.ts';
import { utf8 } from '../ports/bytes.ts';
import { toHex } from '../ports/hex.ts';
import type { JournalRecord } from '../ports/journal.ts';
import { chainFault } from '../journal/record.ts';
import { otherDigest, strangersKey } from './approval.ts';
import { eventOf, type CeremonyEvent } from './events.ts';
import type { CeremonyState } from './state.ts';
import { step } from './step.ts';

export type Replay =
  | { readonly ok: true; readonly state: CeremonyState }
  | { readonly ok: false; readonly refusal: Refusal };

function refuse(code: string, message: string): Replay {
  const remedy = 'Use a copy of the journal that verifies; keep this one as evidence.';
  return { ok: false, refusal: { code, message, remedy } };
}

/** What only a hash tells of a record: a digest that is not that of its bytes, an approval by somebody else's key. */
function forged(event: CeremonyEvent, state: CeremonyState, digest: Digest): string | undefined {
  if (event.kind === 'intend' && otherDigest(event.intent, digest)) return 'its digest is not that of its bytes.';
  const { intent } = state.current;
  if (event.kind !== 'approved' || intent === undefined) return undefined;
  const who = strangersKey(state, intent, digest);
  return who === undefined ? undefined : `the approval of ${who} is not signed with the key enrolled for them.`;
}

/** The state a journal leads to: its chain is checked, then every record is played through the engine again. */
export function replay(records: readonly JournalRecord[], digest: Digest): Replay {
  const broken = chainFault(records, digest);
  if (broken !== undefined) return { ok: false, refusal: broken };
  let state: CeremonyState | undefined;
  for (const record of records) {
    const event = eventOf(record);
    if (event === undefined) return refuse('journal-record-unknown', `Record ${record.sequence} is of no known kind.`);
    if (event.kind === 'begin' && event.planHash !== toHex(digest('sha256', utf8(event.planText)))) {
      return refuse('journal-plan', 'The plan in the journal is not the one whose hash it names.');
    }
    const result = step(state, event);
    if (!result.ok) {
      return refuse('journal-record-impossible', `Record ${record.sequence} cannot follow: ${result.refusal.message}`);
    }
    const lie = forged(event, result.state, digest);
    if (lie !== undefined) {
      return refuse('journal-record-impossible', `Record ${record.sequence} cannot follow: ${lie}`);
    }
    state = result.state;
  }
  return state === undefined ? refuse('journal-empty', 'The journal is empty.') : { ok: true, state };
}
