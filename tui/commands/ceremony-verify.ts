import { stat } from 'node:fs/promises';
import path from 'node:path';
import { CodedError, formatRefusal } from '../../core/ports/coded-error.ts';
import type { JournalRecord } from '../../core/ports/journal.ts';
import { transcriptFile } from '../../core/bundle/layout.ts';
import { maximumBundleBytes } from '../../core/bundle/layout.ts';
import { readTar } from '../../core/bundle/tar.ts';
import { readTranscript } from '../../core/bundle/transcript.ts';
import { storyOf } from '../../core/ceremony/story.ts';
import { readJournal } from '../../core/node/journal-sqlite.ts';
import type { Command, CommandInput } from '../cli/command.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Program } from '../cli/program.ts';

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
  const story = storyOf(records, ports.digest);
  if (story.ok) {
    for (const line of story.lines) output.line(line);
    return exitCodes.done;
  }
  output.note(formatRefusal(story.refusal));
  return exitCodes.notVerified;
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
