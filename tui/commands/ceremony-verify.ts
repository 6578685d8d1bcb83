import { stat } from 'node:fs/promises';
import path from 'node:path';
import { CodedError, formatRefusal } from '../../core/ports/coded-error.ts';
import type { JournalRecord } from '../../core/ports/journal.ts';
import { toHex } from '../../core/ports/hex.ts';
import { transcriptFile } from '../../core/bundle/layout.ts';
import { maximumBundleBytes } from '../../core/bundle/layout.ts';
import { readTar } from '../../core/bundle/tar.ts';
import { readTranscript } from '../../core/bundle/transcript.ts';
import { replay } from '../../core/ceremony/replay.ts';
import { view } from '../../core/ceremony/view.ts';
import { fromBase64 } from '../../core/ports/base64.ts';
import { readJournal } from '../../core/node/journal-sqlite.ts';
import type { Command, CommandInput } from '../cli/command.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Output, Program } from '../cli/program.ts';

/** Records of a ceremony: from its folder, from a journal file, or from the transcript in a bundle. */
async function recordsOf(given: string, { ports }: Program): Promise<readonly JournalRecord[]> {
  const facts = await stat(given).catch(() => undefined);
  if (facts?.isDirectory() === true) return readJournal(path.join(given, 'journal.db'), ports.digest);
  const bytes = await ports.media.read(given, maximumBundleBytes);
  const tar = readTar(bytes);
  if (!tar.ok) return readJournal(given, ports.digest);
  const records = readTranscript(tar.files.get(transcriptFile) ?? new Uint8Array(), ports.digest);
  if (records !== undefined) return records;
  throw new CodedError({
    code: 'journal-chain-broken',
    message: 'The transcript in the bundle is broken.',
    remedy: 'Verify the bundle itself first: coldroot bundle verify.',
  });
}

function printStory(records: readonly JournalRecord[], { output, ports }: Program): number {
  const replayed = replay(records, ports.digest);
  if (!replayed.ok) {
    output.note(formatRefusal(replayed.refusal));
    return exitCodes.notVerified;
  }
  const { state } = replayed;
  const shown = view(state);
  output.line(`${shown.title} (${shown.hierarchy})${shown.rehearsal ? '  REHEARSAL' : ''}`);
  output.line(`plan SHA-256 ${shown.planHash}`);
  for (const { at, act, text } of shown.transcript) output.line(`${at}  ${String(act).padStart(2)}  ${text}`);
  printArtefacts(state.certificates, output, (der) => toHex(ports.digest('sha256', fromBase64(der))));
  const last = records.at(-1);
  output.line(`status: ${shown.status}, act ${state.completed.length} of ${shown.acts.length} done`);
  output.line(
    `interruptions: ${shown.resumptions}, pauses: ${state.pauses.length}, deviations: ${state.deviations.length}`,
  );
  output.line(`OK: ${records.length} records, one unbroken chain, every one replayed; last ${last?.hash ?? ''}`);
  return exitCodes.done;
}

function printArtefacts(
  certificates: Readonly<Record<string, { readonly der: string }>>,
  output: Output,
  hash: (der: string) => string,
): void {
  for (const [name, { der }] of Object.entries(certificates)) {
    output.line(`certificate ${name}: SHA-256 ${hash(der).toUpperCase()}`);
  }
}

export const ceremonyVerify: Command = {
  name: 'ceremony verify',
  summary: 'Prove a ceremony’s journal or transcript, replay it, and say in words what happened',
  operands: [{ name: 'WHAT', help: 'a ceremony’s folder, a journal.db, or a bundle' }],
  options: {},
  notes: [
    'This proves that the records are whole and fit the engine. Who made them is proven by the bundle’s signature:',
    'coldroot bundle verify. Compare the last hash with the manifest’s "journal".',
  ],
  run: async ({ operands }: CommandInput, program) => printStory(await recordsOf(operands[0] ?? '', program), program),
};
