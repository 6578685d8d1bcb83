// Holds a ceremony as real processes, killing each (SIGKILL) at the first place of an HSM request where none was killed before,
// and taking the ceremony up again in the next, until one comes to the end.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { eventOf } from '../../../core/ceremony/events.ts';
import { replay } from '../../../core/ceremony/replay.ts';
import type { CeremonyState } from '../../../core/ceremony/state.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { readJournal } from '../../../core/node/journal-sqlite.ts';
import { connectTokens } from '../../../core/node/pkcs11/connect.ts';
import type { JournalRecord } from '../../../core/ports/journal.ts';
import { fromBase64, toBase64 } from '../../../core/ports/base64.ts';
import { toHex } from '../../../core/ports/hex.ts';
import { readSigned } from '../../../core/x509/certificate.ts';
import { maximumCrlBytes } from '../../../core/x509/crl.ts';
import { exitCodes } from '../../../tui/cli/exit-codes.ts';
import { bundleShape } from '../../support/bundle-shape.ts';
import { bundleOf, furnishRoom, rootOf } from '../../support/rehearse-plan.ts';
import { projectRoot, type RehearsalRoom } from '../../support/rehearsal-room.ts';

const hook = path.join(projectRoot, 'test/faults/ceremony/cut-hook.mjs');

/** More than any plan has places. */
const mostKills = 90;

/** What became of a ceremony that was killed at every place. */
interface Killed {
  /** Where it was killed, in order. */
  readonly cuts: readonly string[];
  /** Names of everything that was sent to be signed: the same bytes have the same name. */
  readonly signed: ReadonlySet<string>;
  /** Kills after the journal was there: each must have left a deviation. */
  readonly resumed: number;
  readonly state: CeremonyState;
  readonly records: readonly JournalRecord[];
}

async function recordsIn(room: RehearsalRoom, epoch: number): Promise<readonly JournalRecord[]> {
  const journal = room.path(`held-${epoch}/journal.db`);
  return existsSync(journal) ? readJournal(journal, nodeDigest) : [];
}

/** The state that records lead to; they must verify. */
function stateOf(records: readonly JournalRecord[]): CeremonyState {
  const replayed = replay(records, nodeDigest);
  if (!replayed.ok) throw new Error(replayed.refusal.message);
  return replayed.state;
}

/** Names of what was sent to be signed, but for challenges. */
function signedIn(log: readonly string[]): ReadonlySet<string> {
  return new Set(log.filter((line) => /^sent sign-(?!challenge)/u.test(line)));
}

/** Which shares a script takes for those that open the token, where a PIN may have been replaced before an interruption. */
type Guess = 'adopt' | 'destroy';

/** The token refused the PIN: the script says the other of the two, as people would. */
function guessAgain(room: RehearsalRoom, found: Guess): Guess {
  const other = found === 'adopt' ? 'destroy' : 'adopt';
  const answers = room.read('answers-now.yaml');
  room.write('answers-now.yaml', answers.replace(`found: ${found}`, `found: ${other}`));
  return other;
}

/** Kills a ceremony at every place, one process after the other, to its end. */
async function killEverywhere(room: RehearsalRoom, name: string, epoch: number): Promise<Killed> {
  const notes = mkdtempSync(path.join(tmpdir(), 'coldroot-cuts-'));
  const log = path.join(notes, 'log');
  const { run, resume } = furnishRoom(room, name, epoch);
  try {
    let resumed = 0;
    let found: Guess = 'adopt';
    let records: readonly JournalRecord[] = [];
    for (let kills = 0; kills < mostKills; kills += 1) {
      const before = records;
      const { code, signal, err, out } = await room.spawn(before.length === 0 ? run : resume, {
        file: hook,
        // One plan is enough for what is the same in all of them.
        data: { log, connecting: name === 'root' },
      });
      records = await recordsIn(room, epoch);
      // What is on disk stays there, whatever happens later.
      expect(records.slice(0, before.length).map(({ hash }) => hash)).toEqual(before.map(({ hash }) => hash));
      if (before.length > 0 && stateOf(before).status === 'running') resumed += 1;
      if (signal === 'SIGKILL') continue;
      if (code === exitCodes.actFailed && err.includes('[token-pin-incorrect]')) {
        found = guessAgain(room, found);
        continue;
      }
      const lines = readFileSync(log, 'utf8').split('\n');
      const cuts = lines.filter((line) => line.startsWith('cut ')).map((line) => line.slice(4));
      if (code !== exitCodes.done) throw new Error(`${name} after ${cuts.at(-1)}: ${code} ${err} ${out.slice(-600)}`);
      return { cuts, signed: signedIn(lines), resumed, state: stateOf(records), records };
    }
    throw new Error(`${name} was killed ${mostKills} times and is not done: ${readFileSync(log, 'utf8')}`);
  } finally {
    rmSync(notes, { recursive: true });
  }
}

/** What an undisturbed ceremony leaves behind. */
interface Whole {
  readonly shape: string;
  readonly objects: number;
  readonly signatures: number;
}

async function holdWhole(from: RehearsalRoom, name: string, epoch: number): Promise<Whole> {
  const room = from.copy();
  const notes = mkdtempSync(path.join(tmpdir(), 'coldroot-cuts-'));
  const log = path.join(notes, 'log');
  try {
    const { run } = furnishRoom(room, name, epoch);
    const { code, err } = await room.spawn(run, { file: hook, data: { log, only: 'watch' } });
    if (code !== exitCodes.done) throw new Error(`${name}: ${err}`);
    const signatures = signedIn(readFileSync(log, 'utf8').split('\n')).size;
    return { shape: bundleShape(bundleOf(room, epoch)), objects: room.objects().length, signatures };
  } finally {
    room.remove();
    rmSync(notes, { recursive: true });
  }
}

/** SPKIs of the key pairs on the tokens of the room, base64; their public halves are seen without a PIN. */
async function keysOn(room: RehearsalRoom): Promise<readonly string[]> {
  const { module, environment } = room.hsm;
  const provider = connectTokens({ softhsm: { path: module, environment } });
  try {
    const found = await Promise.all(
      (await provider.list()).map(async ({ serial }) => (await provider.open(`pkcs11:serial=${serial}`)).objects()),
    );
    return found.flat().flatMap(({ spki }) => (spki === undefined ? [] : [toBase64(spki)]));
  } finally {
    await provider.close();
  }
}

/** The name the log gives to a signature of a certificate's or CRL's to-be-signed part. */
function signatureName(der: string): string {
  const { tbs } = readSigned(fromBase64(der), maximumCrlBytes);
  return `sent sign-${toHex(nodeDigest('sha256', tbs)).slice(0, 16)}`;
}

/** Certificates and CRLs the ceremony itself made: in its outcomes. */
function madeIn(records: readonly JournalRecord[]): readonly string[] {
  return records.flatMap((record) => {
    const event = eventOf(record);
    const outcome = event?.kind === 'did' ? (event.outcome as { readonly der?: string }) : undefined;
    return outcome?.der === undefined ? [] : [outcome.der];
  });
}

/**
 * Kills a plan's ceremony at every place, in a copy of the room, and says what is wrong afterwards: each name is a rule, and
 * `false` means that it was broken.
 */
export async function judgeKilled(from: RehearsalRoom, name: string, epoch: number): Promise<Record<string, unknown>> {
  const whole = await holdWhole(from, name, epoch);
  const room = from.copy();
  try {
    const { cuts, signed, resumed, state, records } = await killEverywhere(room, name, epoch);
    const verified = await room.run('ceremony', 'verify', room.path(`held-${epoch}`));
    const bundle = await room.run('bundle', 'verify', bundleOf(room, epoch), '--root', rootOf(room), '--rehearsal');
    const keys = new Set(Object.values(state.keys).map(({ spki }) => spki));
    return {
      cuts,
      finished: state.status === 'finished',
      'the journal is proven': verified.code === exitCodes.done,
      'the loader takes the bundle': bundle.code === exitCodes.done,
      'the same artefacts': bundleShape(bundleOf(room, epoch)) === whole.shape,
      'as many objects on the tokens': room.objects().length === whole.objects,
      'every key is explained': (await keysOn(room)).every((spki) => keys.has(spki)),
      'nothing else was ever signed': signed.size === whole.signatures,
      'what was written ahead was signed': madeIn(records).every((der) => signed.has(signatureName(der))),
      'every interruption is a deviation': state.deviations.length === resumed && state.resumptions === resumed,
      'and told by the proof': verified.out.includes(`interruptions: ${resumed}, pauses: 0, deviations: ${resumed}`),
    };
  } finally {
    room.remove();
  }
}
