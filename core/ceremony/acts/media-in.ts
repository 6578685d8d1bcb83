import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { confirmWord } from '../facts.ts';
import { requireUnchanged } from '../file-input.ts';
import { carrierPrompt, handOverFacts, handOverOf, mediaIntent, readMedium, type MediaIntent } from '../medium.ts';
import { actBase } from '../plan-types.ts';
import type { CeremonyState } from '../state.ts';

const config = z.strictObject({
  do: z.literal('media-in'),
  /** The file, by the name the binding gives it. */
  file: slugSchema,
  /** Its SHA-256, where it was known when the plan was written. */
  sha256: mediaIntent.shape.sha256.optional(),
  ...actBase,
});
type Config = z.infer<typeof config>;

async function prepare({ file, sha256 }: Config, state: CeremonyState, ports: ActPorts): Promise<MediaIntent> {
  const bytes = await readMedium(ports.file(file), ports);
  const made = handOverOf(bytes, state, ports);
  if (sha256 === undefined || sha256 === made.sha256) return made;
  throw ceremonyError(
    'media-other-hash',
    `The file "${file}" has the SHA-256 ${made.sha256}; the plan says ${sha256}.`,
    'Stop: this is another file than the one that was reviewed. Find out where it comes from.',
  );
}

/** A file comes into the room: who brought it, how long it is, and its hash, compared in words. */
export const mediaIn = defineAct({
  name: 'media-in',
  config,
  intent: mediaIntent,
  outcome: z.strictObject({}),
  references: ({ file }) => ({ files: [file] }),
  describe: ({ file }) => ({
    headline: `Take in the file "${file}"`,
    why: 'What a ceremony is given decides what it makes. Whoever made the file says its hash by another way than it came.',
    onToken: '',
  }),
  questions: (own, state) => [carrierPrompt(own, state, `Who brought the medium with the file "${own.file}"?`)],
  prepare,
  confirmations: (own, made) =>
    confirmWord(
      own,
      'SAME',
      'Compare the SHA-256 with the one that came by another way.',
      handOverFacts('brought by', made),
    ),
  perform: async ({ file }, { sha256 }, state, ports) => {
    const bytes = await readMedium(ports.file(file), ports);
    requireUnchanged(file, bytes, { ...state, media: { ...state.media, [file]: sha256 } }, ports);
    return {};
  },
  apply: ({ file }, { sha256 }, _, { media }) => ({ media: { ...media, [file]: sha256 } }),
  summary: (_, made) => handOverFacts('brought by', made),
});
