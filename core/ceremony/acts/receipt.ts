import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { maximumReceiptBytes, readReceipt, receiptSchema, type Receipt } from '../../bundle/receipt.ts';
import { CodedError } from '../../ports/coded-error.ts';
import { toHex } from '../../ports/hex.ts';
import { parseUtc } from '../../profile/dates.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { ceremonyError, impossible } from '../ceremony-error.ts';
import { confirmWord, digestFacts, fact } from '../facts.ts';
import { requireUnchanged } from '../file-input.ts';
import { actBase } from '../plan-types.ts';
import type { Fact } from '../prompt.ts';
import type { CeremonyState } from '../state.ts';

const config = z.strictObject({
  do: z.literal('receipt'),
  /** The file, by the name the binding gives it. */
  file: slugSchema,
  ...actBase,
});
type Config = z.infer<typeof config>;

const intent = z.strictObject({ receipt: receiptSchema, sha256: z.string().regex(/^[0-9a-f]{64}$/u) });
type Intent = z.infer<typeof intent>;

/** The issuer has the last bundle, and no other: or somebody finds out why before anything new is made. */
function requireLast(receipt: Receipt, { beginning }: CeremonyState, now: number): void {
  const { previous, plan, rehearsal } = beginning;
  if (previous === null) throw impossible('There is no previous bundle');
  const refuse = (code: string, message: string, remedy: string): never => {
    throw ceremonyError(code, message, remedy);
  };
  const { epoch, sums, hierarchy } = receipt;
  if (hierarchy !== plan.hierarchy || receipt.rehearsal !== rehearsal) {
    const whose = `${receipt.rehearsal ? 'a rehearsal' : 'production'} of "${hierarchy}"`;
    refuse('receipt-other-hierarchy', `The receipt is of ${whose}.`, 'Bring the receipt of this hierarchy’s issuer.');
  }
  if (epoch < previous.epoch) {
    const message = `The issuer has loaded epoch ${epoch}; the last ceremony left epoch ${previous.epoch}.`;
    refuse('receipt-behind', message, 'Have the last bundle loaded first, or take the act out of the plan.');
  }
  if (epoch > previous.epoch) {
    const message = `The issuer has loaded epoch ${epoch}; this ceremony goes on from epoch ${previous.epoch}.`;
    refuse(
      'receipt-ahead',
      message,
      'Stop: there is a later bundle. Find out which ceremony it is from and go on from it.',
    );
  }
  if (sums !== previous.sums) {
    const message = `The issuer has loaded another bundle of epoch ${epoch} than the one this ceremony goes on from.`;
    refuse(
      'receipt-other-bundle',
      message,
      'Stop: two bundles claim one place in the history. Find out where each is from.',
    );
  }
  const [loaded, made] = [parseUtc(receipt.loaded) ?? 0, parseUtc(receipt.made) ?? 0];
  if (loaded < (previous.created ?? 0) || made < loaded || made > now) {
    const message = `Its times cannot be: loaded ${receipt.loaded}, written ${receipt.made}.`;
    refuse('receipt-time', message, 'Compare the clocks of the issuer and of this machine.');
  }
}

async function prepare({ file }: Config, state: CeremonyState, ports: ActPorts): Promise<Intent> {
  const bytes = await ports.media.read(ports.file(file), maximumReceiptBytes);
  requireUnchanged(file, bytes, state, ports);
  const read = readReceipt(bytes);
  if (!read.ok) throw new CodedError(read.refusal);
  requireLast(read.receipt, state, ports.clock.now());
  return { receipt: read.receipt, sha256: toHex(ports.digest('sha256', bytes)) };
}

function shown({ receipt, sha256 }: Intent): readonly Fact[] {
  return [
    fact('issuer', `${receipt.issuer}, written by ${receipt.replica}`),
    fact('has loaded', `epoch ${receipt.epoch} on ${receipt.loaded}: the bundle of the last ceremony`),
    fact('written', receipt.made),
    {
      label: 'authenticity',
      value: 'NOT SIGNED: only its hash, from the operators by another way, says whose it is',
      style: 'warning',
    },
    ...digestFacts('receipt SHA-256', sha256),
  ];
}

/** What the issuer says it has loaded comes back into the room, and is the last bundle. */
export const receipt = defineAct({
  name: 'receipt',
  config,
  intent,
  outcome: z.strictObject({}),
  references: ({ file }) => ({ files: [file] }),
  describe: ({ file }) => ({
    headline: `Take in the issuer's receipt "${file}"`,
    why: 'It says which bundle the issuer works with. A ceremony that goes on from another one would split the history.',
    onToken: '',
  }),
  questions: () => [],
  prepare,
  confirmations: (own, made) =>
    confirmWord(own, 'SAME', 'Compare the hash with the one the operators sent by another way.', shown(made)),
  perform: () => Promise.resolve({}),
  apply: () => ({}),
  summary: (_, made) => shown(made),
});
