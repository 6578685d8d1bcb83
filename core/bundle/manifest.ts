import { z } from 'zod';
import { keyAlgorithmNames } from '../ports/algorithm-names.ts';
import { instantSchema } from '../profile/dates.ts';
import { caKeyPurposes } from '../profile/profile.ts';
import { subjectPolicySchema } from '../profile/subject-policy.ts';
import { waiverSchema } from '../lint/waiver.ts';

import { approvalSchema } from './approvals.ts';

export const bundleFormat = 'coldroot-bundle-1';

/** Names of hierarchies, keys and tokens: what may also stand in a file name. */
export const slugSchema = z.string().regex(
  // "constructor" is a name that every JavaScript object answers to: tables looked up by name would too.
  /^(?!constructor$)[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$/u,
  'not a name: 1 to 48 of a-z, 0-9 and "-", no "-" at either end, not "constructor"',
);

const sha256 = z.string().regex(/^[0-9a-f]{64}$/u, 'not a SHA-256 in lower-case hex');
const certificatePath = z.string().regex(/^certs\/[a-z0-9][a-z0-9.-]{0,63}\.pem$/u);
const crlPath = z.string().regex(/^crls\/[a-z0-9][a-z0-9.-]{0,63}\.pem$/u);

/** A certificate file, by the key name its plan gave it; `sha256` is over the DER: the fingerprint. */
const certificateEntry = z.strictObject({ name: slugSchema, certificate: certificatePath, sha256, spki: sha256 });

/** What the online issuer may do with this issuer's key. It can narrow this by configuration, never widen it. */
const issuancePolicySchema = z.strictObject({
  /** Longest leaf validity, in seconds. */
  maxValidity: z
    .int()
    .min(60)
    .max(400 * 86_400),
  keys: z.array(z.enum(keyAlgorithmNames)).min(1),
  eku: z.array(z.enum(caKeyPurposes)).min(1),
  /** What subjects of leaves may say beside names; where it is absent, what the CA's own subject says. */
  subject: subjectPolicySchema.optional(),
});
export type IssuancePolicy = z.infer<typeof issuancePolicySchema>;

/** manifest.json of a bundle. */
export const manifestSchema = z.strictObject({
  format: z.literal(bundleFormat),
  hierarchy: slugSchema,
  /** 1 for the first bundle of a hierarchy, then one more each time. */
  epoch: z.int().min(1),
  /** SHA-256 of the previous bundle's SHA256SUMS; null for the first. */
  previous: sha256.nullable(),
  created: instantSchema,
  expires: instantSchema,
  rehearsal: z.boolean(),
  /** SHA-256 of plan.yaml. */
  plan: sha256,
  /** Hash of the last journal record in transcript.json. */
  journal: sha256,
  roots: z.array(certificateEntry).min(1).max(20),
  signers: z.array(certificateEntry).min(1).max(50),
  issuers: z
    .array(
      certificateEntry.extend({
        /** Name of the key that issued it. */
        issuedBy: slugSchema,
        /** Certificate files from the issuer up to, but without, a root: the first chain is served by default. */
        chains: z.array(z.array(certificatePath).min(1).max(5)).min(1).max(10),
        policy: issuancePolicySchema,
      }),
    )
    .max(200),
  /** Second certificates of CAs, by another issuer than their own: what chains to other roots are made of. */
  crosses: z
    .array(certificateEntry.extend({ issuedBy: slugSchema }))
    .min(1)
    .max(100)
    .optional(),
  /** Who answers OCSP for a CA: certified by that CA itself, under the key that its certificates are asked of. */
  ocspSigners: z
    .array(certificateEntry.extend({ issuedBy: slugSchema }))
    .min(1)
    .max(200)
    .optional(),
  /** Keys on the hierarchy's tokens that have no certificate here: made for a request, or to unwrap backups. */
  keys: z
    .array(
      z.strictObject({
        name: slugSchema,
        algorithm: z.enum(keyAlgorithmNames),
        /** SubjectPublicKeyInfo, DER in base64. */
        publicKey: z.base64().max(2000),
        /** CKA_ID, where it is known. */
        id: z
          .string()
          .regex(/^(?:[0-9a-f]{2}){1,64}$/u)
          .optional(),
      }),
    )
    .min(1)
    .max(200)
    .optional(),
  /** Keys that may leave their token wrapped: made so by a plan, and not sealed since. */
  unsealed: z.array(slugSchema).min(1).max(200).optional(),
  /** SHA-256 of public keys whose certificate was revoked because they, or their CA, were compromised: never certified again. */
  compromised: z.array(sha256).min(1).max(1000).optional(),
  crls: z
    .array(
      z.strictObject({
        issuer: slugSchema,
        file: crlPath,
        /** CRL number, decimal. */
        number: z.string().regex(/^(0|[1-9][0-9]{0,47})$/u),
        thisUpdate: instantSchema,
        nextUpdate: instantSchema,
      }),
    )
    .max(50),
  waivers: z.array(waiverSchema).max(100),
  /** Who approved which signature before it was made. */
  approvals: z.array(approvalSchema).max(1000),
});
export type Manifest = z.infer<typeof manifestSchema>;
export type CertificateEntry = z.infer<typeof certificateEntry>;
export type CrossEntry = NonNullable<Manifest['crosses']>[number];
export type OcspSignerEntry = NonNullable<Manifest['ocspSigners']>[number];
export type IssuerEntry = Manifest['issuers'][number];
