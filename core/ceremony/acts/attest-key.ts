import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { unavailableReason, verifierFor, verifierNamed } from '../../attestation/registry.ts';
import { fromBase64, toBase64 } from '../../ports/base64.ts';
import { toHex } from '../../ports/hex.ts';
import { maximumCertificateBytes, readCertificate } from '../../x509/certificate.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { attested, keptEvidence, type Attested } from '../attesting.ts';
import { ceremonyError, impossible } from '../ceremony-error.ts';
import { confirmWord, digestFacts, fact, hashFact } from '../facts.ts';
import { derOfFile } from '../file-input.ts';
import { keyNamed } from '../lookup.ts';
import { actBase } from '../plan-types.ts';
import type { Fact } from '../prompt.ts';
import type { BoundToken, CeremonyState } from '../state.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/u, 'not a SHA-256 in lower-case hex');

const config = z.strictObject({
  do: z.literal('attest-key'),
  token: slugSchema,
  key: slugSchema,
  /** The vendor's CA: the file of the binding that it is in, and which certificate it must be. */
  ca: z.strictObject({ file: slugSchema, sha256: hash }).optional(),
  /** A file of the binding with what the vendor's tool gave, where it is not all on the token. */
  evidence: slugSchema.optional(),
  /** `verified`: a device that attests nothing is refused, except in a rehearsal; `any`: it is recorded that it does not. */
  expect: z.enum(['verified', 'any']).default('verified'),
  ...actBase,
});
type Config = z.infer<typeof config>;

const intent = z.strictObject({
  spkiSha256: hash,
  /** Name of the verifier; none where there is none for this device, for this reason. */
  verifier: z.string().max(40),
  reason: z.string().max(300),
  /** The vendor's CA, base64. */
  ca: z.base64().max(90_000),
  caSha256: z.string().max(64),
});
type Intent = z.infer<typeof intent>;

const outcome = z.strictObject({
  status: z.enum(['verified', 'kept', 'not-available']),
  statements: z
    .array(
      z.strictObject({
        label: z.string().max(40),
        value: z.string().max(1000),
        warning: z.literal(true).exactOptional(),
      }),
    )
    .max(20),
  /** The certificates from the attestation to the CA, base64: what was believed, for whoever judges it again. */
  chain: z.array(z.base64().max(90_000)).max(8),
  file: z.string().max(100),
  sha256: z.string().max(64),
});
type Outcome = z.infer<typeof outcome>;

function deviceOf({ beginning }: CeremonyState, token: string): BoundToken {
  const device = beginning.tokens[token];
  if (device !== undefined) return device;
  throw ceremonyError('token-missing', `The token "${token}" is not bound.`, 'Correct the binding.');
}

async function readCa(
  { ca }: Config,
  fetches: string,
  state: CeremonyState,
  ports: ActPorts,
): Promise<{ der: Uint8Array; sha256: string }> {
  if (ca === undefined) {
    const remedy = `Add it to the act: ca: { file: NAME, sha256: HASH }, and the file to the binding. ${fetches}`;
    throw ceremonyError('attest-ca-missing', 'The plan does not say which CA of the vendor is believed.', remedy);
  }
  const der = await derOfFile(ca.file, maximumCertificateBytes, state, ports);
  const sha256 = toHex(ports.digest('sha256', der));
  if (sha256 === ca.sha256) {
    readCertificate(der);
    return { der, sha256 };
  }
  throw ceremonyError(
    'attest-ca-differs',
    `The file "${ca.file}" is not the CA that the plan names: its SHA-256 is ${sha256}.`,
    'Get the vendor’s CA again, by another way than the device, and compare its hash.',
  );
}

async function prepare(own: Config, state: CeremonyState, ports: ActPorts): Promise<Intent> {
  const { spki, token } = keyNamed(state, own.key);
  if (token !== own.token) {
    const message = `The key "${own.key}" is not on the token "${own.token}".`;
    throw ceremonyError('attest-key-elsewhere', message, 'Name the token that it is on.');
  }
  const spkiSha256 = toHex(ports.digest('sha256', fromBase64(spki)));
  const device = deviceOf(state, own.token);
  const verifier = verifierFor(device);
  if (verifier !== undefined) {
    const { der, sha256 } = await readCa(own, verifier.fetches, state, ports);
    return { spkiSha256, verifier: verifier.name, reason: '', ca: toBase64(der), caSha256: sha256 };
  }
  const reason = unavailableReason(device);
  // A rehearsal is held on other devices than the ceremony, with the same plan.
  if (own.expect === 'verified' && !state.beginning.rehearsal) {
    throw ceremonyError('attest-unavailable', reason, 'Say "expect: any" in the plan if it shall be recorded so.');
  }
  return { spkiSha256, verifier: '', reason: reason.slice(0, 300), ca: '', caSha256: '' };
}

function keyFacts(own: Config, made: Intent, state: CeremonyState): readonly Fact[] {
  const { manufacturer, model, serial, firmware } = deviceOf(state, own.token);
  const verifier = verifierNamed(made.verifier);
  const by: readonly Fact[] =
    verifier === undefined
      ? [{ label: 'verifier', value: `none: ${made.reason}`, style: 'warning' }]
      : [
          fact('verifier', `${verifier.name}; tried ${verifier.tested}`),
          fact('reads', verifier.fetches),
          hashFact('CA SHA-256', made.caSha256),
        ];
  return [
    fact('device', `${manufacturer} ${model}, serial ${serial}, firmware ${firmware}`),
    ...by,
    ...digestFacts('public key SHA-256', made.spkiSha256),
  ];
}

function outcomeOf({ status, statements, chain, file, sha256 }: Attested): Outcome {
  return { status, statements: [...statements], chain: chain.map(toBase64), file, sha256 };
}

async function perform(own: Config, made: Intent, state: CeremonyState, ports: ActPorts): Promise<Outcome> {
  // In a dry run nobody has confirmed anything, and the key to be attested may not exist.
  if (Object.keys(state.current.answers).length === 0) {
    return { status: 'not-available', statements: [], chain: [], file: '', sha256: '' };
  }
  const verifier = verifierNamed(made.verifier);
  if (made.verifier === '') return outcomeOf(await keptEvidence(own, state.beginning.rehearsal, ports));
  if (verifier === undefined) throw impossible(`There is no verifier ${made.verifier}`);
  const spki = fromBase64(keyNamed(state, own.key).spki);
  const anchor = readCertificate(fromBase64(made.ca));
  return outcomeOf(await attested(own, { spki, anchor, verifier, device: deviceOf(state, own.token) }, ports));
}

const words: Readonly<Record<Outcome['status'], string>> = {
  verified: 'verified: the device vouches for the key, and the pinned CA for the device',
  kept: 'NOT verified: the evidence is kept for somebody who can judge it',
  'not-available': 'not available',
};

/** Has a device vouch for a key, by the vendor's own kind of evidence; or says honestly that nothing does. */
export const attestKey = defineAct({
  name: 'attest-key',
  config,
  intent,
  outcome,
  references: ({ token, key, ca, evidence }) => ({
    tokens: [token],
    usesKeys: [key],
    files: [ca?.file, evidence].filter((name) => name !== undefined),
  }),
  describe: ({ token, key }) => ({
    headline: `Have the token "${token}" attest the key "${key}"`,
    why: 'What a token says of itself anyone can say. A vendor that vouches for its device lets others check where the key is.',
    onToken: 'Reads certificates. Nothing changes.',
  }),
  questions: () => [],
  prepare,
  confirmations: (own, made, state) =>
    confirmWord(own, 'ATTEST', `Is this the key and the device whose attestation is read?`, keyFacts(own, made, state)),
  perform,
  apply: () => ({}),
  summary: ({ key, token }, { verifier, reason, caSha256 }, { status, statements, file, sha256 }) => [
    fact('key', `${key} on ${token}`),
    { label: 'attestation', value: words[status], style: status === 'verified' ? 'plain' : 'warning' },
    ...(reason === '' ? [] : [fact('because', reason)]),
    ...(verifier === '' ? [] : [fact('verifier', verifier), hashFact('CA SHA-256', caSha256)]),
    ...statements.map(({ label, value, warning }): Fact => ({
      label,
      value,
      style: warning === true ? 'warning' : 'plain',
    })),
    ...(file === '' ? [] : [fact('evidence', `${file}, SHA-256 ${sha256}`)]),
  ],
});
