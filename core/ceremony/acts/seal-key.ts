import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { fromBase64 } from '../../ports/base64.ts';
import { fromHex, toHex } from '../../ports/hex.ts';
import type { KeySelector } from '../../ports/token.ts';
import { defineAct } from '../act.ts';
import { confirmWord, fact, hashFact } from '../facts.ts';
import { keyNamed } from '../lookup.ts';
import { actBase } from '../plan-types.ts';
import type { CeremonyState } from '../state.ts';

const config = z.strictObject({ do: z.literal('seal-key'), token: slugSchema, key: slugSchema, ...actBase });

const hash = z.string().regex(/^[0-9a-f]{64}$/u);
const intent = z.strictObject({ id: z.string().regex(/^[0-9a-f]{2,128}$/u), spkiSha256: hash });

function selectorOf(state: CeremonyState, name: string): KeySelector {
  const { spki, id } = keyNamed(state, name);
  return { spki: fromBase64(spki), ...(id === undefined ? {} : { id: fromHex(id) }) };
}

/** Ends the time in which a key may leave its token. Done again after a crash it finds the key sealed, which is the same. */
export const sealKey = defineAct({
  name: 'seal-key',
  config,
  intent,
  outcome: z.strictObject({ extractable: z.literal(false) }),
  looksFirst: true,
  references: ({ token, key }) => ({ tokens: [token], usesKeys: [key], sealsKey: key }),
  describe: ({ token, key }) => ({
    headline: `Seal the key "${key}" on the token "${token}"`,
    why: 'Its backups are made. Until it is sealed, whoever opens the token could take the key out of it.',
    onToken: 'Makes the key one that can never leave the token. Nothing takes that back.',
  }),
  questions: () => [],
  prepare: async (own, state, ports) => {
    const device = await ports.token(own.token);
    const { id, spki } = await device.findKey(selectorOf(state, own.key));
    return { id: toHex(id), spkiSha256: toHex(ports.digest('sha256', spki)) };
  },
  confirmations: (own, { id, spkiSha256 }) =>
    confirmWord(own, 'SEAL', `Seal the key "${own.key}"? No backup of it can be made from this token afterwards.`, [
      fact('key', own.key),
      fact('CKA_ID', id),
      hashFact('public key SHA-256', spkiSha256),
    ]),
  perform: async (own, _, state, ports) => {
    const device = await ports.token(own.token);
    await device.sealKey(selectorOf(state, own.key));
    return { extractable: false };
  },
  apply: ({ key }, _, __, { keys }) => {
    const { [key]: sealed, ...others } = keys;
    if (sealed === undefined) return {};
    const { wrappable: _open, ...rest } = sealed;
    return { keys: { ...others, [key]: rest } };
  },
  summary: ({ key }, { id }) => [fact('sealed', `${key}, CKA_ID ${id}: it can never leave its token`)],
});
