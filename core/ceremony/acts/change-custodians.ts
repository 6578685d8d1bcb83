import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { confirmWord, fact } from '../facts.ts';
import { handOverPrompts, newSet, prepareHandOver } from '../hand-over.ts';
import { actBase } from '../plan-types.ts';
import type { Prompt } from '../prompt.ts';
import type { Role } from '../roles.ts';
import { pinFromShares, sharePrompts } from '../share-entry.ts';
import type { CeremonyState } from '../state.ts';

const config = z
  .strictObject({
    do: z.literal('change-custodians'),
    token: slugSchema,
    /** How many shares of the old set are typed; `pin` where one person still knows the PIN. */
    from: z.union([z.literal('pin'), z.int().min(2).max(15)]),
    shares: z.int().min(2).max(15),
    threshold: z.int().min(2).max(15),
    ...actBase,
  })
  .refine(({ shares, threshold }) => threshold <= shares, 'more shares are needed than there are');
type Config = z.infer<typeof config>;

const set = z.string().regex(/^[0-9a-f]{8}$/u);
/** What opened the token before: `before` is what the plan says, a set is one that an attempt before this handed out. */
const opener = z.union([z.literal('before'), set]);
const intent = z.strictObject({ serial: z.string().max(64), set, from: opener });

/** What is asked after an attempt that was broken off. */
export const openerPromptId = 'opens-now';

/** Letters and digits that every keyboard layout has in the same place and that nobody takes for one another. */
const alphabet = 'bcdefghjklnpstuvBCDEFGHJKLNPSTUV';
/** 100 bits: nobody types it, so it need not be short. */
const pinCharacters = 20;
const fewest = 12;

function newPin({ entropy }: ActPorts, longest: number): string {
  const length = longest === 0 ? pinCharacters : Math.min(pinCharacters, longest);
  if (length < fewest) {
    const remedy = 'Keep the PIN in the vendor’s own way of sharing it.';
    throw ceremonyError('pin-too-short', 'This token takes no PIN long enough to be drawn at random.', remedy);
  }
  return Array.from(entropy.bytes(length), (byte) => alphabet[byte % alphabet.length]).join('');
}

/** Where the two PINs wait in memory until everybody has taken a share. */
const held = { from: 'custodians-from', to: 'custodians-to' } as const;

async function prepare(own: Config, state: CeremonyState, ports: ActPorts): Promise<z.infer<typeof intent>> {
  const { token, threshold } = own;
  const serial = state.beginning.tokens[token]?.serial ?? '';
  const from = opener.catch('before').parse(state.current.answers[openerPromptId]);
  const made = { serial, set: newSet(ports), from };
  const secret = (id: string): string | undefined => ports.secret(id);
  const of = from === 'before' ? own.from : threshold;
  const old = of === 'pin' ? secret(`pin-${token}`) : await pinFromShares(token, of, secret, ports);
  // Only in a dry run is there none: a real entry is refused when it is empty.
  if (old === undefined) return made;
  const device = await ports.token(token);
  await device.login(old);
  const pin = newPin(ports, (await device.info()).pinLength.maximum);
  await prepareHandOver(pin, made, own, ports);
  ports.keep(held.from, old);
  ports.keep(held.to, pin);
  return made;
}

async function perform(
  { token }: Config,
  made: z.infer<typeof intent>,
  state: CeremonyState,
  ports: ActPorts,
): Promise<{ set: string }> {
  // In a dry run nobody has taken a share.
  if (!('share-1' in state.current.answers)) return { set: made.set };
  const [from, to] = [ports.secret(held.from), ports.secret(held.to)];
  if (from === undefined || to === undefined) {
    const remedy = 'Try again: you are asked which shares open the token now.';
    throw ceremonyError('custodians-again', 'The PINs were forgotten when the program stopped.', remedy);
  }
  const device = await ports.token(token);
  await device.changePin(from, to);
  return { set: made.set };
}

/**
 * After an attempt that was broken off, the PIN may have been replaced: the journal cannot know, and asking the token takes
 * the PIN. So people say which shares they try; a wrong guess costs one try of the PIN, and they are asked again.
 */
function openerPrompt(lapsed: z.infer<typeof intent>, by: Role): Prompt {
  const before = lapsed.from === 'before' ? 'What opened it before this ceremony' : `The shares of set ${lapsed.from}`;
  return {
    id: openerPromptId,
    kind: 'choice',
    by,
    say: 'This act was broken off, and may have replaced the PIN all the same. Which of the two opens the token now?',
    show: [fact('set handed out then', lapsed.set)],
    choices: [
      { value: lapsed.from, label: before },
      { value: lapsed.set, label: `The shares of set ${lapsed.set}, handed out in the attempt that was broken off` },
    ],
  };
}

function questions({ token, from, threshold, by }: Config, { beginning, current }: CeremonyState): readonly Prompt[] {
  const [role = 'administrator'] = by;
  const serial = beginning.tokens[token]?.serial ?? '';
  if (current.lapsed !== undefined) {
    const asked = openerPrompt(intent.parse(current.lapsed), role);
    const set = current.answers[openerPromptId];
    if (typeof set !== 'string') return [asked];
    const facts = [fact('serial', serial)];
    if (set !== 'before') return [asked, ...sharePrompts({ token, serial, of: threshold, by: role, set }, facts)];
    return [asked, ...fromBefore({ token, from, serial, role })];
  }
  return fromBefore({ token, from, serial, role });
}

interface Before {
  readonly token: string;
  readonly from: Config['from'];
  readonly serial: string;
  readonly role: Role;
}

/** What opens the token as the plan has it. */
function fromBefore({ token, from, serial, role }: Before): readonly Prompt[] {
  if (from !== 'pin') return sharePrompts({ token, serial, of: from, by: role }, [fact('serial', serial)]);
  const say = `Enter the PIN of "${token}" for the last time: it is replaced by one that nobody knows.`;
  return [{ id: `pin-${token}`, kind: 'secret', by: role, say, token, keypad: false, required: true }];
}

/**
 * New custodians: the PIN is replaced by one drawn at random, which nobody ever sees, and its shares go to the new officers.
 * The old shares are void from then on, which a new splitting of the old PIN would not achieve.
 */
export const changeCustodians = defineAct({
  name: 'change-custodians',
  config,
  intent,
  outcome: z.strictObject({ set }),
  inMemory: true,
  references: ({ token }) => ({ opens: token, handsOut: token }),
  describe: ({ token, shares, threshold }) => ({
    headline: `Give "${token}" a new PIN, in ${shares} shares, any ${threshold} of which open it`,
    why: 'Custodians change. Whoever held a share or knew the PIN can open nothing with it afterwards.',
    onToken: 'Replaces the user PIN. The keys stay as they are.',
  }),
  questions,
  prepare,
  confirmations: (own, made) => [
    ...handOverPrompts(own, made.set),
    ...confirmWord(own, 'CHANGE', `Every share is taken. Replace the PIN of "${own.token}" now?`, [
      fact('token', `${own.token}, serial ${made.serial}`),
      fact('new set', made.set),
    ]),
  ],
  perform,
  apply: ({ token, threshold }, _, { set: name }, { openTokens, custodians }) => ({
    openTokens: [...new Set([...openTokens, token])],
    custodians: { ...custodians, [token]: { set: name, threshold } },
  }),
  summary: ({ token, shares, threshold }, { serial }, { set: name }) => [
    fact('token', `${token}, serial ${serial}`),
    fact('PIN', 'replaced by one that nobody knows, and taken by the token'),
    fact('set', name),
    fact('shares', `${shares} handed out, any ${threshold} of them open the token; those of older sets are void`),
  ],
});
