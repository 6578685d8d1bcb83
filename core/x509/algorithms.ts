import { CodedError } from '../ports/coded-error.ts';
import { equalBytes } from '../ports/bytes.ts';
import { fromHex } from '../ports/hex.ts';
import type { DigestName } from '../ports/digest.ts';
import type { KeyAlgorithmName, SignatureAlgorithmName } from '../ports/algorithm-names.ts';

/** Everything this project knows of one kind of key. */
export interface KeyAlgorithm {
  readonly kind: 'ec' | 'rsa';
  readonly bits: number;
  /** AlgorithmIdentifier of the SubjectPublicKeyInfo: these bytes exactly (BR 7.1.3.1). */
  readonly spkiAlgorithm: Uint8Array;
  /** What such a key may sign with; the first is used where nobody chose (BR 7.1.3.2: hash matched to curve). */
  readonly signatures: readonly [SignatureAlgorithmName, ...SignatureAlgorithmName[]];
}

/** Everything this project knows of one signature algorithm. */
export interface SignatureAlgorithm {
  readonly scheme: 'ecdsa' | 'rsassa-pkcs1' | 'rsassa-pss';
  readonly digest: DigestName;
  /** AlgorithmIdentifier in certificates, CRLs, CSRs and CMS: these bytes exactly (BR 7.1.3.2). */
  readonly identifier: Uint8Array;
}

const rsaSpki = fromHex('300d06092a864886f70d0101010500');
const rsaSignatures = [
  'rsa-sha256',
  'rsa-sha384',
  'rsa-sha512',
  'rsa-pss-sha256',
  'rsa-pss-sha384',
  'rsa-pss-sha512',
] as const;

export const keyAlgorithms: Readonly<Record<KeyAlgorithmName, KeyAlgorithm>> = {
  'ec-p256': {
    kind: 'ec',
    bits: 256,
    spkiAlgorithm: fromHex('301306072a8648ce3d020106082a8648ce3d030107'),
    signatures: ['ecdsa-sha256'],
  },
  'ec-p384': {
    kind: 'ec',
    bits: 384,
    spkiAlgorithm: fromHex('301006072a8648ce3d020106052b81040022'),
    signatures: ['ecdsa-sha384'],
  },
  'rsa-2048': { kind: 'rsa', bits: 2048, spkiAlgorithm: rsaSpki, signatures: rsaSignatures },
  'rsa-3072': { kind: 'rsa', bits: 3072, spkiAlgorithm: rsaSpki, signatures: rsaSignatures },
  'rsa-4096': { kind: 'rsa', bits: 4096, spkiAlgorithm: rsaSpki, signatures: rsaSignatures },
};

export const signatureAlgorithms: Readonly<Record<SignatureAlgorithmName, SignatureAlgorithm>> = {
  'ecdsa-sha256': { scheme: 'ecdsa', digest: 'sha256', identifier: fromHex('300a06082a8648ce3d040302') },
  'ecdsa-sha384': { scheme: 'ecdsa', digest: 'sha384', identifier: fromHex('300a06082a8648ce3d040303') },
  'rsa-sha256': {
    scheme: 'rsassa-pkcs1',
    digest: 'sha256',
    identifier: fromHex('300d06092a864886f70d01010b0500'),
  },
  'rsa-sha384': {
    scheme: 'rsassa-pkcs1',
    digest: 'sha384',
    identifier: fromHex('300d06092a864886f70d01010c0500'),
  },
  'rsa-sha512': {
    scheme: 'rsassa-pkcs1',
    digest: 'sha512',
    identifier: fromHex('300d06092a864886f70d01010d0500'),
  },
  'rsa-pss-sha256': { scheme: 'rsassa-pss', digest: 'sha256', identifier: pssIdentifier('01', '20') },
  'rsa-pss-sha384': { scheme: 'rsassa-pss', digest: 'sha384', identifier: pssIdentifier('02', '30') },
  'rsa-pss-sha512': { scheme: 'rsassa-pss', digest: 'sha512', identifier: pssIdentifier('03', '40') },
};

/** RSASSA-PSS with MGF1 of the same hash and a salt as long as the hash, as BR 7.1.3.2.1 spells the bytes out. */
function pssIdentifier(hashArc: string, saltLength: string): Uint8Array {
  const hash = `300d06096086480165030402${hashArc}0500`;
  const parameters = `a00f${hash}a11c301a06092a864886f70d010108${hash}a2030201${saltLength}`;
  return fromHex(`304106092a864886f70d01010a3034${parameters}`);
}

/** The signature algorithm with exactly this AlgorithmIdentifier, or undefined. */
export function signatureAlgorithmOf(identifier: Uint8Array): SignatureAlgorithmName | undefined {
  for (const [name, algorithm] of Object.entries(signatureAlgorithms)) {
    if (equalBytes(algorithm.identifier, identifier)) return name as SignatureAlgorithmName;
  }
  return undefined;
}

/** The algorithm to sign with: the one asked for, where this kind of key can make it, else the key's first. */
export function chooseSignature(key: KeyAlgorithmName, wanted?: SignatureAlgorithmName): SignatureAlgorithmName {
  const { signatures } = keyAlgorithms[key];
  if (wanted === undefined) return signatures[0];
  if (signatures.includes(wanted)) return wanted;
  throw new CodedError({
    code: 'signature-algorithm-mismatch',
    message: `A key of type ${key} cannot sign with ${wanted}.`,
    remedy: `Use one of: ${signatures.join(', ')}.`,
  });
}
