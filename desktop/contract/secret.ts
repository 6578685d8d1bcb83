import { z } from 'zod';
import { fromUtf8, utf8 } from '../../core/ports/bytes.ts';
import { limits } from './limits.ts';
import { refuse, type Reply } from './reply.ts';

/**
 * The one-way channel for PINs. It is no method: it goes through its own door, as bytes that both sides overwrite, and
 * the answer says only whether the entry was taken. Nothing a host sends ever has room for a secret.
 */
export interface SecretMessage {
  /** From 1. */
  readonly act: number;
  readonly prompt: string;
  /** UTF-8; empty when it is typed on the device's own keypad. Whoever takes it fills it with zeros. */
  readonly secret: Uint8Array;
}

const headSchema = z.strictObject({ act: z.int().min(1).max(201), prompt: z.string().min(1).max(120) });

/** Takes what came over a bridge apart. Nothing of what is refused is repeated in the refusal. */
export function readSecret(value: unknown): Reply<SecretMessage> {
  const malformed = refuse('secret-malformed', 'The entry did not arrive whole.', 'Enter it again.');
  if (typeof value !== 'object' || value === null) return malformed;
  const { secret, ...head } = value as { readonly secret?: unknown };
  const parsed = headSchema.safeParse(head);
  if (!(secret instanceof Uint8Array)) return malformed;
  if (!parsed.success || secret.length > limits.secretBytes) {
    secret.fill(0);
    return malformed;
  }
  return { ok: true, response: { ...parsed.data, secret } };
}

/** The text of an entry, for the one call that needs it, or undefined when it is none; the bytes are gone afterwards. */
export function takeSecret({ secret }: SecretMessage): string | undefined {
  const text = fromUtf8(secret);
  secret.fill(0);
  return text;
}

/** For wires that carry only bytes: a line of JSON about the entry, then the entry. */
export function packSecret({ act, prompt, secret }: SecretMessage): Uint8Array<ArrayBuffer> {
  const head = utf8(`${JSON.stringify({ act, prompt })}\n`);
  const packed = new Uint8Array(head.length + secret.length);
  packed.set(head);
  packed.set(secret, head.length);
  return packed;
}

/** What {@link packSecret} packed. `packed` is wiped. */
export function unpackSecret(packed: Uint8Array): Reply<SecretMessage> {
  const end = packed.indexOf(0x0a);
  try {
    const head: unknown = JSON.parse(fromUtf8(packed.subarray(0, Math.max(0, end))) ?? '');
    return readSecret({
      ...(head as object),
      // Not slice: of Node's Buffer that is no copy, and the wiping below would take the entry with it.
      secret: new Uint8Array(packed.subarray(end + 1)),
    });
  } catch {
    return readSecret(undefined);
  } finally {
    packed.fill(0);
  }
}
