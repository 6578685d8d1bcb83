import { maximumBundleBytes } from '../bundle/layout.ts';
import { canonicalJson } from '../journal/canonical.ts';
import { CodedError, type Refusal } from '../ports/coded-error.ts';
import type { JournalRecord } from '../ports/journal.ts';
import type { Json } from '../ports/json.ts';
import { ceremonyError } from './ceremony-error.ts';
import { eventOf, type EventBody } from './events.ts';
import type { CeremonyPorts, Setting } from './ports.ts';
import type { Plan } from './plan-types.ts';
import { carriedFrom, nothingCarried, verifyPrevious, type Carried } from './previous.ts';
import { rehearsalEvidence } from './rehearsed.ts';

function otherStart(what: string): CodedError {
  return ceremonyError(
    'journal-other-start',
    `The journal says that this ceremony began with ${what}, and that is not what is there.`,
    'Stop. Keep the folder as evidence, find out who changed the journal or the medium, and go on from a copy of both.',
  );
}

function refused(what: string, refusal: Refusal): CodedError {
  return new CodedError({ ...refusal, message: `${what}: ${refusal.message}` });
}

async function carriedNow(
  { hierarchy }: Plan,
  rehearsal: boolean,
  { previous }: Setting,
  ports: CeremonyPorts,
): Promise<Carried> {
  if (previous === undefined) return nothingCarried;
  const archive = await ports.media.read(previous.bundle, maximumBundleBytes);
  const verdict = verifyPrevious(archive, { root: previous.root, now: ports.clock.now(), rehearsal, hierarchy }, ports);
  if (!verdict.ok) throw refused('Previous bundle', verdict.refusal);
  return carriedFrom(verdict.bundle);
}

function carriedIn(begin: EventBody<'begin'>): Carried {
  const { previous, certificates, keys, unsealed, compromised, crls, approvals } = begin;
  return { previous, certificates, keys, unsealed, compromised, crls, approvals };
}

/**
 * A journal is a file, and its first record says what everything later rests on: which certificates, CRLs and keys came from
 * the last ceremony, and which devices stand for the plan's tokens. Whoever could write it could leave a revocation out. So
 * what it says is read again from where it came before a ceremony is taken up again.
 */
export async function requireSameStart(
  plan: Plan,
  records: readonly JournalRecord[],
  setting: Setting,
  ports: CeremonyPorts,
): Promise<void> {
  const [first] = records;
  const begin = first === undefined ? undefined : eventOf(first);
  if (begin?.kind !== 'begin') return;
  const text = (value: unknown): string => canonicalJson({ value: (value ?? null) as Json });
  const uris = Object.fromEntries(Object.entries(begin.tokens).map(([name, { uri }]) => [name, uri]));
  if (text(uris) !== text(setting.tokens)) throw otherStart('other devices than the binding names');
  const carried = carriedIn(begin);
  if (text(carried) !== text(await carriedNow(plan, begin.rehearsal, setting, ports))) {
    throw otherStart('another state than the previous bundle left');
  }
  if (begin.rehearsal) return;
  const { shown, refusals } = await rehearsalEvidence(plan, begin.planHash, setting, ports);
  const [refusal] = refusals;
  if (refusal !== undefined) throw refused('Rehearsal', refusal);
  if (text(begin.rehearsed) !== text(shown.rehearsed)) throw otherStart('another rehearsal than the binding names');
}
