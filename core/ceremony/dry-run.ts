import { z } from 'zod';
import { CodedError, isCoded, type Refusal } from '../ports/coded-error.ts';
import { maximumBundleBytes } from '../bundle/layout.ts';
import { equalBytes } from '../ports/bytes.ts';
import type { JournalRecord } from '../ports/journal.ts';
import type { Media } from '../ports/media.ts';
import type { SecondOpinions } from '../ports/second-opinion.ts';
import { parseUtc } from '../profile/dates.ts';
import { readCertificate } from '../x509/certificate.ts';
import type { TokenInitializer } from '../ports/token-initializer.ts';
import type { ActPorts } from './act.ts';
import { actsByName } from './acts/registry.ts';
import { impossible } from './ceremony-error.ts';
import { DryKeys } from './dry-keys.ts';
import { dryToken } from './dry-token.ts';
import type { CeremonyPorts, Setting } from './ports.ts';
import type { Fact } from './prompt.ts';
import type { CeremonyState } from './state.ts';

/** What an act is going to do, found out beforehand. */
export interface Forecast {
  readonly headline: string;
  readonly facts: readonly Fact[];
}

export interface DryRun {
  readonly forecast: readonly Forecast[];
  readonly refusals: readonly (Refusal & { readonly act?: number })[];
}

/** Reads for real, writes nowhere, but says where a write would find another file in its way. */
function dryMedia(media: Media): Media {
  const written = new Map<string, Uint8Array>();
  return {
    read: async (path, maximumBytes) => written.get(path) ?? media.read(path, maximumBytes),
    write: async (path, bytes) => {
      const there = await media.read(path, maximumBundleBytes).catch((error: unknown) => {
        // A link, a folder or a file that cannot be read is as much in the way as a file with other bytes.
        if (isCoded(error, 'media-missing')) return undefined;
        throw error;
      });
      if (there !== undefined && !equalBytes(there, bytes)) {
        throw new CodedError({
          code: 'media-exists',
          message: `There is a file ${path} already.`,
          remedy: 'Choose an empty output folder in the binding, or move the file away.',
        });
      }
      written.set(path, bytes);
    },
  };
}

/** Other implementations cannot verify a stand-in's signature; everything else they still compare. */
function dryOpinions(opinions: SecondOpinions, keys: DryKeys): SecondOpinions {
  return async (artefact) => {
    const readings = await opinions(artefact);
    const stoodIn =
      artefact.kind === 'signature' ? keys.anyStoodIn : keys.isStoodIn(readCertificate(artefact.issuer).tbs.spki);
    if (!stoodIn) return readings;
    return readings.map(({ signatureValid: _unverifiable, ...reading }) => reading);
  };
}

/** Which tokens there are is asked for real; none of them is initialised. */
function lookingOnly(tokens: CeremonyPorts['tokens']): ActPorts['devices'] {
  const nothing = (): Promise<void> => Promise.resolve();
  const initializer: TokenInitializer = { blanks: () => tokens.blanks(), initialize: nothing, setUserPin: nothing };
  return { ...initializer, list: () => tokens.list(), open: (uri) => tokens.open(uri) };
}

interface Stage {
  state: CeremonyState;
}

function dryPorts(ports: CeremonyPorts, setting: Setting, stage: Stage, records: readonly JournalRecord[]): ActPorts {
  const keys = new DryKeys(ports.throwaway);
  const { clock, entropy, digest, room, sharing } = ports;
  return {
    clock,
    entropy,
    digest,
    room,
    sharing,
    verify: keys.verifier(ports.verify),
    media: dryMedia(ports.media),
    opinions: dryOpinions(ports.opinions, keys),
    devices: lookingOnly(ports.tokens),
    token: (name) => {
      const bound = stage.state.beginning.tokens[name];
      if (bound === undefined) throw impossible(`The token ${name} is not bound`);
      const held = (): ReturnType<typeof Object.values<CeremonyState['keys'][string]>> =>
        Object.values(stage.state.keys).filter(({ token }) => token === name);
      return Promise.resolve(dryToken(bound, held, keys));
    },
    secret: () => undefined,
    handOut: () => undefined,
    keep: () => undefined,
    file: (name) => fileOf(setting, name),
    previous: () => setting.previous,
    output: (name) => `${setting.output}/${name}`,
    records: () => records,
  };
}

/** Path of a file the plan names; the binding must have it. */
export function fileOf(setting: Setting, name: string): string {
  const path = setting.files[name];
  if (path !== undefined) return path;
  throw new CodedError({
    code: 'binding-file-missing',
    message: `The binding does not say which file "${name}" is.`,
    remedy: `Add it to the binding: files: { ${name}: path }.`,
  });
}

function unusedWaivers(state: CeremonyState, now: number): Refusal[] {
  const held = [...Object.values(state.certificates), ...Object.values(state.crls)];
  const used = new Set(held.flatMap(({ waived }) => waived.map(({ rule, object }) => `${rule} ${object}`)));
  return state.beginning.plan.waivers.flatMap(({ rule, object, expires }, index) => {
    if (used.has(`${rule} ${object}`)) return [];
    const expired = (parseUtc(expires) ?? 0) <= now;
    const what = expired ? 'has expired' : 'waives nothing: the rule is met without it';
    return [
      {
        code: expired ? 'waiver-expired' : 'waiver-unused',
        message: `The waiver of ${rule} for "${object}" ${what}.`,
        remedy: 'Take it out of the plan: a waiver that is not needed hides the next mistake.',
        where: { field: `waivers.${index}` },
      },
    ];
  });
}

/** What an act says against being done; what it makes must also fit its own journal record. */
function refusalOf(error: unknown): Refusal {
  if (isCoded(error)) return error;
  if (!(error instanceof z.ZodError)) throw error;
  const message = `What it would write down does not fit its record (${error.issues[0]?.message ?? 'unknown'}).`;
  return { code: 'event-malformed', message, remedy: 'Report this, with the plan and the previous bundle.' };
}

/**
 * Plays the whole plan with throwaway keys and no token: every certificate, CRL and the bundle is built, linted,
 * signed, read by the other implementations and verified, exactly as it will be for real. Stops at the first act that fails.
 */
export async function dryRun(
  start: CeremonyState,
  setting: Setting,
  ports: CeremonyPorts,
  records: readonly JournalRecord[],
): Promise<DryRun> {
  const stage: Stage = { state: start };
  const actPorts = dryPorts(ports, setting, stage, records);
  const forecast: Forecast[] = [];
  for (const [index, config] of start.beginning.plan.acts.entries()) {
    const act = actsByName.get(config.do);
    if (act === undefined) throw impossible(`There is no act ${config.do}`);
    try {
      const { state } = stage;
      const intent = await act.prepare(config, state, actPorts);
      const facts = act.confirmations(config, intent, state)[0]?.show ?? [];
      forecast.push({ headline: act.describe(config, state.beginning.plan).headline, facts });
      const outcome = await act.perform(config, intent, state, actPorts);
      stage.state = { ...state, ...act.apply(config, intent, outcome, state), index: index + 1 };
    } catch (error) {
      const { code, message, remedy } = refusalOf(error);
      return {
        forecast,
        refusals: [{ code, message: `Act ${index + 1}, ${config.do}: ${message}`, remedy, act: index }],
      };
    }
  }
  return { forecast, refusals: unusedWaivers(stage.state, ports.clock.now()) };
}
