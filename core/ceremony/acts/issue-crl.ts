import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { lintCrl, lintRefusal, type LintResult } from '../../lint/linted.ts';
import { fromBase64, toBase64 } from '../../ports/base64.ts';
import { equalBytes } from '../../ports/bytes.ts';
import { fromHex, toHex } from '../../ports/hex.ts';
import { crlContents } from '../../profile/crl-contents.ts';
import { addDuration, durationSchema, parseDuration } from '../../profile/duration.ts';
import { extensionOf } from '../../x509/certificate.ts';
import { encodeTbsCertList, readTbsCertList, type CertificateList, type Revocation } from '../../x509/crl.ts';
import { readReasonCode, readCRLNumber, reasonOf } from '../../x509/extensions/crl-extensions.ts';
import { oids } from '../../x509/oids.ts';
import { formatSerial } from '../../x509/serial.ts';
import { keyIdentifier } from '../../x509/spki.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { confirmWord, crlFacts, digestFacts } from '../facts.ts';
import {
  approved,
  crlIntent,
  readersOf,
  signWithKey,
  signedOutcome,
  signedSummary,
  type CertificateIntent,
  type SignedOutcome,
} from '../issuing.ts';
import { certificateNamed, crlOf } from '../lookup.ts';
import { actBase } from '../plan-types.ts';
import type { Fact } from '../prompt.ts';
import type { CeremonyState } from '../state.ts';

const config = z.strictObject({
  do: z.literal('issue-crl'),
  /** Key name of the CA. */
  issuer: slugSchema,
  /** `next`: one more than the previous CRL's, 1 for the first. */
  number: z.union([z.literal('next'), z.int().min(1)]).default('next'),
  valid: durationSchema.default('180d'),
  ...actBase,
});
type Config = z.infer<typeof config>;

/** Entries of the previous CRL, to be carried over: no revocation is ever lost. */
function carriedOver(previous: CertificateList | undefined): readonly Revocation[] {
  return (previous?.tbs.entries ?? []).map(({ serial, revokedAt, extensions }) => {
    const reason = extensionOf({ extensions }, oids.reasonCode);
    const code = reason === undefined ? 0 : readReasonCode(reason.value);
    return { serial, revokedAt, reason: reasonOf(code) ?? 'unspecified' };
  });
}

/** Entries of this ceremony, which no CRL lists yet. */
function revokedToday({ issuer }: Config, state: CeremonyState): readonly Revocation[] {
  return (state.revocations[issuer] ?? []).map(({ serial, ...rest }) => ({ ...rest, serial: fromHex(serial) }));
}

function numberAfter(previous: CertificateList | undefined): bigint {
  const extension = previous === undefined ? undefined : extensionOf(previous.tbs, oids.cRLNumber);
  return extension === undefined ? 1n : readCRLNumber(extension.value) + 1n;
}

function lint(tbs: Uint8Array, { issuer }: Config, state: CeremonyState, ports: ActPorts): LintResult {
  const previous = crlOf(state, issuer);
  const now = ports.clock.now();
  const context = { scope: 'ca', issuer: certificateNamed(state, issuer), signingTime: now } as const;
  const scope = { waivers: state.beginning.plan.waivers, object: issuer, now };
  return lintCrl(tbs, previous === undefined ? context : { ...context, previous }, scope);
}

async function prepare(own: Config, state: CeremonyState, ports: ActPorts): Promise<CertificateIntent> {
  const { subject, spki } = certificateNamed(state, own.issuer).tbs;
  const previous = crlOf(state, own.issuer);
  const thisUpdate = ports.clock.now();
  const length = parseDuration(own.valid) ?? { text: '', months: 0, seconds: 0 };
  const contents = crlContents({
    issuer: { subject, spki, keyIdentifier: keyIdentifier(spki, ports.digest) },
    number: own.number === 'next' ? numberAfter(previous) : BigInt(own.number),
    thisUpdate,
    // Both ends count, as they do in a certificate's validity: 365d is the twelve months of BR 7.2 and not a second more.
    nextUpdate: addDuration(thisUpdate, length) - 1,
    revocations: [...carriedOver(previous), ...revokedToday(own, state)],
  });
  const tbs = encodeTbsCertList(contents);
  const result = lint(tbs, own, state, ports);
  if (!result.ok) throw lintRefusal(result.findings);
  return { tbs: toBase64(tbs), digest: toHex(ports.digest('sha256', tbs)) };
}

/** Lint knows the CRL before this one; what was revoked since then is known here alone. */
function requireListed(own: Config, tbs: Uint8Array, state: CeremonyState): void {
  const { entries } = readTbsCertList(tbs);
  const missing = revokedToday(own, state).filter(
    ({ serial }) => !entries.some((entry) => equalBytes(entry.serial, serial)),
  );
  if (missing.length === 0) return;
  throw ceremonyError(
    'crl-forgets-revocation',
    `The CRL does not list what this ceremony revoked: serial ${missing.map(({ serial }) => formatSerial(serial)).join(', ')}.`,
    'Stop, keep the journal, and find out who changed it. Nothing has been signed.',
  );
}

async function perform(
  own: Config,
  { tbs }: CertificateIntent,
  state: CeremonyState,
  ports: ActPorts,
): Promise<SignedOutcome> {
  requireListed(own, fromBase64(tbs), state);
  const issuer = certificateNamed(state, own.issuer);
  const result = lint(fromBase64(tbs), own, state, ports);
  const { der, waived } = await signWithKey(result, own.issuer, issuer.tbs.spki, state, ports);
  const readers = await readersOf({ kind: 'crl', der, issuer: issuer.raw }, ports);
  return { der: toBase64(der), sha256: toHex(ports.digest('sha256', der)), readers, waived };
}

function shown({ tbs, digest }: CertificateIntent): readonly Fact[] {
  return [...crlFacts(readTbsCertList(fromBase64(tbs))), ...digestFacts('TBS SHA-256', digest)];
}

/** A CA's full CRL (BR 7.2): number one higher, every earlier entry kept. */
export const issueCrl = defineAct({
  name: 'issue-crl',
  config,
  intent: crlIntent,
  outcome: signedOutcome,
  references: ({ issuer }) => ({ signsWith: [issuer], usesCertificates: [issuer], makesCrl: issuer }),
  describe: ({ issuer, valid }) => ({
    headline: `Sign the CRL of "${issuer}", valid for ${valid}`,
    why: 'Clients and the online issuer refuse a CA whose CRL has lapsed (BR 4.9.7: at least every twelve months).',
    onToken: `Signs once with "${issuer}".`,
  }),
  questions: () => [],
  prepare,
  confirmations: (own, intent) => confirmWord(own, 'SIGN', 'This is the CRL that will be signed.', shown(intent)),
  perform,
  apply: ({ issuer }, made, outcome, { crls, revocations }) => {
    const extension = extensionOf(readTbsCertList(fromBase64(made.tbs)), oids.cRLNumber);
    const number = extension === undefined ? '0' : readCRLNumber(extension.value).toString();
    const crl = { der: approved(made, outcome), number, waived: outcome.waived };
    return { crls: { ...crls, [issuer]: crl }, revocations: { ...revocations, [issuer]: [] } };
  },
  summary: (_, intent, outcome) => [...shown(intent).slice(0, 5), ...signedSummary(outcome)],
});
