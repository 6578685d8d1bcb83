import type { KeyAlgorithmName, SignatureAlgorithmName } from '../../ports/algorithm-names.ts';
import { oids } from '../../x509/oids.ts';
import { keyAlgorithms, signatureAlgorithms } from '../../x509/algorithms.ts';
import * as der from '../../der/writer.ts';
import { nodeDigest } from '../crypto.ts';
import type { Attribute, Mechanism } from './cryptoki.ts';
import * as p11 from './constants.ts';
import { tokenError } from './errors.ts';

/** How one kind of key is generated and recognised. */
export interface KeyMechanism {
  readonly mechanism: Mechanism;
  readonly name: string;
  readonly keyType: number;
  /** What the public key's template says of the algorithm. */
  readonly parameters: readonly Attribute[];
  /** Length of the token's own signature: r ‖ s, or the RSA block. */
  readonly signatureBytes: number;
}

/** One way to make a signature: the mechanism, and what of the message it is given. */
export interface SigningMechanism {
  readonly mechanism: Mechanism;
  readonly name: string;
  readonly input: 'message' | 'digest' | 'digest-info';
}

/** CKA_EC_PARAMS of a named curve: the OBJECT IDENTIFIER that ends the SPKI's AlgorithmIdentifier (RFC 5480 §2.1.1). */
export function curveParameters(algorithm: 'ec-p256' | 'ec-p384'): Buffer {
  const headerAndEcPublicKeyOid = 2 + 9;
  return Buffer.from(keyAlgorithms[algorithm].spkiAlgorithm.subarray(headerAndEcPublicKeyOid));
}

function ec(algorithm: 'ec-p256' | 'ec-p384'): KeyMechanism {
  return {
    mechanism: { mechanism: p11.CKM_EC_KEY_PAIR_GEN },
    name: 'CKM_EC_KEY_PAIR_GEN',
    keyType: p11.CKK_EC,
    parameters: [{ type: p11.CKA_EC_PARAMS, value: curveParameters(algorithm) }],
    signatureBytes: keyAlgorithms[algorithm].bits / 4,
  };
}

function rsa(algorithm: 'rsa-2048' | 'rsa-3072' | 'rsa-4096'): KeyMechanism {
  const { bits } = keyAlgorithms[algorithm];
  return {
    mechanism: { mechanism: p11.CKM_RSA_PKCS_KEY_PAIR_GEN },
    name: 'CKM_RSA_PKCS_KEY_PAIR_GEN',
    keyType: p11.CKK_RSA,
    parameters: [
      { type: p11.CKA_MODULUS_BITS, value: bits },
      { type: p11.CKA_PUBLIC_EXPONENT, value: Buffer.from([1, 0, 1]) },
    ],
    signatureBytes: bits / 8,
  };
}

export const keyMechanisms: Readonly<Record<KeyAlgorithmName, KeyMechanism>> = {
  'ec-p256': ec('ec-p256'),
  'ec-p384': ec('ec-p384'),
  'rsa-2048': rsa('rsa-2048'),
  'rsa-3072': rsa('rsa-3072'),
  'rsa-4096': rsa('rsa-4096'),
};

/** CKM_ECDSA signs a digest. Its hashing relatives are missing in SoftHSM and several smart cards. */
const ecdsa: readonly SigningMechanism[] = [
  { mechanism: { mechanism: p11.CKM_ECDSA }, name: 'CKM_ECDSA', input: 'digest' },
];

function pkcs1(bits: 256 | 384 | 512, hashing: number): readonly SigningMechanism[] {
  return [
    { mechanism: { mechanism: hashing }, name: `CKM_SHA${bits}_RSA_PKCS`, input: 'message' },
    { mechanism: { mechanism: p11.CKM_RSA_PKCS }, name: 'CKM_RSA_PKCS', input: 'digest-info' },
  ];
}

function pss(bits: 256 | 384 | 512, hashing: number, hashAlg: number, mgf: number): readonly SigningMechanism[] {
  // 5 is pkcs11js's CK_PARAMS_RSA_PSS. The salt is as long as the hash: signatureAlgorithms' identifiers say so.
  const parameter = { type: 5, hashAlg, mgf, saltLen: bits / 8 } as const;
  return [
    { mechanism: { mechanism: hashing, parameter }, name: `CKM_SHA${bits}_RSA_PKCS_PSS`, input: 'message' },
    { mechanism: { mechanism: p11.CKM_RSA_PKCS_PSS, parameter }, name: 'CKM_RSA_PKCS_PSS', input: 'digest' },
  ];
}

/** Ways to make each signature, the preferred first; a token uses the first that its mechanism list has. */
export const signingMechanisms: Readonly<Record<SignatureAlgorithmName, readonly SigningMechanism[]>> = {
  'ecdsa-sha256': ecdsa,
  'ecdsa-sha384': ecdsa,
  'rsa-sha256': pkcs1(256, p11.CKM_SHA256_RSA_PKCS),
  'rsa-sha384': pkcs1(384, p11.CKM_SHA384_RSA_PKCS),
  'rsa-sha512': pkcs1(512, p11.CKM_SHA512_RSA_PKCS),
  'rsa-pss-sha256': pss(256, p11.CKM_SHA256_RSA_PKCS_PSS, p11.CKM_SHA256, p11.CKG_MGF1_SHA256),
  'rsa-pss-sha384': pss(384, p11.CKM_SHA384_RSA_PKCS_PSS, p11.CKM_SHA384, p11.CKG_MGF1_SHA384),
  'rsa-pss-sha512': pss(512, p11.CKM_SHA512_RSA_PKCS_PSS, p11.CKM_SHA512, p11.CKG_MGF1_SHA512),
};

/** The first way to make this signature that the token offers; `token-mechanism-missing` where there is none. */
export function chooseSigningMechanism(
  algorithm: SignatureAlgorithmName,
  offered: ReadonlySet<number>,
): SigningMechanism {
  const ways = signingMechanisms[algorithm];
  const way = ways.find(({ mechanism }) => offered.has(mechanism.mechanism));
  if (way !== undefined) return way;
  throw missing(
    algorithm,
    ways.map(({ name }) => name),
  );
}

/** How the token generates such a key; `token-mechanism-missing` where it cannot, or could not sign with it. */
export function chooseKeyMechanism(algorithm: KeyAlgorithmName, offered: ReadonlySet<number>): KeyMechanism {
  const way = keyMechanisms[algorithm];
  if (!offered.has(way.mechanism.mechanism)) throw missing(algorithm, [way.name]);
  chooseSigningMechanism(keyAlgorithms[algorithm].signatures[0], offered);
  return way;
}

function missing(algorithm: string, names: readonly string[]): Error {
  return tokenError(
    'token-mechanism-missing',
    `The token cannot do ${algorithm}; it lacks ${names.join(' and ')}.`,
    'Choose an algorithm that the token offers, or another token.',
  );
}

const digestOids = { sha1: oids.sha1, sha256: oids.sha256, sha384: oids.sha384, sha512: oids.sha512 } as const;

/** What C_Sign is given for this message: the message, its digest, or its DigestInfo (RFC 8017 §9.2 step 2). */
export function signingInput(way: SigningMechanism, algorithm: SignatureAlgorithmName, message: Uint8Array): Buffer {
  if (way.input === 'message') return Buffer.from(message);
  const { digest: name } = signatureAlgorithms[algorithm];
  const digest = nodeDigest(name, message);
  if (way.input === 'digest') return Buffer.from(digest);
  const algorithmIdentifier = der.sequence(der.oid(digestOids[name]), der.nullValue());
  return Buffer.from(der.encode(der.sequence(algorithmIdentifier, der.octetString(digest))));
}
