import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { fromBase64, toBase64 } from '../../ports/base64.ts';
import { equalBytes, fromUtf8, utf8 } from '../../ports/bytes.ts';
import { isCoded } from '../../ports/coded-error.ts';
import { fromHex, toHex } from '../../ports/hex.ts';
import { profileSubject } from '../../profile/apply.ts';
import { chooseSignature } from '../../x509/algorithms.ts';
import { assembleSigned, readSigned } from '../../x509/certificate.ts';
import { encodeCsrInfo, maximumCsrBytes, readCsr } from '../../x509/csr.ts';
import { formatName } from '../../x509/name.ts';
import { readPem, toPem } from '../../x509/pem.ts';
import { readSpki } from '../../x509/spki.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { confirmWord, digestFacts, fact } from '../facts.ts';
import { keyNamed, profileNamed, tokenOfKey } from '../lookup.ts';
import { actBase } from '../plan-types.ts';
import type { CeremonyState } from '../state.ts';

const config = z.strictObject({
  do: z.literal('make-csr'),
  key: slugSchema,
  /** Of type intermediate: its subject and its kind of key are what is asked for. */
  profile: slugSchema,
  ...actBase,
});
type Config = z.infer<typeof config>;

const hash = z.string().regex(/^[0-9a-f]{64}$/u);
const intent = z.strictObject({
  /** CertificationRequestInfo, base64. */
  tbs: z.base64().max(20_000),
  /** SHA-256 of it: what people approve. */
  digest: hash,
  subject: z.string().max(2000),
  file: z.string().max(100),
});
type Intent = z.infer<typeof intent>;

const outcome = z.strictObject({ der: z.base64().max(30_000), sha256: hash });

/** The request on the medium, where it is this one: after a crash another signature would be another file. */
async function existing(made: Intent, ports: ActPorts): Promise<Uint8Array | undefined> {
  try {
    const bytes = await ports.media.read(ports.output(made.file), maximumCsrBytes * 2);
    const der = readPem(fromUtf8(bytes) ?? '', 1)[0]?.bytes ?? new Uint8Array();
    readCsr(der, ports.verify);
    return equalBytes(readSigned(der, maximumCsrBytes).tbs, fromBase64(made.tbs)) ? der : undefined;
  } catch (error) {
    if (isCoded(error)) return undefined;
    throw error;
  }
}

async function sign(own: Config, made: Intent, state: CeremonyState, ports: ActPorts): Promise<Uint8Array> {
  const { spki, id } = keyNamed(state, own.key);
  const token = await ports.token(tokenOfKey(state, own.key));
  const selector = { spki: fromBase64(spki), ...(id === undefined ? {} : { id: fromHex(id) }) };
  const algorithm = chooseSignature(readSpki(selector.spki).algorithm);
  const tbs = fromBase64(made.tbs);
  return assembleSigned(tbs, algorithm, await token.sign(selector, algorithm, tbs));
}

/** A certification request for a key of this room, to be certified elsewhere (RFC 2986): it proves possession. */
export const makeCsr = defineAct({
  name: 'make-csr',
  config,
  intent,
  outcome,
  references: ({ key, profile }) => ({
    profile: { name: profile, type: 'intermediate' },
    signsWith: [key],
    usesKeys: [key],
  }),
  describe: ({ key, profile }, plan) => ({
    headline: `Sign a certification request for "${plan.profiles[profile]?.subject.CN ?? profile}"`,
    why: 'Another CA certifies the key. The request proves that we hold it; compare its hash with them by another way.',
    onToken: `Signs once with "${key}".`,
  }),
  questions: () => [],
  prepare: (own, state, { digest }) => {
    const { plan, rehearsal } = state.beginning;
    const subject = profileSubject(profileNamed(plan, own.profile, 'intermediate'), rehearsal);
    const tbs = encodeCsrInfo({ subject, spki: fromBase64(keyNamed(state, own.key).spki), extensions: [] });
    const named = { subject: formatName(subject), file: `${own.key}.csr.pem` };
    return Promise.resolve({ tbs: toBase64(tbs), digest: toHex(digest('sha256', tbs)), ...named });
  },
  confirmations: (own, made) =>
    confirmWord(own, 'SIGN', 'This is the request that will be signed.', [
      fact('subject', made.subject),
      fact('file', made.file),
      ...digestFacts('request SHA-256', made.digest),
    ]),
  perform: async (own, made, state, ports) => {
    const der = (await existing(made, ports)) ?? (await sign(own, made, state, ports));
    // Read as the CA that gets it will: whoever cannot verify it has another key in front of them.
    readCsr(der, ports.verify);
    await ports.media.write(ports.output(made.file), utf8(toPem('CERTIFICATE REQUEST', der)));
    return { der: toBase64(der), sha256: toHex(ports.digest('sha256', der)) };
  },
  apply: () => ({}),
  summary: (_, { subject, file }, { sha256 }) => [
    fact('subject', subject),
    fact('file', file),
    ...digestFacts('SHA-256 fingerprint', sha256),
  ],
});
