import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { fromHex } from '../../ports/hex.ts';
import { fromBase64 } from '../../ports/base64.ts';
import { keyAlgorithms } from '../../x509/algorithms.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { confirmWord, fact } from '../facts.ts';
import { keyNamed } from '../lookup.ts';
import { actBase } from '../plan-types.ts';
import { attributeText, restoredFaults } from '../restored-key.ts';
import { prepareRestore, restore, restoredTraces, restoreFacts, restoreIntent, traceFacts } from '../restoring.ts';
import type { CeremonyState } from '../state.ts';

const config = z.strictObject({
  do: z.literal('restore-key'),
  token: slugSchema,
  key: slugSchema,
  file: slugSchema,
  /** What the copy is called in this ceremony, where the key itself is on a token of it. */
  as: slugSchema.optional(),
  ...actBase,
});
type Config = z.infer<typeof config>;

const outcome = z.strictObject({ attributes: z.record(z.string().max(40), z.boolean()), adopted: z.boolean() });
type Outcome = z.infer<typeof outcome>;

function nameOf({ key, as: name = key }: Config): string {
  return name;
}

/** Believes a key that an interruption left only when it is as it must be, and has signed something. */
async function adopt(
  own: Config,
  made: z.infer<typeof restoreIntent>,
  state: CeremonyState,
  ports: ActPorts,
): Promise<Outcome> {
  const spki = fromBase64(keyNamed(state, own.key).spki);
  const selector = { spki, id: fromHex(made.id) };
  const device = await ports.token(own.token);
  const key = await device.findKey(selector);
  const faults = restoredFaults(key.attributes);
  if (key.label !== made.label) faults.push(`its label is "${key.label}"`);
  const [algorithm] = keyAlgorithms[key.algorithm].signatures;
  const message = ports.entropy.bytes(32);
  if (!ports.verify(spki, algorithm, message, await device.sign(selector, algorithm, message))) {
    faults.push('its halves do not belong together');
  }
  if (faults.length === 0) return { attributes: { ...key.attributes }, adopted: true };
  const remedy = 'Destroy it and restore the key again.';
  throw ceremonyError('key-not-as-asked', `The key is not as it must be: ${faults.join(', ')}.`, remedy);
}

/** Restores a key from its backup on the token that the backup is for. It never leaves that one again. */
export const restoreKey = defineAct({
  name: 'restore-key',
  config,
  intent: restoreIntent,
  outcome,
  looksFirst: true,
  references: (own) => ({
    tokens: [own.token],
    usesKeys: [own.key],
    restores: { key: own.key, as: nameOf(own), token: own.token },
    backupFile: own.file,
  }),
  describe: ({ token, key }) => ({
    headline: `Restore the key "${key}" on the token "${token}" from its backup`,
    why: 'From here on this token signs as the one did that the backup was made on.',
    onToken: 'Creates the key pair on it. The key can never leave this token again.',
  }),
  questions: () => [],
  prepare: (own, state, ports) => prepareRestore(own, nameOf(own), state, ports),
  confirmations: (own, made) => confirmWord(own, 'RESTORE', `Restore the key "${own.key}"?`, restoreFacts(own, made)),
  perform: async (own, made, state, ports) => {
    const { attributes } = await restore(own, made, state, ports);
    return { attributes: { ...attributes }, adopted: false };
  },
  recover: async (own, made, _, ports) => {
    const left = await restoredTraces(own.token, made, ports);
    if (left.length === 0) return { kind: 'redo' };
    const whole = left.some(({ kind, spki }) => kind === 'private-key' && spki !== undefined);
    const choices = whole ? ['adopt', 'destroy', 'abort'] : ['destroy', 'abort'];
    return { kind: 'decide', facts: traceFacts(left), choices };
  },
  resolve: async (own, made, choice, state, ports) => {
    if (choice === 'adopt') return adopt(own, made, state, ports);
    const device = await ports.token(own.token);
    await device.destroyKey(fromHex(made.id));
    return undefined;
  },
  apply: (own, { id }, _, state) => {
    const { algorithm, spki } = keyNamed(state, own.key);
    const restored = { token: own.token, id, algorithm, spki, origin: 'restored' } as const;
    return { keys: { ...state.keys, [nameOf(own)]: restored } };
  },
  summary: (own, made, { attributes, adopted }) => [
    fact(adopted ? 'adopted after an interruption' : 'restored', `${own.key} as "${nameOf(own)}"`),
    fact('proved', 'it signed, and the signature verifies under the public key known before'),
    fact('attributes', attributeText(attributes)),
    ...restoreFacts(own, made).slice(1),
  ],
});
