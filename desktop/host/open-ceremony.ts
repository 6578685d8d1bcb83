import path from 'node:path';
import { CodedError, type Refusal } from '../../core/ports/coded-error.ts';
import type { Forecast } from '../../core/ceremony/dry-run.ts';
import type { CeremonyPorts } from '../../core/ceremony/ports.ts';
import { preflight, type Preflight } from '../../core/ceremony/preflight.ts';
import { replay } from '../../core/ceremony/replay.ts';
import { Ceremony } from '../../core/ceremony/run.ts';
import { Session } from '../../core/ceremony/session.ts';
import { step } from '../../core/ceremony/step.ts';
import { ProcessNotes } from '../../core/node/process-notes.ts';
import { readTextFile } from '../../core/node/text-file.ts';
import {
  loadBinding,
  loadBound,
  openWorkspace,
  outputFolder,
  saveBound,
  type Bound,
  type Workspace,
} from '../../core/node/workspace.ts';
import type { JournalRecord } from '../../core/ports/journal.ts';
import type { Place } from './folders.ts';
import { handsOutRefusal } from './hands-out.ts';
import type { HostSetting } from './setting.ts';

/** Which plan is to be held, and on what. */
export interface Choice {
  readonly plan: Place;
  readonly binding: Place;
  readonly rehearse: boolean;
}

export type Checked = Preflight & { readonly bound: Bound };

/** Tokens and everything else a ceremony needs, until it is closed. */
interface Reach {
  readonly ports: CeremonyPorts;
  readonly notes: ProcessNotes;
  readonly close: () => Promise<void>;
}

function reach({ ports, connectTokens }: HostSetting, { modules }: Bound): Reach {
  const notes = new ProcessNotes();
  const tokens = connectTokens(modules, notes.add);
  return { ports: { ...ports, tokens }, notes, close: () => tokens.close() };
}

async function check(
  { plan, binding, rehearse }: Choice,
  directory: string,
  setting: HostSetting,
): Promise<{ checked: Checked; reached: Reach }> {
  const bound = await loadBinding(binding.path, outputFolder(directory));
  const planText = await readTextFile(plan.path);
  const reached = reach(setting, bound);
  try {
    const input = { planText, planFile: plan.name, setting: bound.setting, rehearsal: rehearse };
    const judged = await preflight(input, reached.ports);
    return { checked: { ...(judged.ok ? forTheWindow(judged) : judged), bound }, reached };
  } catch (error) {
    await reached.close();
    throw error;
  }
}

/** A preflight and nothing else. */
export async function checkOnly(choice: Choice, directory: string, setting: HostSetting): Promise<Checked> {
  const { checked, reached } = await check(choice, directory, setting);
  await reached.close();
  return checked;
}

/** The ceremony that is open in the window: its folder, its tokens and its session, closed together. */
export class OpenCeremony {
  readonly place: Place;
  readonly session: Session;
  readonly forecast: readonly Forecast[];
  readonly output: string;
  readonly #ceremony: Ceremony;
  readonly #workspace: Workspace;
  readonly #reached: Reach;
  #closed: Promise<void> | undefined;

  private constructor(
    place: Place,
    held: { readonly ceremony: Ceremony; readonly workspace: Workspace; readonly reached: Reach },
    shown: { readonly forecast: readonly Forecast[]; readonly output: string },
    fault: (error: unknown) => void,
  ) {
    this.place = place;
    this.forecast = shown.forecast;
    this.output = shown.output;
    this.#ceremony = held.ceremony;
    this.#workspace = held.workspace;
    this.#reached = held.reached;
    this.session = new Session(held.ceremony, fault);
  }

  get journal(): string {
    return path.join(this.place.path, 'journal.db');
  }

  /** Begins a ceremony in a folder of its own; the refusals where the preflight has any, or the plan is another by now. */
  static async begin(
    choice: Choice,
    planHash: string,
    place: Place,
    setting: HostSetting,
    fault: (error: unknown) => void,
  ): Promise<OpenCeremony | readonly Refusal[]> {
    const { checked, reached } = await check(choice, place.path, setting);
    if (!checked.ok || checked.begin.planHash !== planHash) {
      await reached.close();
      return checked.ok ? [changed] : checked.refusals;
    }
    const { bound } = checked;
    return OpenCeremony.#open(place, reached, { forecast: checked.forecast, output: bound.setting.output }, fault, {
      workspace: () => openWorkspace(place.path, setting.ports.digest),
      ceremony: async ({ journal }) => {
        if (journal.records.length === 0) await saveBound(place.path, bound);
        return Ceremony.begin({ ports: reached.ports, setting: bound.setting, store: journal }, checked);
      },
    });
  }

  /** Takes a ceremony up again; `waiting` is called when the HSM is still doing what it was asked before. */
  static async resume(
    place: Place,
    setting: HostSetting,
    fault: (error: unknown) => void,
    waiting: () => void,
  ): Promise<OpenCeremony> {
    const bound = await loadBound(place.path);
    const reached = reach(setting, bound);
    return OpenCeremony.#open(place, reached, { forecast: [], output: bound.setting.output }, fault, {
      workspace: () => openWorkspace(place.path, setting.ports.digest, waiting),
      ceremony: ({ journal }) => {
        requireNoShares(journal.records, setting);
        return Ceremony.resume({ ports: reached.ports, setting: bound.setting, store: journal });
      },
    });
  }

  static async #open(
    place: Place,
    reached: Reach,
    shown: { readonly forecast: readonly Forecast[]; readonly output: string },
    fault: (error: unknown) => void,
    make: {
      readonly workspace: () => Promise<Workspace>;
      readonly ceremony: (workspace: Workspace) => Promise<Ceremony>;
    },
  ): Promise<OpenCeremony> {
    let workspace: Workspace | undefined;
    try {
      workspace = await make.workspace();
      reached.notes.openedIn(workspace);
      const ceremony = await make.ceremony(workspace);
      return new OpenCeremony(place, { ceremony, workspace, reached }, shown, fault);
    } catch (error) {
      await reached.close();
      await workspace?.close();
      throw error;
    }
  }

  /** Lets go of everything. The ceremony can be resumed. */
  close(): Promise<void> {
    this.#closed ??= (async () => {
      await this.#ceremony.close();
      await this.#reached.close();
      await this.#workspace.close();
    })();
    return this.#closed;
  }
}

/** The preflight passed: what the window itself has against the plan. */
function forTheWindow(passed: Extract<Preflight, { ok: true }>): Preflight {
  const first = step(undefined, passed.begin);
  if (!first.ok) return { ok: false, refusals: [first.refusal] };
  const refused = handsOutRefusal(first.state.beginning.plan);
  return refused === undefined ? passed : { ok: false, refusals: [refused] };
}

/** A ceremony that still has shares to hand out is taken up again at the terminal; nothing is written down here. */
function requireNoShares(records: readonly JournalRecord[], { ports }: HostSetting): void {
  const replayed = replay(records, ports.digest);
  if (!replayed.ok || replayed.state.status !== 'running') return;
  const { beginning, index } = replayed.state;
  const refused = handsOutRefusal(beginning.plan, index);
  if (refused !== undefined) throw new CodedError(refused);
}

const changed: Refusal = new CodedError({
  code: 'plan-changed',
  message: 'The plan is not the one whose hash was compared: the file has changed since.',
  remedy: 'Read the plan and compare its hash again.',
});
