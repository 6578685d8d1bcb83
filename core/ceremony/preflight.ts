import { isCoded, type Refusal, type Where } from '../ports/coded-error.ts';
import { isBlankName } from '../ports/blank-token.ts';
import { toHex } from '../ports/hex.ts';
import { utf8 } from '../ports/bytes.ts';
import type { TokenInfo, TokenObject } from '../ports/token.ts';
import { maximumBundleBytes } from '../bundle/layout.ts';
import { chainRecord } from '../journal/record.ts';
import { formatUtc } from '../profile/dates.ts';
import { bindBlank, initializing, initializingFault } from './bind-blank.ts';
import { existingMissing, takenNames } from './continuing.ts';
import { checkPlan } from './check-plan.ts';
import { keysElsewhere } from './keys-elsewhere.ts';
import { dryRun, type Forecast } from './dry-run.ts';
import { lackFaults } from './backup-lacks.ts';
import { bodyOf, type CeremonyEvent } from './events.ts';
import { parsePlan } from './plan.ts';
import type { Plan } from './plan-types.ts';
import type { CeremonyPorts, Setting } from './ports.ts';
import { carriedFrom, nothingCarried, verifyPrevious } from './previous.ts';
import { rehearsalEvidence, type RehearsalEvidence } from './rehearsed.ts';
import type { BoundToken } from './state.ts';
import { step } from './step.ts';

/** What a ceremony is to be held from. */
export interface CeremonyInput {
  readonly planText: string;
  /** Name of the plan file, for error messages. */
  readonly planFile: string;
  readonly setting: Setting;
  readonly rehearsal: boolean;
}

export type Preflight =
  | {
      readonly ok: true;
      readonly begin: Extract<CeremonyEvent, { kind: 'begin' }>;
      readonly forecast: readonly Forecast[];
    }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** A ceremony machine's clock is wrong if it shows a time before this program was written. */
const earliestPlausible = Date.UTC(2026, 10, 1) / 1000;

function pinFault(name: string, { pinState, pinInitialized }: TokenInfo): Refusal | undefined {
  if (!pinInitialized) {
    const remedy = 'Initialise the token’s user PIN first.';
    return { code: 'token-pin-not-set', message: `The token "${name}" has no user PIN.`, remedy };
  }
  if (pinState === 'locked') {
    const remedy = 'Have the security officer unlock it.';
    return { code: 'token-pin-locked', message: `The PIN of the token "${name}" is locked.`, remedy };
  }
  if (pinState === 'final-try') {
    const remedy = 'Make sure of the PIN and reset the counter with the vendor’s tool: one more mistake locks it.';
    return { code: 'token-pin-final-try', message: `The token "${name}" has one PIN try left.`, remedy };
  }
  return undefined;
}

interface Bound {
  readonly tokens: Record<string, BoundToken>;
  readonly refusals: readonly Refusal[];
  /** What each token shows without a PIN. */
  readonly seen: Readonly<Record<string, readonly TokenObject[]>>;
}

/** The program must be the one that the plan names, where it names one. */
async function softwareFaults({ software }: Plan, ports: CeremonyPorts): Promise<Refusal[]> {
  if (software === undefined) return [];
  const remedy =
    'Hold the ceremony with the program the plan was reviewed and rehearsed with, or review and rehearse it anew.';
  if (software.version !== ports.version) {
    const message = `The plan is for Coldroot ${software.version}; this is ${ports.version}.`;
    return [{ code: 'software-other-version', message, remedy }];
  }
  if (software.sha256 === undefined) return [];
  const { softwareHash } = await ports.room();
  if (software.sha256 === softwareHash) return [];
  const message = `The plan is for a program with the SHA-256 ${software.sha256}; this one has ${softwareHash}.`;
  return [{ code: 'software-other-hash', message, remedy }];
}

/** Labels of keys the plan makes that are taken already, as far as can be seen without a PIN. */
function labelFaults(plan: Plan, name: string, seen: readonly TokenObject[]): Refusal[] {
  const planned = plan.acts.flatMap((act) => {
    const own = act as { readonly token?: string; readonly key?: string };
    return act.do === 'generate-key' && own.token === name && own.key !== undefined ? [own.key] : [];
  });
  const labels = new Set(seen.map(({ label }) => label));
  return planned
    .filter((label) => labels.has(label))
    .map((label) => ({
      code: 'token-key-label-exists',
      message: `The token "${name}" has an object labelled "${label}" already.`,
      remedy: 'Find out what it is. A leftover of a rehearsal is destroyed first; a real key is never made twice.',
    }));
}

/** What a device says of itself, and shows, without a PIN. */
async function lookAt(
  uri: string,
  ports: CeremonyPorts,
): Promise<{ info: TokenInfo; objects: readonly TokenObject[] }> {
  const token = await ports.tokens.open(uri);
  try {
    return { info: await token.info(), objects: await token.objects() };
  } finally {
    await token.close();
  }
}

/** Finds every token of the plan without logging in: reading what a device says of itself changes nothing on it. */
async function bindTokens(plan: Plan, setting: Setting, ports: CeremonyPorts): Promise<Bound> {
  const tokens: Record<string, BoundToken> = {};
  const seen: Record<string, readonly TokenObject[]> = {};
  const refusals: Refusal[] = [];
  const blanks = new Map<string, string>();
  for (const name of Object.keys(setting.tokens)) {
    if (plan.tokens[name] === undefined) {
      const remedy = 'Take it out of the binding, or use the binding made for this plan.';
      refusals.push({ code: 'binding-token-unknown', message: `The plan has no token "${name}".`, remedy });
    }
  }
  for (const name of Object.keys(plan.tokens)) {
    const uri = setting.tokens[name];
    if (uri === undefined) {
      const remedy = `Add it to the binding: tokens: { ${name}: "pkcs11:serial=…" }.`;
      const message = `The binding does not say which device the token "${name}" is.`;
      refusals.push({ code: 'binding-token-missing', message, remedy });
      continue;
    }
    const fresh = initializing(plan, name);
    const unfit = initializingFault(name, uri, fresh);
    if (unfit !== undefined) {
      refusals.push(unfit);
      continue;
    }
    try {
      if (isBlankName(uri)) {
        tokens[name] = await bindBlank(name, uri, plan, ports.tokens, blanks);
        continue;
      }
      const { info, objects } = await lookAt(uri, ports);
      const { serial, label, model, manufacturer, firmware, protectedPath: keypad } = info;
      const twin = Object.entries(tokens).find(([, other]) => other.serial === serial);
      if (twin !== undefined) {
        const message = `The tokens "${twin[0]}" and "${name}" are one and the same device (serial ${serial}).`;
        const remedy = 'Give each its own device: a root key does not share a token with an issuing key.';
        refusals.push({ code: 'binding-same-token', message, remedy });
      }
      // What is wiped need have no PIN that works.
      const fault = fresh === undefined ? pinFault(name, info) : undefined;
      if (fault !== undefined) refusals.push(fault);
      tokens[name] = { uri, serial, label, model, manufacturer, firmware, keypad };
      if (fresh === undefined) {
        seen[name] = objects;
        refusals.push(...labelFaults(plan, name, objects));
        refusals.push(...(await lackFaults(plan, name, uri, ports.tokens)));
      }
    } catch (error) {
      if (!isCoded(error)) throw error;
      refusals.push({ code: error.code, message: `Token "${name}": ${error.message}`, remedy: error.remedy });
    }
  }
  return { tokens, refusals, seen };
}

interface Carried {
  readonly carried: ReturnType<typeof carriedFrom>;
  readonly refusals: readonly Refusal[];
}

const nothingBrought: Carried = { carried: nothingCarried, refusals: [] };

async function loadPrevious(plan: Plan, input: CeremonyInput, ports: CeremonyPorts): Promise<Carried> {
  const refused = (refusal: Refusal): Carried => ({ carried: nothingCarried, refusals: [refusal] });
  const { previous } = input.setting;
  if (previous === undefined) {
    if (plan.previous === 'none') return { carried: nothingCarried, refusals: [] };
    const remedy = 'Add it to the binding: previous: { bundle: path, root: fingerprint }.';
    const message = 'The plan continues an earlier ceremony, but the binding names no previous bundle.';
    return refused({ code: 'binding-previous-missing', message, remedy });
  }
  if (plan.previous === 'none') {
    const remedy = 'Use the binding made for this plan, or say "previous: required" in the plan.';
    const message = 'The binding names a previous bundle, but the plan starts a new hierarchy.';
    return refused({ code: 'binding-previous-unexpected', message, remedy });
  }
  const archive = await ports.media.read(previous.bundle, maximumBundleBytes);
  const { hierarchy } = plan;
  const expect = { root: previous.root, now: ports.clock.now(), rehearsal: input.rehearsal, hierarchy };
  const verdict = verifyPrevious(archive, expect, ports);
  if (!verdict.ok) return refused({ ...verdict.refusal, message: `Previous bundle: ${verdict.refusal.message}` });
  const carried = carriedFrom(verdict.bundle);
  return { carried, refusals: [...existingMissing(plan, carried), ...takenNames(plan, carried)] };
}

/** A clock behind the previous bundle has been refused by then: that bundle would be from the future. */
function clockFaults(now: number): Refusal[] {
  if (now >= earliestPlausible) return [];
  const remedy = 'Set this machine’s clock to UTC and compare it with another.';
  return [{ code: 'clock-implausible', message: `This machine’s clock shows ${formatUtc(now)}.`, remedy }];
}

/** Gives refusals of a plan the place in the file they come from. */
function placed(
  refusals: readonly (Refusal & { readonly act?: number })[],
  locate: (path: readonly PropertyKey[]) => Where,
): readonly Refusal[] {
  return refusals.map(({ act, ...refusal }) =>
    act === undefined ? refusal : { ...refusal, where: locate(['acts', act]) },
  );
}

/**
 * Everything that can fail, fails here, before the HSM is touched: the plan as a whole, the binding, the devices, the
 * previous bundle, the clock, and a dry run of every act. Nothing is logged in to, written or changed.
 */
export async function preflight(input: CeremonyInput, ports: CeremonyPorts): Promise<Preflight> {
  const parsed = parsePlan(input.planText, input.planFile);
  if (!parsed.ok) return parsed;
  const plan = parsed.value;
  const wrong = checkPlan(plan, parsed.locate);
  if (wrong.length > 0) return { ok: false, refusals: wrong };
  const now = ports.clock.now();
  const planHash = toHex(ports.digest('sha256', utf8(input.planText)));
  let [carried, evidence]: [Carried, RehearsalEvidence] = [nothingBrought, { shown: {}, refusals: [] }];
  try {
    carried = await loadPrevious(plan, input, ports);
    // A rehearsal needs none before it.
    if (!input.rehearsal) evidence = await rehearsalEvidence(plan, planHash, input.setting, ports);
  } catch (error) {
    if (!isCoded(error)) throw error;
    return { ok: false, refusals: [error] };
  }
  const bound = await bindTokens(plan, input.setting, ports);
  const seen = keysElsewhere(plan, carried.carried, bound.seen);
  const software = await softwareFaults(plan, ports);
  const refusals = [
    ...software,
    ...carried.refusals,
    ...evidence.refusals,
    ...bound.refusals,
    ...seen,
    ...clockFaults(now),
  ];
  if (refusals.length > 0) return { ok: false, refusals };
  const begin = {
    kind: 'begin',
    at: now,
    planText: input.planText,
    planHash,
    bindingHash: input.setting.bindingHash,
    boundHash: input.setting.boundHash,
    rehearsal: input.rehearsal,
    version: ports.version,
    tokens: bound.tokens,
    ...carried.carried,
    ...evidence.shown,
  } as const;
  const first = step(undefined, begin);
  if (!first.ok) return { ok: false, refusals: [first.refusal] };
  const records = [chainRecord(undefined, { kind: 'begin', at: now, body: bodyOf(begin) }, ports.digest)];
  const played = await dryRun(first.state, input.setting, ports, records);
  if (played.refusals.length > 0) return { ok: false, refusals: placed(played.refusals, parsed.locate) };
  return { ok: true, begin, forecast: played.forecast };
}
