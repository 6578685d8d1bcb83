import { z } from 'zod';
import { slugSchema } from '../../core/bundle/manifest.ts';
import { leafProfileSchema } from '../../core/profile/profile.ts';
import { dnsNameSchema, durationBetween } from './config-parts.ts';

const day = 86_400;
/** The longest leaf that a bundle's policy can allow (core/bundle/manifest.ts). */
export const longestLeaf = 400 * day;

/** Every challenge type there is a validator for. */
export const challengeTypes = ['http-01', 'dns-01', 'tls-alpn-01', 'dns-account-01', 'dns-persist-01'] as const;
export type ChallengeType = (typeof challengeTypes)[number];

const inDns: readonly ChallengeType[] = ['dns-01', 'dns-account-01', 'dns-persist-01'];
const atHost: readonly ChallengeType[] = ['http-01', 'tls-alpn-01'];

const pageSchema = z
  .url({ protocol: /^https?$/u })
  .max(1000)
  .regex(/^[!#-;=?-~]+$/u, 'holds what may not stand in a Link header');

export const lifetimeSchema = z.strictObject({
  min: durationBetween(60, longestLeaf).optional().meta({ description: 'Orders that ask for less are refused' }),
  default: durationBetween(60, longestLeaf),
  max: durationBetween(60, longestLeaf),
});

/** A profile that an order may name (draft-ietf-acme-profiles): what it leaves out is as in the directory. */
const orderProfileSchema = z.strictObject({
  description: z.string().min(1).max(500).meta({ description: 'Shown to clients: one sentence, or a URL' }),
  profile: leafProfileSchema.optional(),
  lifetime: lifetimeSchema.optional(),
});

/** What a directory says of itself and asks of accounts and orders, beyond who may have which names. */
export const acmeShape = {
  termsOfService: pageSchema
    .optional()
    .meta({ description: 'Accounts must agree to it; a new URL must be agreed anew' }),
  website: pageSchema.optional(),
  externalAccountRequired: z
    .boolean()
    .default(false)
    .meta({ description: 'New accounts need an external account key' }),
  caaIdentities: z.array(dnsNameSchema).max(10).default([]).meta({ description: 'Domains that name this CA in DNS' }),
  checkCaa: z.boolean().default(false).meta({ description: 'Heed CAA records (RFC 8659): for names in public DNS' }),
  reuseAuthorizations: z.boolean().default(false).meta({
    description: 'A valid authorization is good for further orders of its account, and can be had before an order',
  }),
  subdomains: z.boolean().default(false).meta({
    description: 'Control of a domain, proved in DNS, is good for names below it (RFC 9444)',
  }),
  profiles: z
    .record(slugSchema, orderProfileSchema)
    .refine((profiles) => Object.keys(profiles).length <= 20, 'more than 20 profiles')
    .default({}),
} as const;

export type AcmeOptions = z.infer<z.ZodObject<typeof acmeShape>>;

type Complain = (message: string, ...at: string[]) => void;

/** What the parts of a directory say of each other. */
export function checkAcmeOptions(
  directory: AcmeOptions & {
    readonly challenges: readonly ChallengeType[];
    readonly allow: { readonly wildcards: boolean; readonly ip: readonly string[] };
  },
  complain: Complain,
): void {
  const { challenges, allow, caaIdentities, checkCaa, subdomains } = directory;
  const offers = (types: readonly ChallengeType[]): boolean => types.some((type) => challenges.includes(type));
  if (allow.wildcards && !offers(inDns)) {
    complain(`wildcards can be validated by ${inDns.join(' or ')}, none of which is offered`, 'allow', 'wildcards');
  }
  if (allow.ip.length > 0 && !offers(atHost)) {
    complain(`IP addresses can be validated by ${atHost.join(' or ')}, neither of which is offered`, 'allow', 'ip');
  }
  if (caaIdentities.length === 0 && (checkCaa || challenges.includes('dns-persist-01'))) {
    complain('checkCaa and dns-persist-01 need a domain that names this CA', 'caaIdentities');
  }
  if (subdomains && !offers(inDns)) complain('needs a challenge that is answered in DNS', 'subdomains');
  // The names below may have CAA records of their own, which nobody would look at.
  if (subdomains && checkCaa) complain('cannot be had together with checkCaa', 'subdomains');
}
