import { z } from 'zod';
import { fromBase64 } from '../ports/base64.ts';
import { isCoded } from '../ports/coded-error.ts';
import type { Digest } from '../ports/digest.ts';
import { toHex } from '../ports/hex.ts';
import { samePerson } from '../ports/same-person.ts';
import type { Verifier } from '../ports/verifier.ts';
import { canonicalBytes } from '../journal/canonical.ts';
import { keyAlgorithms } from '../x509/algorithms.ts';
import { readSpki } from '../x509/spki.ts';
import { refuseBundle, type BundleRefusal } from './refusals.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/u, 'not a SHA-256 in lower-case hex');

/** A person's word for one signature, given before it was made. */
export const approvalSchema = z.strictObject({
  who: z.string().min(1).max(100),
  role: z.enum(['administrator', 'officer', 'witness', 'auditor']),
  /** SHA-256 of the plan it was given under. */
  plan: sha256,
  /** The act of that plan; counts from 1. */
  act: z.int().min(1).max(200),
  /** SHA-256 of the exact TBSCertificate or TBSCertList. */
  digest: sha256,
  /** The officer's own key (SubjectPublicKeyInfo) and its signature over the statement, where one was used; base64. */
  signed: z.strictObject({ spki: z.base64().max(2000), signature: z.base64().max(2000) }).optional(),
});
export type Approval = z.infer<typeof approvalSchema>;

/** What whoever loads a bundle demands: how many people, and whose keys where only signatures count. */
export interface ApprovalTerms {
  readonly quorum: number;
  /** SHA-256 of the SubjectPublicKeyInfo of each officer's key; without them a typed approval counts as well. */
  readonly keys?: readonly string[];
}

/** What an officer's own key signs: canonical JSON, so that anyone can write it again. */
export function approvalStatement({ plan, act, digest }: Pick<Approval, 'plan' | 'act' | 'digest'>): Uint8Array {
  return canonicalBytes({ act, digest, plan });
}

/** Whether the signature of an approval is what it says; one without a signature is. */
export function approvalVerifies(approval: Approval, verify: Verifier): boolean {
  if (approval.signed === undefined) return true;
  const [spki, signature] = [fromBase64(approval.signed.spki), fromBase64(approval.signed.signature)];
  try {
    const [algorithm] = keyAlgorithms[readSpki(spki).algorithm].signatures;
    return verify(spki, algorithm, approvalStatement(approval), signature);
  } catch (error) {
    if (isCoded(error)) return false;
    throw error;
  }
}

/** Different people, and different keys, among approvals that count. */
function distinct(approvals: readonly Approval[], { keys }: ApprovalTerms, digest: Digest): number {
  if (keys === undefined) return new Set(approvals.map(({ who }) => samePerson(who))).size;
  const used = approvals.flatMap(({ signed }) => {
    const key = signed === undefined ? '' : toHex(digest('sha256', fromBase64(signed.spki)));
    return keys.includes(key) ? [key] : [];
  });
  return new Set(used).size;
}

/** What a bundle signs over, by a name to tell it by: the TBS bytes of every certificate and CRL. */
export type ToBeSigned = readonly (readonly [name: string, tbs: Uint8Array])[];

/** Why the approvals in a manifest cannot be believed, or are too few; undefined where they are good. */
export function approvalsFault(
  approvals: readonly Approval[],
  signed: ToBeSigned,
  terms: ApprovalTerms | undefined,
  { digest, verify }: { readonly digest: Digest; readonly verify: Verifier },
): BundleRefusal | undefined {
  const digests = signed.map(([name, tbs]) => ({ name, hex: toHex(digest('sha256', tbs)) }));
  const stray = approvals.find((approval) => !digests.some(({ hex }) => hex === approval.digest));
  if (stray !== undefined) return refuseBundle('bundle-approval-digest', `${stray.who}, act ${stray.act}`);
  const forged = approvals.find((approval) => !approvalVerifies(approval, verify));
  if (forged !== undefined) return refuseBundle('bundle-approval-signature', `${forged.who}, act ${forged.act}`);
  if (terms === undefined) return undefined;
  for (const { name, hex } of digests) {
    const given = distinct(
      approvals.filter((approval) => approval.digest === hex),
      terms,
      digest,
    );
    if (given < terms.quorum) return refuseBundle('bundle-approval-quorum', `${name}: ${given} of ${terms.quorum}`);
  }
  return undefined;
}
