import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { keyAlgorithmNames } from '../../ports/algorithm-names.ts';
import { fromBase64 } from '../../ports/base64.ts';
import { equalBytes } from '../../ports/bytes.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { csrFacts, csrRecord, readTakenCsr, takeCsr } from '../csr-file.ts';
import { confirmWord, digestFacts, fact } from '../facts.ts';
import { algorithmOfKey } from '../lookup.ts';
import { actBase } from '../plan-types.ts';
import type { Fact } from '../prompt.ts';
import type { CeremonyState } from '../state.ts';

const config = z.strictObject({
  do: z.literal('import-csr'),
  /** The file, by the name the binding gives it; later acts know the key by the same name (`subject-key`). */
  csr: slugSchema,
  /** SHA-256 of its DER, where it was known when the plan was written. */
  sha256: csrFacts.shape.sha256.optional(),
  ...actBase,
});
type Config = z.infer<typeof config>;

const intent = csrFacts.extend({
  /** The request, DER in base64: whoever reads the journal can verify it again. */
  der: z.base64().max(30_000),
  spki: z.base64().max(2000),
  algorithm: z.enum(keyAlgorithmNames),
});
type Intent = z.infer<typeof intent>;

async function prepare({ csr, sha256 }: Config, state: CeremonyState, ports: ActPorts): Promise<Intent> {
  const taken = await takeCsr(csr, algorithmOfKey(state.beginning.plan, csr), state, ports);
  if (sha256 !== undefined && taken.facts.sha256 !== sha256) {
    throw ceremonyError(
      'csr-other-hash',
      `The CSR "${csr}" has the SHA-256 ${taken.facts.sha256}; the plan says ${sha256}.`,
      'Find out who changed the file or sent another: compare the hash with the maker of the key.',
    );
  }
  return csrRecord(taken);
}

/** A journal is a file: what is taken in must be what its request says, whatever lay in between. */
function perform({ csr }: Config, made: Intent, _: CeremonyState, ports: ActPorts): Promise<Record<string, never>> {
  const { spki, facts } = readTakenCsr(csr, fromBase64(made.der), ports);
  if (equalBytes(spki, fromBase64(made.spki)) && facts.sha256 === made.sha256) return Promise.resolve({});
  throw ceremonyError(
    'outcome-not-approved',
    'The request that was confirmed is not the one that was written down.',
    'Stop, keep the journal, and find out who changed it.',
  );
}

function shown({ sha256, subject, algorithm }: Intent): readonly Fact[] {
  return [
    fact('key', algorithm),
    fact('subject in the CSR (not used)', subject),
    ...digestFacts('CSR SHA-256', sha256),
  ];
}

/** A key that was made elsewhere comes into the room as a request, which proves that its maker holds it. */
export const importCsr = defineAct({
  name: 'import-csr',
  config,
  intent,
  outcome: z.strictObject({}),
  references: ({ csr }) => ({ importsKey: csr, files: [csr] }),
  describe: ({ csr }) => ({
    headline: `Take in the certification request "${csr}"`,
    why: 'It proves that its maker holds the key. Whose it is, only its hash can tell: compare it by another way than the file came.',
    onToken: '',
  }),
  questions: () => [],
  prepare,
  confirmations: (own, made) =>
    confirmWord(
      own,
      'SAME',
      'Compare the SHA-256 with the one its maker sent by another way, word by word.',
      shown(made),
    ),
  perform,
  apply: ({ csr }, { spki, algorithm }, _, { keys }) => ({
    keys: { ...keys, [csr]: { algorithm, spki, origin: 'csr' } },
  }),
  summary: (_, made) => shown(made),
});
