import { CodedError } from '../ports/coded-error.ts';
import type { SignatureAlgorithmName } from '../ports/algorithm-names.ts';
import { signatureAlgorithmOf } from '../x509/algorithms.ts';
import { readTbsCertificate } from '../x509/certificate.ts';
import { readTbsCertList } from '../x509/crl.ts';
import { certificateRules, crlRules, keyRules } from './registry.ts';
import type { CertificateSubject, CrlSubject, Finding } from './rule.ts';
import { applyWaivers, type Waiver, type WaiverScope } from './waiver.ts';

const maker = Symbol('made by lint');

/**
 * The assertion that exactly these TBS bytes passed every lint rule for what they are meant to be. It can be had only
 * from {@link lintCertificate} and {@link lintCrl}, and spent only once: whoever holds one may sign once, what was linted.
 */
class LintedBytes {
  readonly #tbs: Uint8Array;
  readonly #algorithm: SignatureAlgorithmName;
  #spent = false;

  /** `key` is known to this module alone: `new linted.constructor(…)` makes nothing. */
  constructor(key: symbol, tbs: Uint8Array, algorithm: SignatureAlgorithmName) {
    if (key !== maker) {
      throw new CodedError({
        code: 'lint-forged',
        message: 'A linted value can only come from lint.',
        remedy: 'Call lintCertificate or lintCrl.',
      });
    }
    // A copy of its own: the caller still holds the array that was linted.
    this.#tbs = Uint8Array.from(tbs);
    this.#algorithm = algorithm;
  }

  /** The bytes to sign and with what; a second call is refused. */
  static spend(linted: LintedBytes): { tbs: Uint8Array; algorithm: SignatureAlgorithmName } {
    if (linted.#spent) {
      throw new CodedError({
        code: 'lint-already-spent',
        message: 'This linted certificate or CRL has been signed already.',
        remedy: 'Lint again for every signature: one lint, one signature.',
      });
    }
    linted.#spent = true;
    return { tbs: linted.#tbs, algorithm: linted.#algorithm };
  }
}
export type Linted = LintedBytes;

/** Takes out, once, what was linted. For `signLinted` alone. */
export function spendLinted(linted: Linted): { tbs: Uint8Array; algorithm: SignatureAlgorithmName } {
  return LintedBytes.spend(linted);
}

/** `waived` lists what a waiver let through: it belongs in the transcript and in the bundle. */
export type LintResult =
  | { readonly ok: true; readonly linted: Linted; readonly waived: readonly { finding: Finding; waiver: Waiver }[] }
  | { readonly ok: false; readonly findings: readonly Finding[] };

const noWaivers: WaiverScope = { waivers: [], object: '', now: 0 };

function conclude(
  tbs: Uint8Array,
  identifier: Uint8Array,
  findings: readonly Finding[],
  scope: WaiverScope,
): LintResult {
  const { standing, waived } = applyWaivers(findings, scope);
  if (standing.length > 0) return { ok: false, findings: standing };
  const algorithm = signatureAlgorithmOf(identifier);
  // The rule cert-signature-algorithm refuses unknown ones; this is for the compiler, and for the day it is removed.
  if (algorithm === undefined) throw new CodedError(unknownAlgorithm);
  return { ok: true, linted: new LintedBytes(maker, tbs, algorithm), waived };
}

const unknownAlgorithm = {
  code: 'lint-unknown-algorithm',
  message: 'The TBS names a signature algorithm that is not in the table.',
  remedy: 'Use a signature algorithm of core/x509/algorithms.ts.',
} as const;

/** What every applicable rule says of a certificate; empty when all are content. */
export function judgeCertificate(subject: CertificateSubject): readonly Finding[] {
  return certificateRules.flatMap((rule) => {
    if (!rule.appliesTo.includes(subject.type)) return [];
    const found = rule.check(subject);
    return found === undefined ? [] : [{ rule: rule.id, clause: rule.clause, demand: rule.demand, found }];
  });
}

/** What the rules about keys say of a public key (SubjectPublicKeyInfo) that has no certificate yet. */
export function judgeKey(spki: Uint8Array): readonly Finding[] {
  return keyRules.flatMap((rule) => {
    const found = rule.check({ tbs: { spki } });
    return found === undefined ? [] : [{ rule: rule.id, clause: rule.clause, demand: rule.demand, found }];
  });
}

/** What every rule says of a CRL; empty when all are content. */
export function judgeCrl(subject: CrlSubject): readonly Finding[] {
  return crlRules.flatMap((rule) => {
    const found = rule.check(subject);
    return found === undefined ? [] : [{ rule: rule.id, clause: rule.clause, demand: rule.demand, found }];
  });
}

/** Lints TBSCertificate bytes as they will be signed. */
export function lintCertificate(
  tbs: Uint8Array,
  subject: Omit<CertificateSubject, 'tbs'>,
  waivers: WaiverScope = noWaivers,
): LintResult {
  const read = readTbsCertificate(tbs);
  return conclude(tbs, read.signatureIdentifier, judgeCertificate({ ...subject, tbs: read }), waivers);
}

/** Lints TBSCertList bytes as they will be signed. */
export function lintCrl(
  tbs: Uint8Array,
  subject: Omit<CrlSubject, 'tbs'>,
  waivers: WaiverScope = noWaivers,
): LintResult {
  const read = readTbsCertList(tbs);
  return conclude(tbs, read.signatureIdentifier, judgeCrl({ ...subject, tbs: read }), waivers);
}

/** The findings as one coded error, for callers that can only stop. */
export function lintRefusal(findings: readonly Finding[]): CodedError {
  const lines = findings.map(({ rule, clause, demand, found }) => `${rule} (${clause}): ${demand} Found: ${found}`);
  return new CodedError({
    code: 'lint-refused',
    message: `Lint refuses this: ${lines.join('; ')}`,
    remedy: 'Change the profile or the request so that the rule is met. Nothing has been signed.',
  });
}
