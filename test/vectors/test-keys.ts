import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { signatureOptions } from '../../core/node/crypto.ts';
import type { KeyAlgorithmName, SignatureAlgorithmName } from '../../core/ports/algorithm-names.ts';
import { signatureAlgorithms } from '../../core/x509/algorithms.ts';

export const testKeyFile = new URL('test-keys.pem', import.meta.url);

/** The keys there are, in the order they stand in the file. */
export const testKeyAlgorithms = {
  root: 'ec-p384',
  'rsa-root': 'rsa-2048',
  issuing: 'ec-p256',
  signer: 'ec-p256',
  leaf: 'ec-p256',
  'rsa-leaf': 'rsa-2048',
  other: 'ec-p384',
  'rsa-large': 'rsa-4096',
  'rsa-wrapping': 'rsa-3072',
} as const satisfies Record<string, KeyAlgorithmName>;
export type TestKeyName = keyof typeof testKeyAlgorithms;

export interface TestKey {
  readonly algorithm: KeyAlgorithmName;
  readonly spki: Uint8Array;
  readonly privateKey: KeyObject;
  sign(algorithm: SignatureAlgorithmName, message: Uint8Array): Uint8Array;
}

const blocks = /^([a-z-]+): [a-z0-9-]+\n(-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----)/gmu;
let pems: ReadonlyMap<string, string> | undefined;

/** One of the fixed keys. */
export function testKey(name: TestKeyName): TestKey {
  pems ??= new Map(
    Array.from(readFileSync(testKeyFile, 'utf8').matchAll(blocks), ([, key = '', pem = '']) => [key, pem]),
  );
  const privateKey = createPrivateKey(pems.get(name) ?? '');
  return {
    algorithm: testKeyAlgorithms[name],
    spki: Uint8Array.from(createPublicKey(privateKey).export({ format: 'der', type: 'spki' })),
    privateKey,
    sign: (algorithm, message) =>
      sign(signatureAlgorithms[algorithm].digest, message, { key: privateKey, ...signatureOptions(algorithm) }),
  };
}
