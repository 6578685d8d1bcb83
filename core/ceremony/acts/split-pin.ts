import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { fact } from '../facts.ts';
import { handOverPrompts, newSet, prepareHandOver } from '../hand-over.ts';
import { actBase } from '../plan-types.ts';
import type { CeremonyState } from '../state.ts';

const config = z
  .strictObject({
    do: z.literal('split-pin'),
    token: slugSchema,
    /** How many officers get a share, and how many of them can open the token together. */
    shares: z.int().min(2).max(15),
    threshold: z.int().min(2).max(15),
    ...actBase,
  })
  .refine(({ shares, threshold }) => threshold <= shares, 'more shares are needed than there are');
type Config = z.infer<typeof config>;

/** What may be written down of a set of shares: its name, never a share. */
const intent = z.strictObject({ serial: z.string().max(64), set: z.string().regex(/^[0-9a-f]{8}$/u) });

async function prepare(own: Config, state: CeremonyState, ports: ActPorts): Promise<z.infer<typeof intent>> {
  const { token } = own;
  const serial = state.beginning.tokens[token]?.serial ?? '';
  if (state.beginning.tokens[token]?.keypad === true) {
    const remedy = 'Leave this act out, and hand the PIN over by the vendor’s procedure.';
    throw ceremonyError('share-keypad', 'The PIN is typed on the device itself and never known here.', remedy);
  }
  const set = newSet(ports);
  const pin = ports.secret(`pin-${token}`);
  // Only in a dry run is there none: the entry of a real one is refused when it is empty.
  if (pin === undefined) return { serial, set };
  const device = await ports.token(token);
  await device.login(pin);
  await prepareHandOver(pin, { serial, set }, own, ports);
  return { serial, set };
}

/** Opens a token with its PIN and splits that PIN among officers: from then on no one person can open it. */
export const splitPin = defineAct({
  name: 'split-pin',
  config,
  intent,
  outcome: z.strictObject({ set: z.string().regex(/^[0-9a-f]{8}$/u) }),
  inMemory: true,
  references: ({ token }) => ({ opens: token, handsOut: token }),
  describe: ({ token, shares, threshold }) => ({
    headline: `Split the PIN of "${token}" into ${shares} shares, any ${threshold} of which open it`,
    why: 'Nobody alone can use the key afterwards. Each share is shown once, to the officer it is for, and kept nowhere.',
    onToken: 'Logs in as its user, to be sure of the PIN. Nothing on it changes.',
  }),
  questions: ({ token, by }) => {
    const [role = 'administrator'] = by;
    const say = `Enter the PIN of "${token}", which is to be split. Whoever knows it forgets it afterwards.`;
    return [{ id: `pin-${token}`, kind: 'secret', by: role, say, token, keypad: false, required: true }];
  },
  prepare,
  confirmations: (own, { set }) => handOverPrompts(own, set),
  perform: (_, { set }) => Promise.resolve({ set }),
  apply: ({ token, threshold }, _, { set }, { openTokens, custodians }) => ({
    openTokens: [...new Set([...openTokens, token])],
    custodians: { ...custodians, [token]: { set, threshold } },
  }),
  summary: ({ token, shares, threshold }, { serial }, { set }) => [
    fact('token', `${token}, serial ${serial}`),
    fact('set', set),
    fact('shares', `${shares} handed out, any ${threshold} of them open the token`),
  ],
});
