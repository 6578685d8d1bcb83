import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { fromBase64, toBase64 } from '../../ports/base64.ts';
import { equalBytes, utf8 } from '../../ports/bytes.ts';
import { CodedError, isCoded } from '../../ports/coded-error.ts';
import { fromHex, toHex } from '../../ports/hex.ts';
import type { KeyAttributes } from '../../ports/token.ts';
import { keyAlgorithms } from '../../x509/algorithms.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { confirmWord, fact, hashFact } from '../facts.ts';
import { certificateNamed, keyNamed, plannedTokenOf } from '../lookup.ts';
import { actBase } from '../plan-types.ts';
import { attributeText, restoredFaults, usesDiffering } from '../restored-key.ts';
import { prepareRestore, restore, restoredTraces, restoreFacts, restoreIntent, traceFacts } from '../restoring.ts';
import type { CeremonyState } from '../state.ts';

const config = z.strictObject({
  do: z.literal('restore-drill'),
  token: slugSchema,
  key: slugSchema,
  file: slugSchema,
  ...actBase,
});
type Config = z.infer<typeof config>;

const hash = z.string().regex(/^[0-9a-f]{64}$/u);
/** With what the restored key will sign, and by which certificate that is checked. */
const intent = restoreIntent.extend({ nonce: hash, certificateSha256: hash });
type Intent = z.infer<typeof intent>;

const attributes = z.record(z.string().max(40), z.boolean());
const outcome = z.strictObject({
  signature: z.base64().max(1000),
  attributes,
  /** Those of the key it is a copy of; null where that key’s token is not in the room. */
  original: attributes.nullable(),
  destroyed: z.int().min(1).max(2),
});
type Outcome = z.infer<typeof outcome>;

/** What is signed: text, so that it can never be the inside of a certificate or CRL. */
function messageOf({ nonce }: Intent): Uint8Array {
  return utf8(`coldroot restore drill ${nonce}\n`);
}

async function originalAttributes(
  own: Config,
  state: CeremonyState,
  ports: ActPorts,
): Promise<KeyAttributes | undefined> {
  const { token, spki, id } = keyNamed(state, own.key);
  if (token === undefined || token === own.token) return undefined;
  const device = await ports.token(token);
  return (await device.findKey({ spki: fromBase64(spki), ...(id === undefined ? {} : { id: fromHex(id) }) }))
    .attributes;
}

function drillFailed(message: string): Error {
  const remedy = 'The backup is not to be relied on. Keep it as evidence, make another, and drill that one.';
  return ceremonyError('drill-failed', message, remedy);
}

/** Restores, has the copy sign under the certificate everybody knows, and compares; the copy is still there afterwards. */
async function tryOut(
  own: Config,
  made: Intent,
  state: CeremonyState,
  ports: ActPorts,
): Promise<Omit<Outcome, 'destroyed'>> {
  const copy = await restore(own, made, state, ports);
  const { spki } = certificateNamed(state, own.key).tbs;
  const [algorithm] = keyAlgorithms[copy.algorithm].signatures;
  const message = messageOf(made);
  const device = await ports.token(own.token);
  const signature = await device.sign({ spki: copy.spki, id: copy.id }, algorithm, message);
  if (!ports.verify(spki, algorithm, message, signature)) {
    throw drillFailed(`What the restored key signed does not verify under the certificate of "${own.key}".`);
  }
  const original = await originalAttributes(own, state, ports);
  const odd = [
    ...restoredFaults(copy.attributes),
    ...(original === undefined ? [] : usesDiffering(original, copy.attributes)),
  ];
  if (odd.length > 0) throw drillFailed(`The restored key is not as the one it is a copy of: ${odd.join(', ')}.`);
  const found = { signature: toBase64(signature), attributes: { ...copy.attributes } };
  return { ...found, original: original === undefined ? null : { ...original } };
}

/** Destroys the copy, and looks that nothing of it is left. */
async function destroyCopy(own: Config, made: Intent, state: CeremonyState, ports: ActPorts): Promise<number> {
  const device = await ports.token(own.token);
  const destroyed = await device.destroyKey(fromHex(made.id));
  const spki = fromBase64(keyNamed(state, own.key).spki);
  const left = (await device.objects()).filter(
    (object) => object.id === made.id || (object.spki !== undefined && equalBytes(object.spki, spki)),
  );
  if (left.length === 0) return destroyed;
  throw ceremonyError(
    'key-still-there',
    `The token still shows the restored key: ${left.map(({ kind, label }) => `${kind} "${label}"`).join(', ')}.`,
    'Do not take it for destroyed. Find the copy in an inventory and destroy it, or destroy the token.',
  );
}

async function perform(own: Config, made: Intent, state: CeremonyState, ports: ActPorts): Promise<Outcome> {
  let found: Omit<Outcome, 'destroyed'>;
  try {
    found = await tryOut(own, made, state, ports);
  } catch (error) {
    try {
      await destroyCopy(own, made, state, ports);
    } catch (worse) {
      if (!isCoded(error) || !isCoded(worse)) throw worse;
      // Why the drill failed is what people must read, and that a copy may be left: also those who stop here.
      const left = `A copy of the key may be on the token, with CKA_ID ${made.id}: try the act again, which looks for it.`;
      throw new CodedError({ code: error.code, message: error.message, remedy: `${error.remedy} ${left}` });
    }
    throw error;
  }
  return { ...found, destroyed: await destroyCopy(own, made, state, ports) };
}

/** Proves that a backup is one: restores it, uses it once under the published certificate, and destroys the copy. */
export const restoreDrill = defineAct({
  name: 'restore-drill',
  config,
  intent,
  outcome,
  looksFirst: true,
  references: ({ token, key, file }, plan) => {
    const original = plannedTokenOf(plan, key);
    return {
      tokens: original === undefined || original === token ? [token] : [token, original],
      usesKeys: [key],
      usesCertificates: [key],
      restores: { key, token },
      backupFile: file,
    };
  },
  describe: ({ token, key }) => ({
    headline: `Drill: restore the key "${key}" on the token "${token}", and destroy the copy again`,
    why: 'A backup that was never restored is a hope. The copy signs once, under the certificate everybody knows.',
    onToken: 'Creates the key pair, signs a random text with it, destroys both halves and looks that they are gone.',
  }),
  questions: () => [],
  prepare: async (own, state, ports) => {
    const made = await prepareRestore(own, `${own.key}-drill`, state, ports);
    const { raw } = certificateNamed(state, own.key);
    return {
      ...made,
      nonce: toHex(ports.entropy.bytes(32)),
      certificateSha256: toHex(ports.digest('sha256', raw)),
    };
  },
  confirmations: (own, made) =>
    confirmWord(own, 'RESTORE', `Restore "${own.key}" for a drill? The copy is destroyed at the end of it.`, [
      ...restoreFacts(own, made),
      fact('signs', 'a text with a random number'),
      fact('random number', made.nonce),
    ]),
  perform,
  recover: async (own, made, _, ports) => {
    const left = await restoredTraces(own.token, made, ports);
    if (left.length === 0) return { kind: 'redo' };
    // A drill's copy is never kept.
    return { kind: 'decide', facts: traceFacts(left), choices: ['destroy', 'abort'] };
  },
  resolve: async (own, made, _choice, state, ports) => {
    await destroyCopy(own, made, state, ports);
    return undefined;
  },
  apply: () => ({}),
  summary: (own, made, { attributes: copy, original, destroyed }) => [
    fact('restored', own.key),
    hashFact('from the backup with SHA-256', made.file),
    fact('signed', `a text with the random number ${made.nonce}`),
    fact('verified under', `the certificate of ${own.key}`),
    hashFact('SHA-256 fingerprint', made.certificateSha256),
    fact('attributes of the copy', attributeText(copy)),
    fact(
      'uses compared with the original',
      original === null ? 'not compared: its token is not in the room' : `the same (${attributeText(original)})`,
    ),
    fact('halves of the copy destroyed', `${destroyed}; the token was asked, and shows neither`),
  ],
});
