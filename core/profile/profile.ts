import { z } from 'zod';
import { keyAlgorithmNames, signatureAlgorithmNames } from '../ports/algorithm-names.ts';
import { keyAlgorithms } from '../x509/algorithms.ts';
import { parseIpRange } from '../x509/ip-address.ts';
import { isCoded } from '../ports/coded-error.ts';
import { validitySchema } from './dates.ts';
import { durationSchema } from './duration.ts';
import { leafSubjectSchema } from './leaf-subject.ts';
import { subjectPolicySchema } from './subject-policy.ts';
import { subjectSchema } from './subject-schema.ts';

/** The kinds of certificate there are. Each has its own closed list of extensions (extension-table.ts). */
export const profileTypes = ['root', 'intermediate', 'bundle-signer', 'ocsp-signer', 'leaf'] as const;
export type ProfileType = (typeof profileTypes)[number];

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const dnsName = z
  .string()
  .max(253)
  .regex(
    new RegExp(`^${label}(\\.${label})*$`, 'u'),
    'not a DNS name as RFC 5280 §4.2.1.10 wants it: lower case, no leading dot, no wildcard',
  );

const ipRange = z.string().refine((text) => {
  try {
    return parseIpRange(text).length > 0;
  } catch (error) {
    if (isCoded(error)) return false;
    throw error;
  }
}, 'not an IP range with its host bits zero: write 192.0.2.0/24 or 2001:db8::/32');

/** Subtrees for NameConstraints. */
const subtreesSchema = z
  .strictObject({ dns: z.array(dnsName).default([]), ip: z.array(ipRange).default([]) })
  // Nothing named would mean no extension at all, which is not what whoever wrote the word meant.
  .refine(({ dns, ip }) => dns.length + ip.length > 0, 'name at least one DNS name or IP range');

const httpUrlSchema = z
  .string()
  .max(500)
  .refine((text) => {
    try {
      const url = new URL(text);
      const plain = url.username === '' && url.password === '' && url.hash === '';
      // URL repairs what it reads ("http:/host", backslashes); what goes into a certificate must need no repair.
      return url.hostname !== '' && plain && /^http:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/u.test(text);
    } catch {
      return false;
    }
  }, 'not an http URL (BR 7.1.2.11.2 wants the http scheme: a client fetches this before it can trust anything)');

/** A policy by its identifier. */
export const policyOid = z
  .string()
  .regex(/^(2\.(0|[1-9]\d{0,38})|[01]\.[1-3]?\d)(\.(0|[1-9]\d{0,38})){0,20}$/u, 'not a dotted object identifier');

const key = z.enum(keyAlgorithmNames);
const signature = z.enum(signatureAlgorithmNames).optional();
export const caKeyPurposes = ['serverAuth', 'clientAuth', 'codeSigning', 'emailProtection', 'timeStamping'] as const;

/** What the online issuer may do with an intermediate; signed into the bundle and never widened by configuration. */
const issuanceSchema = z.strictObject({
  maxValidity: durationSchema.default('90d'),
  keys: z.array(key).min(1).default(['ec-p256', 'ec-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096']),
  subject: subjectPolicySchema.optional().meta({
    description: 'What subjects of leaves may say beside names; left out, what this CA’s own subject says',
  }),
});

const rootSchema = z.strictObject({
  type: z.literal('root'),
  subject: subjectSchema,
  key,
  signature,
  valid: validitySchema,
});

const intermediateSchema = z.strictObject({
  type: z.literal('intermediate'),
  subject: subjectSchema,
  key,
  /** Signature algorithm of the issuer over this certificate, where its key can make several. */
  signature,
  valid: validitySchema,
  pathLen: z.int().min(0).max(10).default(0),
  eku: z.array(z.enum(caKeyPurposes)).min(1),
  permitted: subtreesSchema.optional(),
  excluded: subtreesSchema.optional(),
  policies: z.array(policyOid).max(10).default([]),
  crl: httpUrlSchema,
  aia: httpUrlSchema.optional(),
  ocsp: httpUrlSchema.optional(),
  issuance: issuanceSchema.default({
    maxValidity: '90d',
    keys: ['ec-p256', 'ec-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'],
  }),
});

const bundleSignerSchema = z.strictObject({
  type: z.literal('bundle-signer'),
  subject: subjectSchema,
  /** Only keys that sign with SHA-256, so that one documented openssl command checks every bundle. */
  key: z.enum(['ec-p256', 'rsa-2048', 'rsa-3072', 'rsa-4096']),
  /** Signature algorithm of the root over this certificate. */
  signature,
  valid: validitySchema,
});

const ocspSignerSchema = z.strictObject({
  type: z.literal('ocsp-signer'),
  subject: subjectSchema,
  key,
  /** Signature algorithm of the CA over this certificate. */
  signature,
  valid: validitySchema,
});

/** Profiles a ceremony plan may hold. */
export const planProfileSchema = z
  .discriminatedUnion('type', [rootSchema, intermediateSchema, bundleSignerSchema, ocspSignerSchema])
  .superRefine((profile, context) => {
    const self = profile.type === 'root';
    if (self && profile.signature !== undefined && !keyAlgorithms[profile.key].signatures.includes(profile.signature)) {
      const message = `a key of type ${profile.key} cannot sign with ${profile.signature}`;
      context.addIssue({ code: 'custom', message, path: ['signature'] });
    }
  });
export type PlanProfile = z.infer<typeof planProfileSchema>;
export type IntermediateProfile = z.infer<typeof intermediateSchema>;

/** Profile of the certificates the online issuer makes; dates come from the order, names from its identifiers. */
export const leafProfileSchema = z.strictObject({
  type: z.literal('leaf'),
  signature,
  eku: z
    .array(z.enum(['serverAuth', 'clientAuth']))
    .min(1)
    .default(['serverAuth']),
  policies: z.array(policyOid).max(10).default([]),
  crl: httpUrlSchema.optional(),
  aia: httpUrlSchema.optional(),
  ocsp: httpUrlSchema.optional(),
  /** `first`: the first DNS name that fits becomes the common name, for old clients; `none`: the subject is empty. */
  commonName: z.enum(['first', 'none']).default('first'),
  subject: leafSubjectSchema.prefault({}),
});
export type LeafProfile = z.infer<typeof leafProfileSchema>;

export type Profile = PlanProfile | LeafProfile;
