import { z } from 'zod';
import { fromBase64, toBase64 } from '../ports/base64.ts';
import { equalBytes } from '../ports/bytes.ts';
import { fromHex, toHex } from '../ports/hex.ts';
import type { Artefact } from '../ports/second-opinion.ts';
import { lintCertificate, lintRefusal, type LintResult } from '../lint/linted.ts';
import { signLinted } from '../lint/sign.ts';
import { waiverSchema, type WaiverScope } from '../lint/waiver.ts';
import { applyPlanProfile } from '../profile/apply.ts';
import { resolveValidity } from '../profile/dates.ts';
import type { PlanProfile } from '../profile/profile.ts';
import {
  encodeTbsCertificate,
  extensionOf,
  readSigned,
  readTbsCertificate,
  type Certificate,
  type CertificateContents,
} from '../x509/certificate.ts';
import { maximumCrlBytes } from '../x509/crl.ts';
import { formatName, nameToCompare } from '../x509/name.ts';
import { oids } from '../x509/oids.ts';
import { formatSerial, newSerial } from '../x509/serial.ts';
import { keyIdentifier } from '../x509/spki.ts';
import type { ActPorts } from './act.ts';
import { ceremonyError } from './ceremony-error.ts';
import { certificateFacts, digestFacts, fact } from './facts.ts';
import { certificateNamed, crlOf, keyNamed, profileNamed, tokenOfKey } from './lookup.ts';
import { opinionFaults } from './opinions.ts';
import type { Fact } from './prompt.ts';
import type { CeremonyState } from './state.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/u);

/** A certificate about to be signed, written ahead: these bytes and no others. */
export const certificateIntent = z.strictObject({
  /** TBSCertificate, base64. */
  tbs: z.base64().max(200_000),
  /** SHA-256 of the TBSCertificate: what people approve. */
  digest: hash,
});
export type CertificateIntent = z.infer<typeof certificateIntent>;

/** The same for a CRL, which may be as long as the longest that is read. */
export const crlIntent = certificateIntent.extend({ tbs: z.base64().max(12_000_000) });

/** A signed artefact and who else read it. */
export const signedOutcome = z.strictObject({
  /** DER, base64. */
  der: z.base64().max(12_000_000),
  sha256: hash,
  readers: z.array(z.string().max(100)).min(1),
  waived: z.array(waiverSchema).max(50),
});
export type SignedOutcome = z.infer<typeof signedOutcome>;

/** Who certifies what: `issuer` is a key name, undefined for a root, which issues itself. */
export interface CertificateOrder {
  readonly profileName: string;
  readonly type: PlanProfile['type'];
  readonly spki: Uint8Array;
  readonly issuer: string | undefined;
  /** For a cross-certificate or a renewal: the certificate the CA has already. */
  readonly existing?: Certificate;
  /** `existing` is renewed. */
  readonly renewal?: true;
}

function waiverScope(order: CertificateOrder, state: CeremonyState, now: number): WaiverScope {
  return { waivers: state.beginning.plan.waivers, object: order.profileName, now };
}

function lint(tbs: Uint8Array, order: CertificateOrder, state: CeremonyState, ports: ActPorts): LintResult {
  const profile = profileNamed(state.beginning.plan, order.profileName, order.type);
  const issuer = order.issuer === undefined ? undefined : certificateNamed(state, order.issuer);
  const now = ports.clock.now();
  const { existing, renewal } = order;
  const base = { type: order.type, digest: ports.digest, profile, signingTime: now };
  const renewed = renewal === undefined ? {} : { renewal };
  const context = existing === undefined ? base : { ...base, existing, ...renewed };
  return lintCertificate(tbs, issuer === undefined ? context : { ...context, issuer }, waiverScope(order, state, now));
}

function issuerFacts(
  issuer: Certificate,
  ports: ActPorts,
): {
  subject: Uint8Array;
  spki: Uint8Array;
  keyIdentifier: Uint8Array;
} {
  const { subject, spki } = issuer.tbs;
  return { subject, spki, keyIdentifier: keyIdentifier(spki, ports.digest) };
}

/** Builds and lints the exact bytes that will be signed. */
export function prepareCertificate(
  order: CertificateOrder,
  state: CeremonyState,
  ports: ActPorts,
): Promise<CertificateIntent> {
  const { plan, rehearsal } = state.beginning;
  const profile = profileNamed(plan, order.profileName, order.type);
  const issuer = order.issuer === undefined ? undefined : certificateNamed(state, order.issuer);
  const meant = applyPlanProfile(
    profile,
    {
      serial: newSerial(ports.entropy),
      ...resolveValidity(profile.valid, ports.clock.now()),
      spki: order.spki,
      rehearsal,
      ...(issuer === undefined ? {} : { issuer: issuerFacts(issuer, ports) }),
    },
    ports.digest,
  );
  const contents = order.existing === undefined ? meant : asExisting(meant, order.existing);
  refuseSerial(contents, state);
  refuseCompromised(contents.spki, state, ports);
  if (order.existing === undefined) refuseReuse(contents, state);
  const tbs = encodeTbsCertificate(contents);
  const result = lint(tbs, order, state, ports);
  if (!result.ok) throw lintRefusal(result.findings);
  return Promise.resolve({ tbs: toBase64(tbs), digest: toHex(ports.digest('sha256', tbs)) });
}

/** Name and key identifier of the CA as its own certificate has them, byte for byte: paths are built with both. */
function asExisting(contents: CertificateContents, { tbs }: Certificate): CertificateContents {
  const own = extensionOf(tbs, oids.subjectKeyIdentifier);
  const extensions = contents.extensions.map((one) => (own !== undefined && one.oid === own.oid ? own : one));
  return { ...contents, subject: tbs.subject, extensions };
}

/** A serial names one certificate of its issuer: a CRL that lists it must not mean two (RFC 5280 §4.1.2.2). */
function refuseSerial({ serial, issuer }: CertificateContents, state: CeremonyState): void {
  const held = Object.keys(state.certificates).map((name) => certificateNamed(state, name).tbs);
  const revoked = Object.keys(state.crls).flatMap((name) => {
    const tbs = crlOf(state, name)?.tbs;
    return (tbs?.entries ?? []).map((entry) => ({ serial: entry.serial, issuer: tbs?.issuer ?? new Uint8Array() }));
  });
  const taken = [...held, ...revoked].some((one) => equalBytes(one.serial, serial) && equalBytes(one.issuer, issuer));
  if (!taken) return;
  throw ceremonyError(
    'serial-reused',
    `The serial ${formatSerial(serial)} was drawn, which a certificate of this issuer has already.`,
    'Stop: this machine’s random numbers repeat themselves. Do not use it for keys or serials.',
  );
}

/** A key that somebody else may hold is certified under no name any more, by no act (BR 6.1.1.3). */
export function refuseCompromised(
  spki: Uint8Array,
  { compromised }: CeremonyState,
  { digest }: Pick<ActPorts, 'digest'>,
): void {
  const hash = toHex(digest('sha256', spki));
  if (!compromised.includes(hash)) return;
  throw ceremonyError(
    'key-compromised',
    `A certificate of the public key with the SHA-256 ${hash} was revoked because the key, or its CA, was compromised.`,
    'Generate a new key, or have the request made with one. This key is certified no more.',
  );
}

/**
 * One key, one name, one certificate in a hierarchy: a key certified twice cannot be revoked once, and of two CAs of one
 * name nobody knows which is meant.
 */
function refuseReuse({ spki, subject }: CertificateContents, state: CeremonyState): void {
  for (const name of Object.keys(state.certificates)) {
    const { tbs } = certificateNamed(state, name);
    if (equalBytes(tbs.spki, spki)) {
      throw ceremonyError(
        'key-reused',
        `The public key has a certificate in this hierarchy already: ${name}.`,
        'Generate a new key, or take the CSR of one.',
      );
    }
    if (nameToCompare(tbs.subject) === nameToCompare(subject)) {
      throw ceremonyError(
        'subject-reused',
        `There is a certificate of ${formatName(subject)} in this hierarchy already: ${name}.`,
        'Choose another common name: the next number or the year, for example.',
      );
    }
  }
}

/**
 * The signed bytes of an outcome, if they are what was approved: a journal is a file, and its outcome must not be
 * another certificate than its intent.
 */
export function approved({ tbs }: CertificateIntent, { der }: SignedOutcome): string {
  if (equalBytes(readSigned(fromBase64(der), maximumCrlBytes).tbs, fromBase64(tbs))) return der;
  throw ceremonyError(
    'outcome-not-approved',
    'What was signed is not what was approved before.',
    'Stop, keep the journal, and find out who changed it.',
  );
}

/** What is shown before a signature: the certificate decoded from the bytes to be signed, and their digest. */
export function certificateShown(own: CertificateIntent): readonly Fact[] {
  return [...certificateFacts(readTbsCertificate(fromBase64(own.tbs))), ...digestFacts('TBS SHA-256', own.digest)];
}

/** What the transcript says of a signed artefact. */
export function signedSummary({ sha256, readers, waived }: SignedOutcome): readonly Fact[] {
  return [
    ...digestFacts('SHA-256 fingerprint', sha256),
    fact('also read and verified by', readers.join(', ')),
    ...waived.map(({ rule, reason }) => ({ label: `waived: ${rule}`, value: reason, style: 'warning' }) as const),
  ];
}

/** Signs with the key of `keyName` on its token and checks the result with the certificate of `issuer` (or itself). */
export async function signWithKey(
  result: LintResult,
  keyName: string,
  issuerSpki: Uint8Array,
  state: CeremonyState,
  ports: ActPorts,
): Promise<{ der: Uint8Array; waived: SignedOutcome['waived'] }> {
  if (!result.ok) throw lintRefusal(result.findings);
  const token = await ports.token(tokenOfKey(state, keyName));
  const { spki, id } = keyNamed(state, keyName);
  const selector = { spki: fromBase64(spki), ...(id === undefined ? {} : { id: fromHex(id) }) };
  const der = await signLinted(
    result.linted,
    issuerSpki,
    (algorithm, message) => token.sign(selector, algorithm, message),
    ports.verify,
  );
  return { der, waived: result.waived.map(({ waiver }) => waiver) };
}

/** Has the other implementations read an artefact; stops when one disagrees with ours or cannot verify it. */
export async function readersOf(artefact: Artefact, ports: ActPorts): Promise<string[]> {
  const readings = await ports.opinions(artefact);
  const faults = opinionFaults(artefact, readings, ports.digest);
  if (faults.length > 0 || readings.length === 0) {
    throw ceremonyError(
      'second-opinion',
      `Another implementation does not agree with ours: ${faults.join('; ') || 'none could be asked'}.`,
      'Stop. Do not use this artefact; keep the journal and report this.',
    );
  }
  return readings.map(({ by }) => by);
}

/**
 * A key that this ceremony made is certified only while its token shows it: what is known of it comes from the journal, and
 * whoever wrote another key there during an interruption would have that one certified.
 */
async function requireOnToken(spki: Uint8Array, state: CeremonyState, ports: ActPorts): Promise<void> {
  const text = toBase64(spki);
  const made = Object.values(state.keys).find((key) => key.origin === 'generated' && key.spki === text);
  if (made?.token === undefined || made.id === undefined) return;
  const token = await ports.token(made.token);
  await token.findKey({ spki, id: fromHex(made.id) });
}

/** Signs a prepared certificate and checks it in every way there is before it is given out. */
export async function performCertificate(
  order: CertificateOrder,
  own: CertificateIntent,
  state: CeremonyState,
  ports: ActPorts,
  signingKey: string,
): Promise<SignedOutcome> {
  const tbs = fromBase64(own.tbs);
  const issuer = order.issuer === undefined ? undefined : certificateNamed(state, order.issuer);
  const result = lint(tbs, order, state, ports);
  // A root's own key makes the signature, and so shows that it is there.
  if (order.issuer !== undefined) await requireOnToken(order.spki, state, ports);
  const { der, waived } = await signWithKey(result, signingKey, issuer?.tbs.spki ?? order.spki, state, ports);
  const readers = await readersOf({ kind: 'certificate', der, issuer: issuer?.raw ?? der }, ports);
  return { der: toBase64(der), sha256: toHex(ports.digest('sha256', der)), readers, waived };
}
