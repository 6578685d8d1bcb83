import { createCipheriv, createDecipheriv } from 'node:crypto';
import { nodeDigest } from '../../core/node/crypto.ts';
import { fromBase64 } from '../../core/ports/base64.ts';
import { concatBytes, equalBytes, utf8 } from '../../core/ports/bytes.ts';
import { CodedError, isCoded } from '../../core/ports/coded-error.ts';
import type { Entropy } from '../../core/ports/entropy.ts';
import { toHex } from '../../core/ports/hex.ts';
import { readSecretFile } from './secret-file.ts';

const algorithm = 'aes-256-gcm';
const [keyBytes, nonceBytes, tagBytes, nameBytes] = [32, 12, 16, 8];

/** A secret as it is stored: in the clear where nothing says what it is sealed with. */
export interface Sealed {
  readonly secret: Uint8Array;
  /** Name of the key. */
  readonly sealedWith: Uint8Array | null;
}

interface SealingKey {
  readonly name: Uint8Array;
  readonly key: Uint8Array;
}

/** Reads a sealing key: 32 bytes in base64, as `openssl rand -base64 32` writes them, in a file like every other secret. */
function readSealingKey(file: string): Uint8Array {
  const text = readSecretFile(file);
  let key: Uint8Array;
  try {
    key = fromBase64(text);
  } catch (error) {
    if (!isCoded(error)) throw error;
    key = new Uint8Array();
  }
  if (key.length === keyBytes) return key;
  throw new CodedError({
    code: 'sealing-key-malformed',
    message: 'It does not hold 32 bytes in base64.',
    remedy: 'Make one with "openssl rand -base64 32".',
    where: { file },
  });
}

/**
 * Keeps secrets in the database from whoever reads the database alone: AES-256-GCM under keys from files. The first key
 * seals, every key opens. What a secret is about is authenticated with it, so that it opens nowhere but in its own row.
 */
export class Sealer {
  readonly #keys: readonly SealingKey[];
  readonly #entropy: Entropy;

  constructor(keys: readonly Uint8Array[], entropy: Entropy) {
    this.#keys = keys.map((key) => ({ name: nodeDigest('sha256', key).subarray(0, nameBytes), key }));
    this.#entropy = entropy;
  }

  /** With the keys in these files, the first in front. */
  static fromFiles(files: readonly string[], entropy: Entropy): Sealer {
    return new Sealer(files.map(readSealingKey), entropy);
  }

  /** Name of the key that seals; null where there is none. */
  get current(): Uint8Array | null {
    return this.#keys[0]?.name ?? null;
  }

  /** Whether what is sealed with this key can be opened here. */
  opens(name: Uint8Array): boolean {
    return this.#find(name) !== undefined;
  }

  #find(name: Uint8Array): SealingKey | undefined {
    return this.#keys.find((each) => equalBytes(each.name, name));
  }

  seal(secret: Uint8Array, about: string): Sealed {
    const [first] = this.#keys;
    if (first === undefined) return { secret, sealedWith: null };
    const nonce = this.#entropy.bytes(nonceBytes);
    const cipher = createCipheriv(algorithm, first.key, nonce).setAAD(utf8(about));
    const parts = [nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()];
    return { secret: concatBytes(...parts), sealedWith: first.name };
  }

  /** `sealing-key-unknown` where no key of ours sealed it, `sealing-broken` where it was changed or is from another row. */
  open({ secret, sealedWith }: Sealed, about: string): Uint8Array {
    if (sealedWith === null) return secret;
    const key = this.#find(sealedWith)?.key;
    if (key === undefined) {
      throw new CodedError({
        code: 'sealing-key-unknown',
        message: `A secret in the database is sealed with the key ${toHex(sealedWith)}, which is not configured.`,
        remedy: 'Name the file of that key in sealing.keyFiles.',
      });
    }
    const decipher = createDecipheriv(algorithm, key, secret.subarray(0, nonceBytes), { authTagLength: tagBytes });
    decipher.setAAD(utf8(about)).setAuthTag(secret.subarray(secret.length - tagBytes));
    try {
      const opened = decipher.update(secret.subarray(nonceBytes, secret.length - tagBytes));
      return concatBytes(opened, decipher.final());
    } catch {
      throw new CodedError({
        code: 'sealing-broken',
        message: 'A sealed secret in the database was changed, or belongs to something else.',
        remedy: 'Find out who wrote to the database; give out a new key in its place.',
      });
    }
  }
}

/** What the MAC key of an external account is sealed for. */
export function aboutExternalKey(directory: string, kid: string): string {
  return JSON.stringify(['external-account-key', directory, kid]);
}
