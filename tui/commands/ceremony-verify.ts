import { stat } from 'node:fs/promises';
import path from 'node:path';
import { CodedError, formatRefusal, type Refusal } from '../../core/ports/coded-error.ts';
import type { JournalRecord } from '../../core/ports/journal.ts';
import { maximumBundleBytes, transcriptFile } from '../../core/bundle/layout.ts';
import { readTar } from '../../core/bundle/tar.ts';
import { readTranscript } from '../../core/bundle/transcript.ts';
import { verifyBundle } from '../../core/bundle/verify.ts';
import { proofLines, proveBundle } from '../../core/ceremony/proof.ts';
import { storyLines, storyOf } from '../../core/ceremony/story.ts';
import { readJournal } from '../../core/node/journal-sqlite.ts';
import type { Command, CommandInput } from '../cli/command.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Program } from '../cli/program.ts';
import { rootFingerprint } from './bundle-files.ts';

const unproven = 'NOT PROVEN: who made this bundle. Give the root (--root) to prove its seal.';

/** Records of a ceremony: from its folder, from a journal file, or from the transcript in a bundle. */
async function recordsOf(
  given: string,
  { ports }: Program,
): Promise<{ readonly records: readonly JournalRecord[]; readonly bundle: boolean }> {
  const facts = await stat(given).catch(() => undefined);
  const journal = async (file: string): Promise<Awaited<ReturnType<typeof recordsOf>>> => ({
    records: await readJournal(file, ports.digest),
    bundle: false,
  });
  if (facts?.isDirectory() === true) return journal(path.join(given, 'journal.db'));
  const bytes = await ports.media.read(given, maximumBundleBytes);
  const tar = readTar(bytes);
  if (!tar.ok) return journal(given);
  const records = readTranscript(tar.files.get(transcriptFile) ?? new Uint8Array(), ports.digest);
  if (records !== undefined) return { records, bundle: true };
  throw new CodedError({
    code: 'journal-chain-broken',
    message: 'The transcript in the bundle is broken.',
    remedy: 'Verify the bundle itself first: coldroot bundle verify.',
  });
}

function refused(refusal: Refusal, { output }: Program): number {
  output.note(formatRefusal(refusal));
  return exitCodes.notVerified;
}

/** Chain and replay alone: of a journal, or of a bundle nobody has vouched for. */
async function tell(given: string, program: Program): Promise<number> {
  const { output, ports } = program;
  const { records, bundle } = await recordsOf(given, program);
  const story = storyOf(records, ports.digest);
  if (!story.ok) return refused(story.refusal, program);
  for (const line of story.lines) output.line(line);
  if (bundle) output.note(unproven);
  return exitCodes.done;
}

/** Everything that can be proven offline of a bundle: its seal, its transcript, and that one follows from the other. */
async function prove(given: string, root: string, program: Program): Promise<number> {
  const { output, ports } = program;
  const expect = {
    rootFingerprint: await rootFingerprint(root, ports.digest),
    now: ports.clock.now(),
    rehearsal: 'allow',
    historical: true,
  } as const;
  const verdict = verifyBundle(await ports.media.read(given, maximumBundleBytes), expect, ports);
  if (!verdict.ok) return refused(verdict.refusal, program);
  const proof = proveBundle(verdict.bundle, ports.digest);
  if (!proof.ok) return refused(proof.refusal, program);
  const lines = storyLines(proof.records, proof.state, ports.digest);
  for (const line of [...lines, ...proofLines(verdict.bundle, ports.digest)]) output.line(line);
  return exitCodes.done;
}

export const ceremonyVerify: Command = {
  name: 'ceremony verify',
  summary: 'Prove a ceremony’s journal or bundle, replay it, and say in words what happened',
  operands: [{ name: 'WHAT', help: 'a ceremony’s folder, a journal.db, or a bundle' }],
  options: {
    root: {
      value: 'ROOT',
      help: 'of a bundle: the root’s SHA-256 fingerprint or certificate; its seal is proven, too',
    },
  },
  notes: [
    'Without --root this proves that the records are whole and fit the engine, not who made them. With it, and a bundle:',
    'the seal, the chain, the replay, and that manifest, certificates and CRLs are what the transcript leads to.',
  ],
  run: async ({ operands: [given = ''], values: { root } }: CommandInput, program) =>
    root === undefined ? tell(given, program) : prove(given, root, program),
};
