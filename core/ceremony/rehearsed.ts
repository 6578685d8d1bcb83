import { maximumBundleBytes } from '../bundle/layout.ts';
import { verifyBundle } from '../bundle/verify.ts';
import type { Refusal } from '../ports/coded-error.ts';
import { parseUtc } from '../profile/dates.ts';
import type { Plan } from './plan-types.ts';
import type { CeremonyPorts, Setting } from './ports.ts';
import { proveBundle } from './proof.ts';
import type { Rehearsed } from './state.ts';

/** The rehearsal that was shown, if one was, and what is wrong with it. */
export interface RehearsalEvidence {
  readonly shown: { readonly rehearsed?: Rehearsed };
  readonly refusals: readonly Refusal[];
}

const rehearse =
  'Rehearse exactly this plan (coldroot ceremony run --rehearse), and name the bundle that it leaves in the binding.';

function refused(refusal: Refusal): RehearsalEvidence {
  return { shown: {}, refusals: [refusal] };
}

/**
 * Whether exactly this plan was rehearsed, to its end: the bundle of the rehearsal is sealed, its transcript leads to what
 * is in it, and the plan in it is this one, byte for byte.
 */
export async function rehearsalEvidence(
  plan: Plan,
  planHash: string,
  { rehearsal: named }: Setting,
  ports: CeremonyPorts,
): Promise<RehearsalEvidence> {
  if (named === undefined) {
    if (!plan.rehearsed) return { shown: {}, refusals: [] };
    const message = 'The plan demands that it was rehearsed, and the binding names no rehearsal.';
    const remedy = `${rehearse} rehearsal: { bundle: path, root: fingerprint }.`;
    return refused({ code: 'rehearsal-missing', message, remedy });
  }
  const expect = {
    rootFingerprint: named.root,
    now: ports.clock.now(),
    rehearsal: 'require',
    hierarchy: plan.hierarchy,
    historical: true,
  } as const;
  const verdict = verifyBundle(await ports.media.read(named.bundle, maximumBundleBytes), expect, ports);
  if (!verdict.ok) return refused({ ...verdict.refusal, message: `Rehearsal: ${verdict.refusal.message}` });
  const { manifest, sums } = verdict.bundle;
  if (manifest.plan !== planHash) {
    const message = `The rehearsal was of another plan: SHA-256 ${manifest.plan}, this one has ${planHash}.`;
    return refused({ code: 'rehearsal-other-plan', message, remedy: rehearse });
  }
  const proof = proveBundle(verdict.bundle, ports.digest);
  if (!proof.ok) return refused({ ...proof.refusal, message: `Rehearsal: ${proof.refusal.message}` });
  return { shown: { rehearsed: { sums, created: parseUtc(manifest.created) ?? 0 } }, refusals: [] };
}
