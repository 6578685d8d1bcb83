import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { equalBytes } from '../../ports/bytes.ts';
import { toHex } from '../../ports/hex.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { confirmWord, fact } from '../facts.ts';
import { carrierPrompt, handOverFacts, handOverOf, mediaIntent, readMedium } from '../medium.ts';
import { actBase } from '../plan-types.ts';

const config = z.strictObject({
  do: z.literal('media-out'),
  /** What is given out: a file this ceremony has made, such as `issuing-i1.csr.pem`. */
  artefact: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,98}$/u, 'not a name of a file that acts make'),
  /** Where it goes: a path on the medium, by the name the binding gives it. */
  file: slugSchema,
  ...actBase,
});

/** Written whole, read back, and the same: or it was not given out. */
async function copy(from: string, to: string, sha256: string, ports: ActPorts): Promise<void> {
  const bytes = await readMedium(from, ports);
  if (toHex(ports.digest('sha256', bytes)) !== sha256) {
    const remedy = 'Stop, and find out who changed it; its hash when it was made is in the transcript.';
    throw ceremonyError('media-changed', `The file ${from} is not the one that was confirmed.`, remedy);
  }
  await ports.media.write(to, bytes);
  if (equalBytes(await readMedium(to, ports), bytes)) return;
  const remedy = 'The medium is bad: use another one.';
  throw ceremonyError('media-differs', `What was read back from ${to} is not what was written.`, remedy);
}

/** A file leaves the room: what it is, its hash in words, and who carries it. */
export const mediaOut = defineAct({
  name: 'media-out',
  config,
  intent: mediaIntent,
  outcome: z.strictObject({}),
  references: ({ file }) => ({ writesFile: file }),
  describe: ({ artefact, file }) => ({
    headline: `Give out "${artefact}" as "${file}"`,
    why: 'Whoever gets it compares the hash with the one that is read aloud here. It is written, and read back.',
    onToken: '',
  }),
  questions: (own, state) => [carrierPrompt(own, state, `Who carries the medium with "${own.artefact}"?`)],
  prepare: async ({ artefact }, state, ports) =>
    handOverOf(await readMedium(ports.output(artefact), ports), state, ports),
  confirmations: (own, made) =>
    confirmWord(own, 'GIVE', `Give out "${own.artefact}"? Read its hash aloud.`, handOverFacts('carried by', made)),
  perform: async ({ artefact, file }, { sha256 }, _, ports) => {
    await copy(ports.output(artefact), ports.file(file), sha256, ports);
    return {};
  },
  apply: () => ({}),
  summary: ({ artefact }, made) => [fact('file', artefact), ...handOverFacts('carried by', made)],
});
