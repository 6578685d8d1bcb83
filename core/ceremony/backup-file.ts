import { z } from 'zod';
import { slugSchema } from '../bundle/manifest.ts';
import { canonicalBytes, parseCanonicalJson } from '../journal/canonical.ts';
import { keyAlgorithmNames } from '../ports/algorithm-names.ts';
import { fromBase64, toBase64 } from '../ports/base64.ts';
import { isCoded, type Refusal } from '../ports/coded-error.ts';
import { fromHex, toHex } from '../ports/hex.ts';
import { oaepHashes, wrappingAlgorithms, type WrappedKey } from '../ports/key-backup.ts';
import { keyAlgorithms } from '../x509/algorithms.ts';
import { readSpki } from '../x509/spki.ts';

/** A wrapped RSA-4096 key takes less than 4 KiB; everything around it is short. */
export const maximumBackupBytes = 16_384;

const serial = z.string().min(1).max(64);
const spki = z.base64().max(1000);

/**
 * The backup of one key: for which token it was wrapped, how, and the wrapped bytes. Nothing in it is secret to whoever has
 * not that token and its PIN; and nothing in it is believed: what it restores must be the twin of a public key that is
 * known from elsewhere.
 */
const backupSchema = z.strictObject({
  format: z.literal('coldroot-key-backup-1'),
  hierarchy: slugSchema,
  /** A rehearsal's backup is of no use in a ceremony, and the other way round. */
  rehearsal: z.boolean(),
  /** SHA-256 of the plan it was made by. */
  plan: z.string().regex(/^[0-9a-f]{64}$/u),
  /** When it was prepared, in seconds since the epoch. */
  created: z.int().min(0),
  key: z.strictObject({ name: slugSchema, algorithm: z.enum(keyAlgorithmNames), spki }),
  /** The token it comes from. */
  from: z.strictObject({ serial }),
  /** The token it is for, and the public half of that token's wrapping key. */
  to: z.strictObject({ serial, algorithm: z.enum(wrappingAlgorithms), spki }),
  scheme: z.strictObject({ transport: z.enum(oaepHashes), key: z.literal('aes-256-wrap-pad') }),
  wrapped: z.strictObject({
    transport: z.base64().max(1000),
    /** CKA_CHECK_VALUE of the transport key; null where the token told none. */
    check: z
      .string()
      .regex(/^[0-9a-f]{6}$/u)
      .nullable(),
    key: z.base64().max(8000),
  }),
});
export type BackupFile = z.infer<typeof backupSchema>;

export type BackupVerdict =
  | { readonly ok: true; readonly backup: BackupFile }
  | { readonly ok: false; readonly refusal: Refusal };

function refuse(message: string): BackupVerdict {
  const remedy =
    'Take another copy of the backup. If all are like this, it was made otherwise: stop, and find out by whom.';
  return {
    ok: false,
    refusal: { code: 'backup-malformed', message: `This is not the backup of a key: ${message}.`, remedy },
  };
}

/** What does not fit together in a backup whose shape is right. */
function inconsistency({ key, to, wrapped }: BackupFile): string | undefined {
  if (readSpki(fromBase64(key.spki)).algorithm !== key.algorithm) return 'its key is not of the kind it says';
  if (readSpki(fromBase64(to.spki)).algorithm !== to.algorithm) return 'its wrapping key is not of the kind it says';
  if (fromBase64(wrapped.transport).length !== keyAlgorithms[to.algorithm].bits / 8) {
    return 'its transport key is not as long as its wrapping key makes it';
  }
  const { length } = fromBase64(wrapped.key);
  return length >= 24 && length % 8 === 0 ? undefined : 'its wrapped key has a length that RFC 5649 does not make';
}

/** Reads a backup, as hostile input: bounded, canonical, closed; the refusal where it is not one. */
export function readBackup(bytes: Uint8Array): BackupVerdict {
  if (bytes.length > maximumBackupBytes) return refuse(`it has more than ${maximumBackupBytes} bytes`);
  try {
    const parsed = backupSchema.safeParse(parseCanonicalJson(bytes));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return refuse(`${issue?.path.join('.') ?? 'it'} is not as it must be`);
    }
    const fault = inconsistency(parsed.data);
    return fault === undefined ? { ok: true, backup: parsed.data } : refuse(fault);
  } catch (error) {
    if (!isCoded(error)) throw error;
    return refuse(error.message.replace(/\.$/u, ''));
  }
}

/** The bytes of a backup: the same for the same backup. */
export function backupBytes(backup: BackupFile): Uint8Array {
  return canonicalBytes(backup);
}

/** The wrapped parts as a file has them. */
export function wrappedText({ transport, check, key }: WrappedKey): BackupFile['wrapped'] {
  return { transport: toBase64(transport), check: check === undefined ? null : toHex(check), key: toBase64(key) };
}

/** The wrapped parts as a token takes them. */
export function wrappedOf({ wrapped: { transport, check, key } }: BackupFile): WrappedKey {
  const parts = { transport: fromBase64(transport), key: fromBase64(key) };
  return check === null ? parts : { ...parts, check: fromHex(check) };
}
