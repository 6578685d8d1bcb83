import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { signatureOptions } from '../../core/node/crypto.ts';
import type { SignatureAlgorithmName } from '../../core/ports/algorithm-names.ts';
import { CodedError } from '../../core/ports/coded-error.ts';
import type { KeySelector } from '../../core/ports/token.ts';
import { toHex } from '../../core/ports/hex.ts';
import { signatureAlgorithms } from '../../core/x509/algorithms.ts';
import type { IssuerKeys } from './issuer-keys.ts';

/** PKCS#8, encrypted (RFC 5958 §3): anything else in the file is refused, a key in the clear above all. */
const encrypted = /^-----BEGIN ENCRYPTED PRIVATE KEY-----\r?\n/u;

function refuse(code: string, message: string, remedy: string, file?: string): CodedError {
  return new CodedError({ code, message, remedy, ...(file === undefined ? {} : { where: { file } }) });
}

function readKey(file: string, passphrase: string): KeyObject {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw refuse('key-file-unreadable', 'Cannot read the key.', 'Give a file that this user may read.', file);
  }
  if (!encrypted.test(text)) {
    const remedy = 'Encrypt it: openssl pkcs8 -topk8 -v2 aes-256-cbc -scrypt -in KEY -out FILE.';
    throw refuse('key-file-not-encrypted', 'It does not begin with an encrypted PKCS#8 key in PEM.', remedy, file);
  }
  try {
    return createPrivateKey({ key: text, format: 'pem', passphrase });
  } catch {
    // What OpenSSL says here may quote what it read: it is not passed on.
    throw refuse('key-file-passphrase', 'It cannot be decrypted.', 'Check keyFiles.passphraseFile.', file);
  }
}

function spkiHex(key: KeyObject): string {
  return toHex(createPublicKey(key).export({ format: 'der', type: 'spki' }));
}

/**
 * Issuing keys in encrypted files, for labs: the key is in the memory of this process, where a token's never is. Signs in
 * the thread pool, so that an RSA key does not hold up every other request.
 */
export class FileKeys implements IssuerKeys {
  readonly #keys: ReadonlyMap<string, KeyObject>;
  readonly working = true;
  readonly overloaded = false;

  constructor(files: readonly string[], readPassphrase: () => string) {
    const passphrase = readPassphrase();
    const keys = files.map((file) => readKey(file, passphrase));
    this.#keys = new Map(keys.map((key) => [spkiHex(key), key]));
  }

  #find({ spki }: KeySelector): KeyObject {
    const key = this.#keys.get(toHex(spki));
    if (key !== undefined) return key;
    const message = 'No file holds the key of the issuing CA.';
    throw refuse('key-file-missing', message, 'Name its file in keyFiles.files, or another issuing CA.');
  }

  has({ spki }: KeySelector): Promise<boolean> {
    return Promise.resolve(this.#keys.has(toHex(spki)));
  }

  require(selector: KeySelector): Promise<void> {
    this.#find(selector);
    return Promise.resolve();
  }

  async sign(selector: KeySelector, algorithm: SignatureAlgorithmName, message: Uint8Array): Promise<Uint8Array> {
    const key = { key: this.#find(selector), ...signatureOptions(algorithm) };
    return new Promise((resolve, reject) => {
      sign(signatureAlgorithms[algorithm].digest, message, key, (error, signature) => {
        if (error === null) resolve(signature);
        else reject(error);
      });
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
