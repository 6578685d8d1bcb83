import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { toBase64 } from '../../ports/base64.ts';
import { fromHex, toHex } from '../../ports/hex.ts';
import { oaepHashes, wrappingAlgorithms } from '../../ports/key-backup.ts';
import type { TokenKey, TokenObject } from '../../ports/token.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { confirmWord, digestFacts, fact } from '../facts.ts';
import { actBase } from '../plan-types.ts';

const config = z.strictObject({
  do: z.literal('generate-wrapping-key'),
  /** The token that backups are for. */
  token: slugSchema,
  key: slugSchema,
  algorithm: z.enum(wrappingAlgorithms).default('rsa-3072'),
  /** Hash of the envelope (RSA-OAEP); SHA-1 only for tokens that know no other. */
  oaep: z.enum(oaepHashes).default('sha256'),
  ...actBase,
});

const intent = z.strictObject({
  token: slugSchema,
  label: slugSchema,
  /** CKA_ID, chosen before, so that a key made just before a power cut can be recognised. */
  id: z.string().regex(/^[0-9a-f]{32}$/u),
});
type Intent = z.infer<typeof intent>;

const outcome = z.strictObject({
  spki: z.base64().max(2000),
  spkiSha256: z.string().regex(/^[0-9a-f]{64}$/u),
  adopted: z.boolean(),
});

function outcomeOf({ spki }: TokenKey, adopted: boolean, { digest }: ActPorts): z.infer<typeof outcome> {
  return { spki: toBase64(spki), spkiSha256: toHex(digest('sha256', spki)), adopted };
}

async function traces({ token, id }: Intent, ports: ActPorts): Promise<readonly TokenObject[]> {
  const device = await ports.token(token);
  return (await device.objects()).filter((object) => object.id === id);
}

/** Takes over a pair that an interruption left, if it is one that unwraps and does nothing else. */
async function adopt(own: Intent, algorithm: string, ports: ActPorts): Promise<z.infer<typeof outcome>> {
  const spki = (await traces(own, ports)).find((object) => object.spki !== undefined)?.spki;
  const remedy = 'Destroy what is left of it and generate the key again.';
  if (spki === undefined) {
    throw ceremonyError('key-not-whole', 'The key cannot be adopted: its public half is gone.', remedy);
  }
  const device = await ports.token(own.token);
  const key = await device.findKey({ spki, id: fromHex(own.id) });
  const { sensitive, extractable, unwrap, sign, decrypt, derive } = key.attributes;
  const right = sensitive && !extractable && unwrap && !sign && !decrypt && !derive;
  if (key.algorithm !== algorithm || key.label !== own.label || !right) {
    throw ceremonyError('key-not-as-asked', 'The key is not as it was asked for.', remedy);
  }
  return outcomeOf(key, true, ports);
}

/** Makes the pair that keys of other tokens are wrapped for. Its private half unwraps, and never leaves its token. */
export const generateWrappingKey = defineAct({
  name: 'generate-wrapping-key',
  config,
  intent,
  outcome,
  references: ({ token, key }) => ({ tokens: [token], makesWrappingKey: { key, token } }),
  describe: ({ token, key, algorithm }) => ({
    headline: `Generate the wrapping key "${key}" on the token "${token}"`,
    why: `A pair of ${algorithm}. Backups of keys are wrapped for it: only this token can open them.`,
    onToken: 'Creates a key pair that unwraps, does nothing else, and can never leave the token.',
  }),
  questions: () => [],
  prepare: ({ token, key }, _, { entropy }) => Promise.resolve({ token, label: key, id: toHex(entropy.bytes(16)) }),
  confirmations: (own, { id, label }, { beginning }) =>
    confirmWord(own, 'GENERATE', `Generate the wrapping key "${label}"?`, [
      fact('token', `${own.token}, serial ${beginning.tokens[own.token]?.serial ?? '?'}`),
      fact('algorithm', `${own.algorithm}, with OAEP and ${own.oaep}`),
      fact('label', label),
      fact('CKA_ID', id),
    ]),
  perform: async ({ algorithm, oaep }, { token, label, id }, _, ports) => {
    const device = await ports.token(token);
    return outcomeOf(await device.generateWrappingKey({ algorithm, label, id: fromHex(id), oaep }), false, ports);
  },
  recover: async (_, own, __, ports) => {
    const left = await traces(own, ports);
    if (left.length === 0) return { kind: 'redo' };
    const facts = left.map(({ kind, label, id }) => fact(`found: ${kind}`, `"${label}", CKA_ID ${id}`));
    const whole = left.some(({ kind, spki }) => kind === 'private-key' && spki !== undefined);
    return { kind: 'decide', facts, choices: whole ? ['adopt', 'destroy', 'abort'] : ['destroy', 'abort'] };
  },
  resolve: async ({ algorithm }, own, choice, __, ports) => {
    if (choice === 'adopt') return adopt(own, algorithm, ports);
    const device = await ports.token(own.token);
    await device.destroyKey(fromHex(own.id));
    return undefined;
  },
  apply: ({ key, token, algorithm, oaep }, { id }, { spki }, { keys }) => ({
    keys: { ...keys, [key]: { token, id, algorithm, spki, origin: 'wrapping', oaep } },
  }),
  summary: ({ key, token, algorithm }, { id }, { spkiSha256, adopted }) => [
    fact(adopted ? 'adopted after an interruption' : 'generated', `${key} (${algorithm}) on ${token}, CKA_ID ${id}`),
    fact('for', 'unwrapping backups, and nothing else'),
    ...digestFacts('wrapping key (SPKI) SHA-256', spkiSha256),
  ],
});
