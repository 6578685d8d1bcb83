import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { keyAlgorithmNames } from '../../ports/algorithm-names.ts';
import { toBase64 } from '../../ports/base64.ts';
import { fromHex, toHex } from '../../ports/hex.ts';
import type { TokenKey, TokenObject } from '../../ports/token.ts';
import { defineAct, type ActPorts, type Recovery } from '../act.ts';
import { ceremonyError, impossible } from '../ceremony-error.ts';
import { confirmWord, digestFacts, fact } from '../facts.ts';
import { algorithmOfKey } from '../lookup.ts';
import { actBase } from '../plan-types.ts';
import type { Fact } from '../prompt.ts';

const config = z.strictObject({
  do: z.literal('generate-key'),
  token: slugSchema,
  key: slugSchema,
  /** The key may leave its token wrapped, until it is sealed; where nothing is said it never leaves it. */
  backup: z.literal('wrap').optional(),
  ...actBase,
});
type Config = z.infer<typeof config>;

const intent = z.strictObject({
  token: slugSchema,
  label: slugSchema,
  /** CKA_ID, chosen before, so that a key made just before a power cut can be recognised. */
  id: z.string().regex(/^[0-9a-f]{32}$/u),
  algorithm: z.enum(keyAlgorithmNames),
});
type Intent = z.infer<typeof intent>;

const outcome = z.strictObject({
  spki: z.base64().max(2000),
  spkiSha256: z.string().regex(/^[0-9a-f]{64}$/u),
  /** Attributes as the token gave them back. */
  attributes: z.record(z.string().max(40), z.boolean()),
  adopted: z.boolean(),
});

function outcomeOf(made: TokenKey, adopted: boolean, { digest }: ActPorts): z.infer<typeof outcome> {
  const spkiSha256 = toHex(digest('sha256', made.spki));
  return { spki: toBase64(made.spki), spkiSha256, attributes: { ...made.attributes }, adopted };
}

/** Objects that carry the CKA_ID this act wrote ahead. */
async function traces({ token, id }: Intent, ports: ActPorts): Promise<readonly TokenObject[]> {
  const device = await ports.token(token);
  return (await device.objects()).filter((object) => object.id === id);
}

async function recover(own: Intent, ports: ActPorts): Promise<Recovery> {
  const left = await traces(own, ports);
  if (left.length === 0) return { kind: 'redo' };
  const kinds = left.map(({ kind }) => kind);
  const whole = kinds.includes('private-key') && left.some(({ spki }) => spki !== undefined);
  const facts = left.map(({ kind, label, id }) => fact(`found: ${kind}`, `"${label}", CKA_ID ${id}`));
  return { kind: 'decide', facts, choices: whole ? ['adopt', 'destroy', 'abort'] : ['destroy', 'abort'] };
}

/** What a key that signs certificates must be, whoever found it. */
const wanted = {
  token: true,
  private: true,
  sensitive: true,
  sign: true,
  decrypt: false,
  unwrap: false,
  derive: false,
} as const;

function attributeFaults(attributes: TokenKey['attributes'], { backup }: Config): string[] {
  return Object.entries({ ...wanted, extractable: backup === 'wrap' })
    .filter(([name, value]) => attributes[name as keyof typeof wanted] !== value)
    .map(([name, value]) => `it is ${value ? 'not ' : ''}${name}`);
}

async function adopt(plan: Config, own: Intent, ports: ActPorts): Promise<z.infer<typeof outcome>> {
  const spki = (await traces(own, ports)).find((object) => object.spki !== undefined)?.spki;
  if (spki === undefined) {
    const remedy = 'Destroy what is left of it and generate the key again.';
    throw ceremonyError('key-not-whole', 'The key cannot be adopted: its public half is gone.', remedy);
  }
  const device = await ports.token(own.token);
  const key = await device.findKey({ spki, id: fromHex(own.id) });
  if (key.algorithm !== own.algorithm) {
    const remedy = 'Destroy it and generate the key again.';
    throw ceremonyError('key-other-algorithm', `The key is ${key.algorithm}, not ${own.algorithm}.`, remedy);
  }
  const odd = attributeFaults(key.attributes, plan);
  if (key.label !== own.label) odd.push(`its label is "${key.label}"`);
  if (odd.length > 0) {
    const remedy = 'Destroy it and generate the key again.';
    throw ceremonyError('key-not-as-asked', `The key is not as it was asked for: ${odd.join(', ')}.`, remedy);
  }
  // Adopted or not, a key is only believed when it has signed something that its public half verifies.
  const message = ports.entropy.bytes(32);
  const algorithm =
    own.algorithm === 'ec-p384' ? 'ecdsa-sha384' : own.algorithm === 'ec-p256' ? 'ecdsa-sha256' : 'rsa-sha256';
  const signature = await device.sign({ spki, id: fromHex(own.id) }, algorithm, message);
  if (!ports.verify(spki, algorithm, message, signature)) {
    const remedy = 'Destroy it and generate the key again.';
    throw ceremonyError('key-not-a-pair', 'The public key found does not belong to the private key.', remedy);
  }
  return outcomeOf(key, true, ports);
}

/** Said on the screen and in the transcript of a key that may leave its token, and of no other. */
function leaveFacts({ backup }: Config): readonly Fact[] {
  if (backup === undefined) return [];
  const value = 'wrapped for another token, until it is sealed: whoever opens this token could take the key out of it';
  return [{ label: 'may leave the token', value, style: 'warning' }];
}

/**
 * Makes a key pair on a token, for signing only: TOKEN, PRIVATE, SENSITIVE. It never leaves the token (not EXTRACTABLE)
 * unless the plan says that it is to be backed up.
 */
export const generateKey = defineAct({
  name: 'generate-key',
  config,
  intent,
  outcome,
  references: ({ token, key, backup }) => ({
    tokens: [token],
    makesKey: backup === undefined ? { key, token } : { key, token, wrappable: true },
  }),
  describe: ({ token, key, backup }, plan) => ({
    headline: `Generate the key "${key}" on the token "${token}"`,
    why: `Kind: ${algorithmOfKey(plan, key) ?? 'as the plan says'}. The token is for ${plan.tokens[token]?.for ?? 'this hierarchy'}.`,
    onToken:
      backup === 'wrap'
        ? 'Creates a key pair that can leave the token wrapped, until it is sealed. This cannot be undone, only destroyed.'
        : 'Creates a key pair that can never leave the token. This cannot be undone, only destroyed.',
  }),
  questions: () => [],
  prepare: ({ token, key }, { beginning: { plan } }, { entropy }) => {
    const algorithm = algorithmOfKey(plan, key);
    if (algorithm === undefined) throw impossible(`Nothing says what kind of key ${key} is`);
    return Promise.resolve({ token, label: key, id: toHex(entropy.bytes(16)), algorithm });
  },
  confirmations: (own, { algorithm, id, label }, { beginning }) =>
    confirmWord(own, 'GENERATE', `Generate the key "${label}"?`, [
      fact('token', `${own.token}, serial ${beginning.tokens[own.token]?.serial ?? '?'}`),
      fact('algorithm', algorithm),
      fact('label', label),
      fact('CKA_ID', id),
      ...leaveFacts(own),
    ]),
  perform: async (own, { token, algorithm, label, id }, __, ports) => {
    const device = await ports.token(token);
    const wrappable = own.backup === 'wrap' ? ({ wrappable: true } as const) : {};
    const made = await device.generateKey({ algorithm, label, id: fromHex(id), ...wrappable });
    return outcomeOf(made, false, ports);
  },
  recover: (_, own, __, ports) => recover(own, ports),
  resolve: async (plan, own, choice, __, ports) => {
    if (choice === 'adopt') return adopt(plan, own, ports);
    const device = await ports.token(own.token);
    await device.destroyKey(fromHex(own.id));
    return undefined;
  },
  apply: ({ key, token, backup }, { id, algorithm }, { spki }, { keys }) => {
    const made = { token, id, algorithm, spki, origin: 'generated' } as const;
    return { keys: { ...keys, [key]: backup === undefined ? made : { ...made, wrappable: true } } };
  },
  summary: (own, { id, algorithm }, { spkiSha256, attributes, adopted }) => [
    fact(
      adopted ? 'adopted after an interruption' : 'generated',
      `${own.key} (${algorithm}) on ${own.token}, CKA_ID ${id}`,
    ),
    ...leaveFacts(own),
    fact(
      'attributes',
      Object.entries(attributes)
        .filter(([, set]) => set)
        .map(([name]) => name)
        .join(', '),
    ),
    ...digestFacts('public key (SPKI) SHA-256', spkiSha256),
  ],
});
