import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { keyAlgorithmNames } from '../../core/ports/algorithm-names.ts';
import type { TokenModule } from '../../core/node/pkcs11/connect.ts';

/** What happens at a call: an error of that value, a hang that never ends, or the death of the process. */
const trigger = z.strictObject({
  /** A PKCS#11 function, such as C_Sign. */
  call: z.string().startsWith('C_'),
  does: z.union([z.int().positive(), z.literal('hang'), z.literal('abort')]),
  /** At which call it happens, counted from 1 and from when the trigger is armed. */
  on: z.int().positive().default(1),
  /** Only armed once this function has returned. */
  after: z.string().startsWith('C_').optional(),
  /** From then on every call of every function fails the same way. */
  forever: z.boolean().default(false),
});

const token = z.strictObject({
  label: z.string().default('Fault token'),
  serial: z.string().default('FAULT0001'),
  manufacturer: z.string().default('Coldroot tests'),
  model: z.string().default('Fault'),
  pin: z.string().default('314159'),
  /** Of three. The flags of CK_TOKEN_INFO follow it. */
  triesLeft: z.int().min(0).max(3).default(3),
  pinInitialized: z.boolean().default(true),
  /** False for one that was never in use. */
  initialized: z.boolean().default(true),
  soPin: z.string().default('271828'),
  soPinState: z.enum(['normal', 'final-try', 'locked']).default('normal'),
  /** The serial number it has once it is initialised. */
  serialOnInit: z.string().optional(),
  protectedPath: z.boolean().default(false),
  /** CK_TOKEN_INFO.ulMaxSessionCount; 0 is no limit. C_OpenSession honours it. */
  maximumSessions: z.int().min(0).default(0),
  /** Keys that are on it from the start, CKA_ID in hex. */
  keys: z
    .array(
      z.strictObject({
        algorithm: z.enum(keyAlgorithmNames),
        label: z.string(),
        id: z.string(),
        /** Leave one half out. */
        only: z.enum(['public', 'private']).optional(),
        alwaysAuthenticate: z.boolean().default(false),
      }),
    )
    .default([]),
});

const quirks = z.strictObject({
  /** CKA_EC_POINT as the standard wants it, without its OCTET STRING, or off the curve. */
  ecPoint: z.enum(['der', 'raw', 'off-curve', 'compressed']).default('der'),
  /** Labels of new keys are cut to this many bytes. */
  labelBytes: z.int().positive().optional(),
  /** Appended to labels of new keys. */
  labelSuffix: z.string().default(''),
  /** New private keys come out with CKA_EXTRACTABLE true, whatever was asked for. */
  extractable: z.boolean().default(false),
  /** The private half of a new key is not the twin of its public half. */
  wrongKey: z.boolean().default(false),
  /** RSA keys come out with this exponent. */
  exponent: z.int().optional(),
  /** Mechanisms that the token does not have. */
  missingMechanisms: z.array(z.int()).default([]),
  /** Attributes that it neither takes in a template nor tells. */
  unknownAttributes: z.array(z.int()).default([]),
  /** Bytes put to, or taken from, the end of every signature. */
  signatureBytes: z.int().default(0),
  /** ECDSA signatures are made until they have this shape. */
  signatureShape: z.enum(['any', 'r-leading-zero', 's-leading-zero', 'high-bits', 'zero-r']).default('any'),
  /** How long a key generation takes at least. */
  generateMilliseconds: z.int().min(0).default(0),
  /** C_InitPIN says CKR_OK and keeps the old PIN. */
  forgetsInitPin: z.boolean().default(false),
  /** C_DestroyObject says CKR_OK and does nothing. */
  keepsDestroyed: z.boolean().default(false),
  /** C_SetAttributeValue says CKR_OK and does nothing. */
  keepsExtractable: z.boolean().default(false),
  /** C_WrapKey gives fewer bytes than it must. */
  wrapsBadly: z.boolean().default(false),
  /** C_UnwrapKey makes a key of zeros of whatever it was to unwrap, and says CKR_OK. */
  unwrapsOther: z.boolean().default(false),
  /** C_Login throws an error of the binding itself, with the PIN in its text. */
  leaksPin: z.boolean().default(false),
  /** The library writes to standard error at each C_FindObjectsInit. */
  chatty: z.string().optional(),
});

export const faultScript = z.strictObject({
  tokens: z.array(token).default(() => [token.parse({})]),
  triggers: z.array(trigger).default([]),
  quirks: quirks.prefault({}),
});

export type FaultScript = z.input<typeof faultScript>;
export type FaultTrigger = z.infer<typeof trigger>;
export type FaultTokenScript = z.infer<typeof token>;
export type FaultQuirks = z.infer<typeof quirks>;

export const faultPin = '314159';
export const faultSerial = 'FAULT0001';

/** The entry to give `connectTokens` as `childEntry`: fault-child.ts, bundled by test/support/global-setup.ts. */
export const faultChildEntry = fileURLToPath(
  new URL('../../node_modules/.cache/coldroot-test/fault-child.js', import.meta.url),
);

/**
 * A PKCS#11 library that misbehaves by script, for `connectTokens` with `faultChildEntry`. Its tokens live in the child
 * process: a child that died comes back with the script's tokens, and its triggers armed anew.
 */
export function faultModule(script: FaultScript = {}): TokenModule {
  return { path: JSON.stringify(script) };
}
