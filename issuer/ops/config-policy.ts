import { z } from 'zod';
import { keyAlgorithmNames } from '../../core/ports/algorithm-names.ts';
import { durationSeconds } from '../../core/profile/duration.ts';
import { limitKinds } from '../store/rate-limit.ts';
import { addressSchema, cidrSchema, dnsNameSchema, durationBetween, portSchema, serverSchema } from './config-parts.ts';

const day = 86_400;

const serversSchema = z.union([z.literal('system'), z.array(serverSchema).min(1).max(8)]);

export const resolverSchema = z.strictObject({
  servers: serversSchema.default('system'),
  zones: z
    .record(dnsNameSchema, z.array(serverSchema).min(1).max(8))
    .default({})
    .meta({ description: 'Name servers for a zone and everything below it; the longest zone that fits is used' }),
  hosts: z.record(dnsNameSchema, z.array(addressSchema).min(1).max(16)).default({}),
  timeout: durationBetween(1, 30).default('3s').meta({ description: 'For one query to one server' }),
});

const limitSchema = z
  .strictObject({ count: z.int().min(1).max(1_000_000), per: durationBetween(1, 400 * day) })
  .transform(({ count, per }) => ({ count, period: durationSeconds(per) }));

const limitHelp: Readonly<Record<(typeof limitKinds)[number], string>> = {
  newAccountsPerAddress: 'Accounts made from one IPv4 address, or one IPv6 network of /64',
  ordersPerAccount: 'Orders of one account',
  ordersPerNames: 'Certificates for exactly the same names, whoever orders them; counted when they are made',
  authorizationsPerAccount: 'Authorizations of one account before any order (newAuthz)',
  failedValidationsPerName:
    'Failed validations of one name for one account; beyond, neither order nor newAuthz for it is taken',
};

/** What a directory may do beyond RFC 8555: part of its schema in config.ts. */
export const policyShape = {
  deny: z
    .strictObject({
      dns: z.array(dnsNameSchema).max(1000).default([]).meta({ description: 'Each name, and every name below it' }),
      ip: z.array(cidrSchema).max(1000).default([]),
    })
    .prefault({})
    .meta({ description: 'Refused although it is allowed' }),
  keys: z
    .array(z.enum(keyAlgorithmNames))
    .min(1)
    .max(keyAlgorithmNames.length)
    .optional()
    .meta({ description: 'Keys of certificates; where it is left out, all that the signed policy allows' }),
  rateLimits: z
    .strictObject(
      Object.fromEntries(
        limitKinds.map((kind) => [kind, limitSchema.optional().meta({ description: limitHelp[kind] })]),
      ) as Record<(typeof limitKinds)[number], z.ZodOptional<typeof limitSchema>>,
    )
    .prefault({})
    .meta({ description: 'So many in a period, any of them at once; what is left out is not limited' }),
  validation: z
    .strictObject({
      resolver: resolverSchema.optional(),
      httpPort: portSchema.optional(),
      httpsPort: portSchema.optional(),
      tlsAlpnPort: portSchema.optional(),
      allowedNetworks: z.array(cidrSchema).max(1000).optional(),
      deniedNetworks: z.array(cidrSchema).max(1000).optional(),
    })
    .prefault({})
    .meta({ description: 'What validations of this directory do otherwise than those of all' }),
} as const;
