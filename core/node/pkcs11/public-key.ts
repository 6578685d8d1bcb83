import { createPublicKey } from 'node:crypto';
import type { KeyAlgorithmName } from '../../ports/algorithm-names.ts';
import { CodedError } from '../../ports/coded-error.ts';
import { DerReader } from '../../der/reader.ts';
import { keyAlgorithms } from '../../x509/algorithms.ts';
import { ecSpki, readSpki, rsaSpki } from '../../x509/spki.ts';
import type { AttributeValues } from './attributes.ts';
import * as p11 from './constants.ts';
import { tokenError } from './errors.ts';
import { curveParameters } from './mechanisms.ts';

/** A public key as read from a token and checked in software. */
export interface PublicKey {
  readonly algorithm: KeyAlgorithmName;
  readonly spki: Uint8Array;
}

/** The attributes that make up a public key of this CKA_KEY_TYPE. */
export function publicKeyTypes(keyType: number | undefined): readonly number[] {
  if (keyType === p11.CKK_RSA) return [p11.CKA_MODULUS, p11.CKA_PUBLIC_EXPONENT];
  return keyType === p11.CKK_EC ? [p11.CKA_EC_PARAMS, p11.CKA_EC_POINT] : [];
}

const curves = ['ec-p256', 'ec-p384'] as const;

function curveOf(values: AttributeValues): (typeof curves)[number] | undefined {
  const parameters = values.get(p11.CKA_EC_PARAMS);
  return parameters && curves.find((curve) => curveParameters(curve).equals(parameters));
}

/**
 * The uncompressed point in a CKA_EC_POINT. The standard wants a DER OCTET STRING around it and several tokens leave
 * that out. Which of the two it is, its length tells; guessing by the first octet would not, for both begin with 04.
 */
export function ecPoint(value: Uint8Array, curve: (typeof curves)[number]): Uint8Array | undefined {
  const length = 1 + keyAlgorithms[curve].bits / 4;
  let point = value;
  if (value.length !== length) {
    try {
      const reader = DerReader.over(value, 256);
      point = reader.octetString();
      reader.end();
    } catch {
      return undefined;
    }
  }
  return point.length === length && point[0] === 0x04 ? point : undefined;
}

/** The public key in these attributes; undefined where it is of a kind or in a shape that we do not use. */
function assemble(keyType: number | undefined, values: AttributeValues): Uint8Array | undefined {
  if (keyType === p11.CKK_RSA) {
    const modulus = values.get(p11.CKA_MODULUS);
    const exponent = values.get(p11.CKA_PUBLIC_EXPONENT);
    if (modulus === undefined || exponent === undefined || modulus.length > 1024) return undefined;
    return rsaSpki(modulus, exponent);
  }
  const curve = keyType === p11.CKK_EC ? curveOf(values) : undefined;
  const point = curve && ecPoint(values.get(p11.CKA_EC_POINT) ?? Buffer.alloc(0), curve);
  return curve && point && ecSpki(curve, point);
}

/**
 * The SubjectPublicKeyInfo of a public key on a token: named curve and a point on it, or RSA of an allowed size with
 * exponent 65537. `token-public-key-invalid` for anything else.
 */
export function readPublicKey(keyType: number | undefined, values: AttributeValues): PublicKey {
  const spki = assemble(keyType, values);
  if (spki === undefined) throw invalid('has parameters or a point that cannot be read');
  let algorithm: KeyAlgorithmName;
  try {
    ({ algorithm } = readSpki(spki));
  } catch (error) {
    if (error instanceof CodedError) throw invalid('is of a type, size or exponent that is not allowed');
    throw error;
  }
  try {
    // OpenSSL refuses a point that is not on the curve; reading the bytes alone does not show it.
    createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    throw invalid('is not a point on its curve');
  }
  return { algorithm, spki };
}

function invalid(what: string): CodedError {
  return tokenError(
    'token-public-key-invalid',
    `A public key on the token ${what}.`,
    'Do not use this key. If the token has just made it, stop and ask the vendor.',
  );
}

/** For an inventory: what of a public key we understand, and nothing where we do not. */
export function describePublicKey(keyType: number | undefined, values: AttributeValues): Partial<PublicKey> {
  try {
    return readPublicKey(keyType, values);
  } catch (error) {
    if (error instanceof CodedError) return {};
    throw error;
  }
}
