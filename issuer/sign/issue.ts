import { setTimeout as pause } from 'node:timers/promises';
import { lintCertificate, lintRefusal, type Linted } from '../../core/lint/linted.ts';
import { signLinted } from '../../core/lint/sign.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { CodedError } from '../../core/ports/coded-error.ts';
import type { Digest } from '../../core/ports/digest.ts';
import type { Entropy } from '../../core/ports/entropy.ts';
import type { Verifier } from '../../core/ports/verifier.ts';
import { applyLeafProfile } from '../../core/profile/apply.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import type { LeafSubject } from '../../core/profile/leaf-subject.ts';
import type { LeafProfile } from '../../core/profile/profile.ts';
import { subjectFault } from '../../core/profile/subject-policy.ts';
import { encodeTbsCertificate } from '../../core/x509/certificate.ts';
import type { GeneralName } from '../../core/x509/general-name.ts';
import { parseIpAddress } from '../../core/x509/ip-address.ts';
import { newSerial } from '../../core/x509/serial.ts';
import type { Identifier } from '../acme/identifiers/identifier.ts';
import { isDatabaseAway } from '../ops/passing.ts';
import type { Intent } from '../store/intent.ts';
import type { Issuer } from './issuer.ts';
import type { Validity } from './validity.ts';

/** What a certificate is to say. */
export interface CertificateRequest extends Validity {
  readonly issuer: Issuer;
  readonly profile: LeafProfile;
  readonly identifiers: readonly Identifier[];
  readonly spki: Uint8Array;
  /** What the CSR says of its subject: only what the profile lets it say is taken. */
  readonly subject?: LeafSubject;
}

/** Where an issuance is recorded, step by step. */
export interface Ledger {
  /** Commits the intent; false when somebody else was first, and then nothing is signed. */
  intend(intent: Intent): Promise<boolean>;
  /** Stores the certificate; false when it was given up meanwhile. */
  store(serial: Uint8Array, der: Uint8Array, now: string): Promise<boolean>;
  /** Gives it up: it was not signed, or could not be stored. */
  abandon(serial: Uint8Array, now: string): Promise<void>;
}

export interface IssueTools {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly digest: Digest;
  /** For our own signatures: see issuerVerifier. */
  readonly verify: Verifier;
}

export interface IssuedCertificate extends Validity {
  readonly serial: Uint8Array;
  readonly der: Uint8Array;
}

function generalName({ type, value }: Identifier): GeneralName {
  return type === 'dns' ? { kind: 'dns', value } : { kind: 'ip', value: parseIpAddress(value) ?? new Uint8Array() };
}

/** What is to be signed is held to what a ceremony signed, whatever the configuration and the CSR have come to. */
function requirePermitted(subject: Uint8Array, { name, subjects }: Issuer): void {
  const fault = subjectFault(subjects, subject);
  if (fault === undefined) return;
  throw new CodedError({
    code: 'subject-wider-than-policy',
    message: `The policy signed for ${name} does not allow ${fault} in a subject.`,
    remedy: 'Narrow the profile, or hold a ceremony that signs a wider policy.',
  });
}

/** Profile, TBS and lint: everything that can refuse, before anything is recorded or signed. */
function prepare(
  request: CertificateRequest,
  { clock, entropy, digest }: IssueTools,
): { readonly linted: Linted; readonly intent: Intent } {
  const { issuer, profile, identifiers, spki, subject, notBefore, notAfter } = request;
  const serial = newSerial(entropy);
  const issuance = { serial, notBefore, notAfter, spki, issuer: issuer.facts, rehearsal: false };
  const contents = applyLeafProfile(profile, issuance, identifiers.map(generalName), subject);
  requirePermitted(contents.subject, issuer);
  const tbs = encodeTbsCertificate(contents);
  const now = clock.now();
  const result = lintCertificate(tbs, {
    type: 'leaf',
    issuer: issuer.certificate,
    signingTime: now,
    profile,
    digest,
  });
  if (!result.ok) throw lintRefusal(result.findings);
  const intent = {
    serial,
    issuer: issuer.name,
    tbsSha256: digest('sha256', tbs),
    spkiSha256: digest('sha256', spki),
    names: identifiers.map(({ value }) => value),
    notBefore: formatUtc(notBefore),
    notAfter: formatUtc(notAfter),
    now: formatUtc(now),
  };
  return { linted: result.linted, intent };
}

/** Milliseconds before each further try to store: together longer than a restart of the database takes. */
const storePauses: readonly number[] = [0, 100, 400, 1000, 2000, 4000];

/** Stores what is signed already, and does not give up for a database that is away for a moment. */
async function store(ledger: Ledger, serial: Uint8Array, der: Uint8Array, clock: Clock): Promise<boolean> {
  for (const milliseconds of storePauses) {
    if (milliseconds > 0) await pause(milliseconds);
    try {
      return await ledger.store(serial, der, formatUtc(clock.now()));
    } catch (error) {
      if (!isDatabaseAway(error) || milliseconds === storePauses.at(-1)) throw error;
    }
  }
  return false;
}

/**
 * Makes one certificate: profile, lint, record, sign, verify, store, in this order. Undefined when the ledger did not
 * take the intent. Whatever goes wrong after that, the record stays and says that there may be a signature.
 */
export async function issueCertificate(
  request: CertificateRequest,
  ledger: Ledger,
  tools: IssueTools,
): Promise<IssuedCertificate | undefined> {
  const { linted, intent } = prepare(request, tools);
  const { serial } = intent;
  if (!(await ledger.intend(intent))) return undefined;
  const { clock, verify } = tools;
  const { issuer, notBefore, notAfter } = request;
  let der: Uint8Array;
  try {
    der = await signLinted(linted, issuer.certificate.tbs.spki, issuer.sign, verify);
  } catch (error) {
    await ledger.abandon(serial, formatUtc(clock.now()));
    throw error;
  }
  if (await store(ledger, serial, der, clock)) return { serial, der, notBefore, notAfter };
  throw new CodedError({
    code: 'issue-too-late',
    message: 'The certificate was signed so late that it had been given up already.',
    remedy: 'Find out why the token or the database is slow; the record of the serial number says "abandoned".',
  });
}
