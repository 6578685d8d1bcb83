import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { fromBase64 } from '../../ports/base64.ts';
import { equalBytes, utf8 } from '../../ports/bytes.ts';
import { fromHex, toHex } from '../../ports/hex.ts';
import type { TokenObject } from '../../ports/token.ts';
import { formatUtc } from '../../profile/dates.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { confirmWord, digestFacts, fact, factLine } from '../facts.ts';
import { keyNamed } from '../lookup.ts';
import { actBase } from '../plan-types.ts';
import type { Fact } from '../prompt.ts';
import type { CeremonyState } from '../state.ts';
import { visible } from '../visible.ts';

const config = z.strictObject({
  do: z.literal('destroy-key'),
  token: slugSchema,
  key: slugSchema,
  /** Why it is destroyed, for the certificate of destruction. */
  because: z.string().min(5).max(300),
  ...actBase,
});
type Config = z.infer<typeof config>;

const hash = z.string().regex(/^[0-9a-f]{64}$/u);
const intent = z.strictObject({
  /** CKA_ID, lower-case hex: the objects that are destroyed, and no others. */
  id: z.string().regex(/^[0-9a-f]{2,128}$/u),
  label: z.string().max(255),
  spkiSha256: hash,
  /** When it was prepared; the certificate of destruction says so whenever it is written. */
  at: z.int().min(0),
});
type Intent = z.infer<typeof intent>;

const outcome = z.strictObject({
  /** How many objects went: none where an interruption came after it. */
  destroyed: z.int().min(0).max(2),
  certificate: z.strictObject({ file: z.string().max(100), sha256: hash }),
});

/** Everything on the token that is, or could be, this key: by CKA_ID and by public key. */
async function left(token: string, { id }: Intent, spki: Uint8Array, ports: ActPorts): Promise<readonly TokenObject[]> {
  const device = await ports.token(token);
  const isIt = (object: TokenObject): boolean =>
    object.id === id || (object.spki !== undefined && equalBytes(object.spki, spki));
  return (await device.objects()).filter(isIt);
}

async function prepare(own: Config, state: CeremonyState, ports: ActPorts): Promise<Intent> {
  const { spki, id } = keyNamed(state, own.key);
  const device = await ports.token(own.token);
  const found = await device.findKey({ spki: fromBase64(spki), ...(id === undefined ? {} : { id: fromHex(id) }) });
  const spkiSha256 = toHex(ports.digest('sha256', found.spki));
  return { id: toHex(found.id), label: found.label, spkiSha256, at: ports.clock.now() };
}

function whatFacts(own: Config, { id, label, spkiSha256 }: Intent, state: CeremonyState): readonly Fact[] {
  const bound = state.beginning.tokens[own.token];
  return [
    fact('key', `${own.key} (${state.keys[own.key]?.algorithm ?? '?'}), label "${label}", CKA_ID ${id}`),
    fact('token', `${bound?.manufacturer ?? '?'} ${bound?.model ?? '?'}, serial ${bound?.serial ?? '?'}`),
    fact('because', own.because),
    ...digestFacts('public key SHA-256', spkiSha256),
  ];
}

/** The certificate of destruction: plain text, for the file and for whoever asks in ten years. */
function certificateText(own: Config, made: Intent, state: CeremonyState): string {
  const { plan, planHash, rehearsal } = state.beginning;
  const lines = [
    'CERTIFICATE OF DESTRUCTION',
    ...(rehearsal ? ['REHEARSAL: no key of value was destroyed.'] : []),
    `hierarchy: ${plan.hierarchy}`,
    `plan SHA-256: ${planHash}`,
    `prepared: ${formatUtc(made.at)}`,
    ...whatFacts(own, made, state).map(factLine),
    ...state.people.map(({ role, name }) => `present: ${name} (${role})`),
    'The token was asked afterwards and shows neither half of this key. Copies on other devices, if any were made, are',
    'not the subject of this certificate.',
  ];
  return `${lines.map(visible).join('\n')}\n`;
}

async function perform(
  own: Config,
  made: Intent,
  state: CeremonyState,
  ports: ActPorts,
): Promise<z.infer<typeof outcome>> {
  const spki = fromBase64(keyNamed(state, own.key).spki);
  const device = await ports.token(own.token);
  const destroyed = await device.destroyKey(fromHex(made.id));
  const still = await left(own.token, made, spki, ports);
  if (still.length > 0) {
    throw ceremonyError(
      'key-still-there',
      `The token still shows the key: ${still.map(({ kind, label }) => `${kind} "${label}"`).join(', ')}.`,
      'Do not take it for destroyed. Find the copy in an inventory and destroy it, or destroy the token.',
    );
  }
  const file = `${own.key}-destroyed.txt`;
  const bytes = utf8(certificateText(own, made, state));
  await ports.media.write(ports.output(file), bytes);
  return { destroyed, certificate: { file, sha256: toHex(ports.digest('sha256', bytes)) } };
}

/** Destroys a key pair, looks that it is gone, and certifies it. Done again after a crash it finds nothing and says so. */
export const destroyKey = defineAct({
  name: 'destroy-key',
  config,
  intent,
  outcome,
  looksFirst: true,
  references: ({ token, key }) => ({ tokens: [token], usesKeys: [key], destroysKey: key }),
  describe: ({ token, key, because }) => ({
    headline: `Destroy the key "${key}" on the token "${token}"`,
    why: because,
    onToken: 'Destroys both halves of the key pair. Nothing brings them back but a backup.',
  }),
  questions: () => [],
  prepare,
  confirmations: (own, made, state) =>
    confirmWord(own, 'DESTROY', `Destroy the key "${own.key}" for ever?`, whatFacts(own, made, state)),
  perform,
  apply: ({ key }, _, __, { keys }) => ({
    keys: Object.fromEntries(Object.entries(keys).filter(([name]) => name !== key)),
  }),
  summary: ({ key, because }, { id, spkiSha256 }, { destroyed, certificate }) => [
    fact('destroyed', `${key}, CKA_ID ${id}`),
    fact('halves destroyed', destroyed === 0 ? 'none left: they went before an interruption' : `${destroyed}`),
    fact('because', because),
    ...digestFacts('public key SHA-256', spkiSha256),
    fact('certificate of destruction', `${certificate.file}, SHA-256 ${certificate.sha256}`),
  ],
});
