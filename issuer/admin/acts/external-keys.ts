import { z } from 'zod';
import { systemEntropy as entropy } from '../../../core/node/entropy.ts';
import { toBase64Url } from '../../../core/ports/base64.ts';
import { toHex } from '../../../core/ports/hex.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { insertExternalKey, listExternalKeys, revokeExternalKey } from '../../store/external-keys.ts';
import { CodedError } from '../../../core/ports/coded-error.ts';
import { aboutExternalKey } from '../../ops/sealer.ts';
import { replaceSecret, takeOtherwiseSealed } from '../../store/seal-external-keys.ts';
import { adminAct, limitSchema, timeSchema } from '../act.ts';

const directory = z.string().min(1).max(64);
const kid = z.string().min(1).max(64);
/** As much as HS256 takes in (RFC 7518 §3.2); clients read it as base64url without padding. */
const secretBytes = 32;

export const externalKeys = adminAct({
  summary: 'List external account keys',
  input: z.strictObject({ directory, after: z.string().max(64).default(''), limit: limitSchema }),
  looks: ({ directory: name, after, limit }, { database }) => listExternalKeys(database, name, after, limit),
});

/** A key for a directory that is not there would bind nothing, and nobody would be told. */
function requireDirectory(name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  throw new CodedError({
    code: 'directory-unknown',
    message: `There is no directory "${name}".`,
    remedy: `Name one of those in the configuration: ${known.join(', ')}.`,
  });
}

/** The secret is in the answer and nowhere else: neither the log nor the audit log has it. */
export const addExternalKey = adminAct({
  summary: 'Make a key that lets one account be made',
  input: z.strictObject({
    directory,
    label: z.string().min(1).max(200),
    reusable: z.boolean().default(false),
    expires: timeSchema.optional(),
  }),
  async does({ directory: name, label, reusable, expires }, queries, { clock, directories, sealer }) {
    requireDirectory(name, directories());
    const id = toBase64Url(entropy.bytes(12));
    const secret = entropy.bytes(secretBytes);
    const now = formatUtc(clock.now());
    await insertExternalKey(queries, {
      kid: id,
      directory: name,
      ...sealer.seal(secret, aboutExternalKey(name, id)),
      label,
      reusable,
      now,
      expires: expires ?? null,
    });
    return {
      result: { kid: id, hmacKey: toBase64Url(secret) },
      record: { directory: name, kid: id, label, reusable, expires: expires ?? null },
    };
  },
});

export const dropExternalKey = adminAct({
  summary: 'Let an external account key bind nothing any more',
  input: z.strictObject({ directory, kid }),
  async does(which, queries, { clock }) {
    const done = await revokeExternalKey(queries, which.directory, which.kid, formatUtc(clock.now()));
    return { result: { revoked: done }, record: done ? { ...which } : undefined };
  },
});

/** Keys sealed anew in one transaction: more are done by asking again. */
const sealedAtOnce = 1000;

/**
 * Brings what is stored under the first sealing key: MAC keys in the clear, and those under a key that is to go. Not done at
 * a start, because replicas that do not have the key yet could not open them any more.
 */
export const sealExternalKeys = adminAct({
  summary: 'Seal every external account key with the first sealing key',
  input: z.strictObject({}),
  async does(_, queries, { sealer }) {
    const { current } = sealer;
    if (current === null) {
      throw new CodedError({
        code: 'sealing-none',
        message: 'The configuration names no sealing key.',
        remedy: 'Make one, name its file in sealing.keyFiles, and start every replica with it.',
      });
    }
    const found = await takeOtherwiseSealed(queries, current, sealedAtOnce + 1);
    for (const stored of found.slice(0, sealedAtOnce)) {
      const about = aboutExternalKey(stored.directory, stored.kid);
      const opened = sealer.open({ secret: stored.secret, sealedWith: stored.sealed_with }, about);
      const { secret, sealedWith } = sealer.seal(opened, about);
      await replaceSecret(queries, { ...stored, secret, sealed_with: sealedWith });
    }
    const sealed = Math.min(found.length, sealedAtOnce);
    const result = { sealed, more: found.length > sealedAtOnce };
    return { result, record: sealed === 0 ? undefined : { sealed, key: toHex(current) } };
  },
});
