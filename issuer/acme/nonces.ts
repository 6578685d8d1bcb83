import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { fromBase64Url, toBase64Url } from '../../core/ports/base64.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Entropy } from '../../core/ports/entropy.ts';
import { CodedError, isCoded } from '../../core/ports/coded-error.ts';
import type { NonceKey } from '../store/nonce-key.ts';

/** Seconds a key is used for. */
export const keyPeriod = 86_400;
const timeBytes = 5;
const valueBytes = 15;
const macBytes = 12;

/** A nonce of ours that has not expired; whether it has been used before, only the database can tell. */
export interface OpenNonce {
  /** Time and random bytes: what used_nonces remembers. */
  readonly value: Uint8Array;
  readonly keyId: Uint8Array;
}

/** The period whose key belongs to a time. */
export function periodOf(seconds: number): number {
  return Math.floor(seconds / keyPeriod);
}

/** The first bytes of every nonce minted at a time: nonces sort by them. */
function timePrefix(seconds: number): Uint8Array {
  const bytes = Buffer.alloc(timeBytes);
  bytes.writeUIntBE(Math.max(0, seconds), 0, timeBytes);
  return bytes;
}

/** A key as node:crypto keeps it: to hand over its bytes anew costs several times what the MAC itself does. */
interface HeldKey {
  readonly id: Uint8Array;
  readonly secret: KeyObject;
}

function authenticate({ secret }: HeldKey, value: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(value).digest().subarray(0, macBytes);
}

/**
 * Mints and opens anti-replay nonces (RFC 8555 §6.5): 5 bytes of time, 10 random bytes and 12 bytes of MAC, base64url
 * without padding because certbot decodes them. Minting asks nobody; the keys are shared through the database.
 */
export class Nonces {
  readonly #clock: Clock;
  readonly #entropy: Entropy;
  readonly #lifetime: number;
  #keys: ReadonlyMap<number, HeldKey> = new Map();

  constructor(options: { readonly clock: Clock; readonly entropy: Entropy; readonly lifetimeSeconds: number }) {
    this.#clock = options.clock;
    this.#entropy = options.entropy;
    this.#lifetime = options.lifetimeSeconds;
  }

  /** Takes over the keys that the database has now. */
  useKeys(keys: readonly NonceKey[]): void {
    this.#keys = new Map(keys.map(({ period, id, key }) => [period, { id, secret: createSecretKey(key) }]));
  }

  mint(): string {
    const now = this.#clock.now();
    const key = this.#keys.get(periodOf(now));
    if (key === undefined) {
      throw new CodedError({
        code: 'nonce-key-missing',
        message: 'There is no key to make nonces with at this time.',
        remedy: 'Look for database errors in the log: the keys are read from there every minute.',
      });
    }
    const value = Buffer.concat([timePrefix(now), this.#entropy.bytes(valueBytes - timeBytes)]);
    return toBase64Url(Buffer.concat([value, authenticate(key, value)]));
  }

  /** Undefined for what we did not mint, minted too long ago, or minted with a key that is no more. */
  open(text: string): OpenNonce | undefined {
    const bytes = decode(text);
    if (bytes?.length !== valueBytes + macBytes) return undefined;
    const value = bytes.subarray(0, valueBytes);
    const minted = Buffer.from(value).readUIntBE(0, timeBytes);
    const age = this.#clock.now() - minted;
    // A replica's clock may be ahead of ours by a little.
    if (age < -60 || age > this.#lifetime) return undefined;
    const key = this.#keys.get(periodOf(minted));
    if (key === undefined || !timingSafeEqual(authenticate(key, value), bytes.subarray(valueBytes))) return undefined;
    return { value, keyId: key.id };
  }

  /** Nonces that sort before this have expired, whatever the replica. */
  expiredBefore(): Uint8Array {
    return timePrefix(this.#clock.now() - this.#lifetime - 60);
  }
}

function decode(text: string): Uint8Array | undefined {
  try {
    return fromBase64Url(text);
  } catch (error) {
    if (isCoded(error)) return undefined;
    throw error;
  }
}
