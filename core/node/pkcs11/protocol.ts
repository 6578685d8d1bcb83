import { z } from 'zod';
import { keyAlgorithmNames, signatureAlgorithmNames } from '../../ports/algorithm-names.ts';
import { oaepHashes, wrappingAlgorithms } from '../../ports/key-backup.ts';

// What passes between this process and the one that has loaded a PKCS#11 library. Both sides check all of it: the
// child because it holds the keys, the parent because a vendor's library runs in the child.

function bytes(minimum: number, maximum: number) {
  return z
    .instanceof(Uint8Array)
    .refine((value) => value.length >= minimum && value.length <= maximum)
    .transform((value): Uint8Array => Uint8Array.from(value));
}
const text = (maximum: number) => z.string().max(maximum);

const tokenNumber = z.int().nonnegative();
/** CKA_ID of a key that is there already: whoever made it may have liked it long. */
const keyId = bytes(1, 1024);
const spki = bytes(1, 4096);
const selector = z.strictObject({ spki, id: keyId.exactOptional() });
/** As long as the longest CRL that core/der reads. */
const maximumMessageBytes = 8 * 1024 * 1024;

const tokenInfo = z.strictObject({
  label: text(128),
  manufacturer: text(128),
  model: text(64),
  serial: text(64),
  firmware: text(16),
  pinState: z.enum(['normal', 'count-low', 'final-try', 'locked']),
  pinInitialized: z.boolean(),
  protectedPath: z.boolean(),
  pinLength: z.strictObject({ minimum: z.number(), maximum: z.number() }),
});

const keyAttributes = z.strictObject({
  token: z.boolean(),
  private: z.boolean(),
  sensitive: z.boolean(),
  extractable: z.boolean(),
  sign: z.boolean(),
  decrypt: z.boolean(),
  unwrap: z.boolean(),
  derive: z.boolean(),
  modifiable: z.boolean(),
  local: z.boolean(),
  alwaysSensitive: z.boolean(),
  neverExtractable: z.boolean(),
});

const tokenObject = z.strictObject({
  kind: z.enum(['private-key', 'public-key', 'secret-key', 'certificate', 'data', 'other']),
  label: text(4096),
  id: text(4096),
  algorithm: text(64).exactOptional(),
  attributes: keyAttributes.exactOptional(),
  spki: spki.exactOptional(),
});

const tokenKey = z.strictObject({
  id: keyId,
  label: text(4096),
  algorithm: z.enum(keyAlgorithmNames),
  spki,
  attributes: keyAttributes,
});

/**
 * Variables of the loader and of Node are read when a process starts, so setting them for a library would do nothing;
 * and they decide what code runs.
 */
export const environmentSchema = z.record(
  z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/u)
    .regex(/^(?!LD_|DYLD_|NODE_|UV_)/u),
  text(4096),
);

const newLabel = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}]+$/u);

const oaep = z.enum(oaepHashes);
/** As long as an RSA-4096 block, and as the PKCS#8 of such a key wrapped. */
const wrappedKey = z.strictObject({
  transport: bytes(1, 512),
  check: bytes(3, 3).exactOptional(),
  key: bytes(16, 8192),
});

const nothing = z.undefined();
/** CK_TOKEN_INFO has 32 bytes for it; other characters than these are padded or cut differently by each library. */
const tokenLabel = z.string().regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,30}[\x21-\x7e])?$/u);

/** Every request by its name: what is asked, and what is answered. */
export const operations = {
  start: {
    request: z.strictObject({ path: text(65536), environment: environmentSchema, report: z.boolean() }),
    result: nothing,
  },
  list: { request: z.strictObject({}), result: z.array(tokenInfo).max(256) },
  blanks: { request: z.strictObject({}), result: z.array(tokenInfo).max(256) },
  initToken: {
    request: z.strictObject({ name: text(1024), soPin: text(255), label: tokenLabel }),
    result: nothing,
  },
  initPin: {
    request: z.strictObject({ name: text(1024), soPin: text(255), pin: text(255) }),
    result: nothing,
  },
  open: {
    request: z.strictObject({ name: text(1024) }),
    result: z.strictObject({ token: tokenNumber, info: tokenInfo }),
  },
  info: { request: z.strictObject({ token: tokenNumber }), result: tokenInfo },
  login: {
    request: z.strictObject({ token: tokenNumber, pin: text(255).exactOptional(), riskFinalTry: z.boolean() }),
    result: nothing,
  },
  objects: { request: z.strictObject({ token: tokenNumber }), result: z.array(tokenObject).max(4200) },
  certificates: {
    request: z.strictObject({ token: tokenNumber }),
    result: z.array(z.strictObject({ label: text(4096), id: text(4096), der: bytes(1, 65_536) })).max(64),
  },
  generateKey: {
    request: z.strictObject({
      token: tokenNumber,
      key: z.strictObject({
        algorithm: z.enum(keyAlgorithmNames),
        label: newLabel,
        id: bytes(1, 64),
        wrappable: z.literal(true).exactOptional(),
      }),
    }),
    result: tokenKey,
  },
  findKey: { request: z.strictObject({ token: tokenNumber, selector }), result: tokenKey },
  sign: {
    request: z.strictObject({
      token: tokenNumber,
      selector,
      algorithm: z.enum(signatureAlgorithmNames),
      message: bytes(0, maximumMessageBytes),
    }),
    result: bytes(1, 1024),
  },
  destroyKey: {
    request: z.strictObject({ token: tokenNumber, id: keyId }),
    result: z.int().min(0).max(2),
  },
  backupLacks: {
    request: z.strictObject({ token: tokenNumber, task: z.enum(['wrap', 'restore']) }),
    result: z.array(text(64)).max(8),
  },
  generateWrappingKey: {
    request: z.strictObject({
      token: tokenNumber,
      key: z.strictObject({ algorithm: z.enum(wrappingAlgorithms), label: newLabel, id: bytes(1, 64), oaep }),
    }),
    result: tokenKey,
  },
  holdsWrappingKey: { request: z.strictObject({ token: tokenNumber, spki }), result: z.boolean() },
  wrapKey: {
    request: z.strictObject({
      token: tokenNumber,
      order: z.strictObject({ key: selector, wrappingSpki: spki, oaep }),
    }),
    result: wrappedKey,
  },
  unwrapKey: {
    request: z.strictObject({
      token: tokenNumber,
      order: z.strictObject({ wrapping: selector, oaep, wrapped: wrappedKey, spki, label: newLabel, id: bytes(1, 64) }),
    }),
    result: tokenKey,
  },
  sealKey: { request: z.strictObject({ token: tokenNumber, selector }), result: tokenKey },
  changePin: {
    request: z.strictObject({ token: tokenNumber, from: text(255), to: text(255) }),
    result: nothing,
  },
  close: { request: z.strictObject({ token: tokenNumber }), result: nothing },
  stop: { request: z.strictObject({}), result: nothing },
} as const;

export type Operation = keyof typeof operations;
export type RequestOf<K extends Operation> = z.infer<(typeof operations)[K]['request']>;
export type ResultOf<K extends Operation> = z.infer<(typeof operations)[K]['result']>;

/** What the parent sends. */
export const requestEnvelope = z.strictObject({
  id: z.int().positive(),
  kind: z.enum(Object.keys(operations) as [Operation, ...Operation[]]),
  body: z.unknown(),
});

const refusal = z.strictObject({
  code: z.string().regex(/^[a-z][a-z0-9-]{2,63}$/u),
  message: text(4096),
  remedy: text(4096),
});

const call = z.strictObject({
  function: z.string().regex(/^C_[A-Za-z]{1,40}$/u),
  result: text(64),
  token: text(64).exactOptional(),
  milliseconds: z.number(),
});

/** What the child sends: an answer, a refusal, or news of a PKCS#11 call it made. */
export const answerEnvelope = z.union([
  z.strictObject({ id: z.int().positive(), value: z.unknown() }),
  z.strictObject({ id: z.int().positive(), error: refusal }),
  z.strictObject({ call }),
]);
