import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { slugSchema } from '../../core/bundle/manifest.ts';
import type { Refusal, Where } from '../../core/ports/coded-error.ts';
import { durationSeconds } from '../../core/profile/duration.ts';
import { leafProfileSchema } from '../../core/profile/profile.ts';
import { parseStrictYaml } from '../../core/profile/strict-yaml.ts';
import { acmeShape, challengeTypes, checkAcmeOptions, lifetimeSchema, longestLeaf } from './config-acme.ts';
import {
  addressSchema,
  baseUrlSchema,
  cidrSchema,
  dnsNameSchema,
  durationBetween,
  fileSchema,
  listenSchema,
  loopbackListen,
  loopbackSchema,
  portSchema,
} from './config-parts.ts';
import { namedResponders, noResponder, ocspSchema } from './config-ocsp.ts';
import { policyShape, resolverSchema } from './config-policy.ts';

const day = 86_400;

/** What may be asked for. What is not in here is refused: an empty list allows nothing. */
const allowSchema = z.strictObject({
  dns: z.array(dnsNameSchema).max(1000).default([]).meta({ description: 'Each name, and every name below it' }),
  wildcards: z.boolean().default(false),
  ip: z.array(cidrSchema).max(1000).default([]),
});

const directorySchema = z
  .strictObject({
    issuer: slugSchema.meta({ description: 'Name of the issuing CA in the bundle’s manifest' }),
    profile: leafProfileSchema,
    challenges: z.array(z.enum(challengeTypes)).min(1).max(challengeTypes.length),
    lifetime: lifetimeSchema,
    backdate: durationBetween(1, day).default('1m').meta({ description: 'For clients whose clock is behind' }),
    allow: allowSchema,
    ...acmeShape,
    ...policyShape,
  })
  .superRefine((directory, context) => {
    const { challenges, lifetime, allow, profiles } = directory;
    const complain = (message: string, ...at: string[]): void =>
      context.addIssue({ code: 'custom', message, path: at });
    if (new Set(challenges).size !== challenges.length) complain('a challenge type stands there twice', 'challenges');
    const requireOrder = ({ min, default: usual, max }: typeof lifetime, ...at: string[]): void => {
      if (min !== undefined && durationSeconds(min) > durationSeconds(usual)) {
        complain('the default lifetime is shorter than the minimum', ...at, 'lifetime', 'default');
      }
      if (durationSeconds(usual) > durationSeconds(max)) {
        complain('the default lifetime is longer than the maximum', ...at, 'lifetime', 'default');
      }
    };
    requireOrder(lifetime);
    for (const [name, each] of Object.entries(profiles)) requireOrder(each.lifetime ?? lifetime, 'profiles', name);
    checkAcmeOptions(directory, complain);
    if (allow.dns.length + allow.ip.length === 0) complain('nothing is allowed: no order could succeed', 'allow');
  });

const validationSchema = z.strictObject({
  resolver: resolverSchema.prefault({}),
  httpPort: portSchema.default(80),
  httpsPort: portSchema.default(443).meta({ description: 'For redirects from http' }),
  tlsAlpnPort: portSchema.default(443).meta({ description: 'For tls-alpn-01' }),
  timeout: durationBetween(1, 60).default('10s').meta({ description: 'For one validation, redirects included' }),
  attempts: z.int().min(1).max(10).default(1).meta({
    description: 'How often a challenge is tried before it is invalid (RFC 8555 §8.2)',
  }),
  attemptsApart: durationBetween(1, 3600).default('10s'),
  allowedNetworks: z
    .array(cidrSchema)
    .max(1000)
    .default([])
    .meta({ description: 'Networks to connect to although they are private, loopback or otherwise special' }),
  deniedNetworks: z.array(cidrSchema).max(1000).default([]).meta({ description: 'Networks never to connect to' }),
  concurrency: z.int().min(1).max(256).default(32),
});

const limitsSchema = z.strictObject({
  connections: z.int().min(16).max(100_000).default(4000).meta({
    description: 'Connections at a time, of each process on each listener; more are cut off',
  }),
  requests: z.int().min(16).max(100_000).default(1000).meta({
    description:
      'Requests being answered at a time, of each process; more are told to come again (503 and Retry-After)',
  }),
  bodyBytes: z.int().min(16_384).max(1_048_576).default(65_536),
  identifiersPerOrder: z.int().min(1).max(100).default(100),
  orderLifetime: durationBetween(600, 30 * day).default('7d'),
  orderRetention: durationBetween(day, 3650 * day)
    .default('90d')
    .meta({
      description: 'Orders and authorizations are forgotten so long after their end; certificates never are',
    }),
  nonceLifetime: durationBetween(3600, day).default('2h'),
  signingDeadline: durationBetween(1, 120).default('30s').meta({
    description: 'After this time a certificate that was to be signed and was not stored is given up',
  }),
  shutdown: durationBetween(1, 120).default('10s').meta({ description: 'For requests in flight when told to stop' }),
  accountsCached: z.int().min(1).max(1_000_000).default(10_000),
});

const databaseSchema = z
  .strictObject({
    url: z.string().min(1).max(2000).optional(),
    urlFile: fileSchema.optional(),
    connections: z.int().min(2).max(200).default(10),
  })
  .refine(({ url, urlFile }) => (url === undefined) !== (urlFile === undefined), 'give either "url" or "urlFile"');

const pkcs11Schema = z.strictObject({
  modules: z
    .record(
      slugSchema,
      z.strictObject({
        path: fileSchema.meta({ description: 'The vendor’s PKCS#11 library' }),
        environment: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/u), z.string().max(4096)).default({}),
      }),
    )
    .refine((modules) => Object.keys(modules).length > 0, 'there is no library'),
  token: z.string().min(1).max(1024).meta({ description: 'PKCS#11 URI (RFC 7512) or serial number of the token' }),
  pinFile: fileSchema.meta({ description: 'Holds the user PIN alone; mode 0600, owned by the user we run as' }),
});

const adminSchema = z.union([
  loopbackListen.extend({
    tokenFile: fileSchema.meta({ description: 'Holds the secret of operators alone; mode 0600' }),
  }),
  listenSchema.extend({
    clientCa: fileSchema.meta({ description: 'CAs of operators’ certificates (PEM)' }),
    names: z.array(z.string().min(1).max(64)).min(1).max(100).meta({ description: 'Common names that are let in' }),
  }),
]);

const keyFilesSchema = z.strictObject({
  files: z.array(fileSchema).min(1).max(20).meta({ description: 'Encrypted PKCS#8 in PEM, a key each' }),
  passphraseFile: fileSchema.meta({
    description: 'Holds the passphrase alone; mode 0600, owned by the user we run as',
  }),
});

const configSchema = z
  .strictObject({
    database: databaseSchema,
    listen: listenSchema,
    workers: z
      .union([z.literal('auto'), z.int().min(1).max(64)])
      .default('auto')
      .meta({
        description:
          'Processes that serve; auto: as many as there are processors. Each opens the token and the database',
      }),
    behindProxy: loopbackSchema.optional().meta({
      description: 'ACME over plain HTTP for a proxy on this machine that ends TLS; it must set X-Forwarded-For',
    }),
    publish: listenSchema.optional().meta({ description: 'Plain HTTP for CRLs, CA certificates and OCSP only' }),
    metrics: loopbackSchema.optional().meta({ description: 'Plain HTTP for /metrics, on this machine alone' }),
    admin: adminSchema.optional().meta({ description: 'JSON API that the commands for operators ask' }),
    baseUrl: baseUrlSchema,
    rootFingerprint: z.string().regex(/^[0-9a-f]{64}$/u, 'not a SHA-256 in lower-case hex'),
    hierarchy: slugSchema,
    mode: z.enum(['production', 'rehearsal']),
    bundle: fileSchema.optional(),
    approvals: z
      .strictObject({
        quorum: z.int().min(1).max(20).meta({ description: 'People who must have approved each certificate and CRL' }),
        keys: z
          .array(z.string().regex(/^[0-9a-f]{64}$/u, 'not a SHA-256 in lower-case hex'))
          .min(1)
          .max(50)
          .optional()
          .meta({ description: 'SHA-256 of the public keys whose signatures count; typed approvals do not, then' }),
      })
      .optional(),
    pkcs11: pkcs11Schema.optional(),
    keyFiles: keyFilesSchema.optional().meta({ description: 'Instead of pkcs11, for a lab: warned of at every start' }),
    sealing: z
      .strictObject({ keyFiles: z.array(fileSchema).min(1).max(10) })
      .optional()
      .meta({
        description:
          'Keys (32 bytes in base64, a file each) under which external account keys are stored: the first seals, all open',
      }),
    tls: z.strictObject({
      names: z
        .array(z.union([dnsNameSchema, addressSchema]))
        .min(1)
        .max(20),
      issuer: slugSchema,
      lifetime: durationBetween(60, longestLeaf).default('30d').meta({ description: 'Renewed after two thirds of it' }),
    }),
    directories: z
      .record(slugSchema, directorySchema)
      .refine((directories) => Object.keys(directories).length > 0, 'there is no directory'),
    validation: validationSchema.prefault({}),
    crl: z.strictObject({ lifetime: durationBetween(3600, 10 * day).default('7d') }).prefault({}),
    ocsp: ocspSchema.optional().meta({ description: 'Answers about single certificates; without it there are none' }),
    limits: limitsSchema.prefault({}),
    log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
  })
  .refine(({ pkcs11, keyFiles }) => (pkcs11 === undefined) !== (keyFiles === undefined), {
    error: 'give either "pkcs11" or, for a lab, "keyFiles"',
    path: ['pkcs11'],
  })
  .superRefine(({ ocsp, directories }, context) => {
    if (ocsp !== undefined) return;
    for (const path of namedResponders(directories)) context.addIssue({ code: 'custom', message: noResponder, path });
  })
  .meta({ title: 'Configuration of coldroot-issuer' });
export type Config = z.infer<typeof configSchema>;
export type DirectoryConfig = Config['directories'][string];

export type ConfigVerdict =
  | { readonly ok: true; readonly config: Config; readonly locate: (path: readonly PropertyKey[]) => Where }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** The same configuration with every path absolute. */
function withAbsolutePaths(config: Config, folder: string): Config {
  const at = (file: string): string => path.resolve(folder, file);
  const { urlFile } = config.database;
  return {
    ...config,
    database: { ...config.database, ...(urlFile === undefined ? {} : { urlFile: at(urlFile) }) },
    ...(config.bundle === undefined ? {} : { bundle: at(config.bundle) }),
    ...(config.pkcs11 === undefined
      ? {}
      : {
          pkcs11: {
            ...config.pkcs11,
            pinFile: at(config.pkcs11.pinFile),
            modules: Object.fromEntries(
              Object.entries(config.pkcs11.modules).map(([name, module]) => [
                name,
                { ...module, path: at(module.path) },
              ]),
            ),
          },
        }),
    ...(config.sealing === undefined ? {} : { sealing: { keyFiles: config.sealing.keyFiles.map(at) } }),
    ...(config.admin === undefined
      ? {}
      : {
          admin:
            'tokenFile' in config.admin
              ? { ...config.admin, tokenFile: at(config.admin.tokenFile) }
              : { ...config.admin, clientCa: at(config.admin.clientCa) },
        }),
    ...(config.keyFiles === undefined
      ? {}
      : {
          keyFiles: {
            files: config.keyFiles.files.map(at),
            passphraseFile: at(config.keyFiles.passphraseFile),
          },
        }),
  };
}

/** Parses a configuration. Refusals name file, line and column; relative paths begin at the file's folder. */
export function parseConfig(text: string, file: string): ConfigVerdict {
  const verdict = parseStrictYaml(text, file, configSchema);
  if (!verdict.ok) return verdict;
  const config = withAbsolutePaths(verdict.value, path.dirname(path.resolve(file)));
  return { ok: true, config, locate: verdict.locate };
}

/** Reads and parses a configuration file. */
export function readConfig(file: string): ConfigVerdict {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    const remedy = 'Give the path of a file that this user may read.';
    return {
      ok: false,
      refusals: [{ code: 'config-unreadable', message: 'Cannot read it.', remedy, where: { file } }],
    };
  }
  return parseConfig(text, file);
}

/** The JSON Schema for editors; docs/schema/issuer-config.json is a copy that a test keeps current. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(configSchema, { io: 'input', target: 'draft-2020-12' });
}
