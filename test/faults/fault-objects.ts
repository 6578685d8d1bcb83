import { generateKeyPair, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyAlgorithmName } from '../../core/ports/algorithm-names.ts';
import * as p11 from '../../core/node/pkcs11/constants.ts';
import type { Attribute } from '../../core/node/pkcs11/cryptoki.ts';
import type { FaultQuirks } from './fault-script.ts';

/** An object on the fault token: its attributes and, for keys, the key itself. */
export interface FaultObject {
  readonly attributes: Map<number, Buffer>;
  readonly key?: KeyObject;
  /** The session it ends with; absent for an object of the token. */
  readonly session?: number;
}

/** An attribute's value as a library keeps it. */
export function valueOf(value: Attribute['value']): Buffer {
  if (typeof value === 'boolean') return Buffer.of(value ? 1 : 0);
  if (typeof value === 'string') return Buffer.from(value);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    return bytes;
  }
  return Buffer.from(value ?? Buffer.alloc(0));
}

export interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const generateAsync = promisify(generateKeyPair);
const curveNames = { 'ec-p256': 'P-256', 'ec-p384': 'P-384' } as const;

export function makePairSync(algorithm: KeyAlgorithmName): Pair {
  if (algorithm === 'ec-p256' || algorithm === 'ec-p384') {
    return generateKeyPairSync('ec', { namedCurve: curveNames[algorithm] });
  }
  return generateKeyPairSync('rsa', { modulusLength: Number(algorithm.slice(4)) });
}

/** Generates what a template asks for. */
export async function makePair(template: ReadonlyMap<number, Buffer>, exponent = 65537): Promise<Pair> {
  const bits = template.get(p11.CKA_MODULUS_BITS);
  if (bits !== undefined) {
    return generateAsync('rsa', { modulusLength: bits.readUInt32LE(0), publicExponent: exponent });
  }
  const isP256 = template.get(p11.CKA_EC_PARAMS)?.equals(Buffer.from('06082a8648ce3d030107', 'hex'));
  return generateAsync('ec', { namedCurve: isP256 ? 'P-256' : 'P-384' });
}

function ecPointOf(point: Buffer, style: FaultQuirks['ecPoint']): Buffer {
  if (style === 'raw') return point;
  let content = point;
  if (style === 'compressed') content = Buffer.concat([Buffer.of(2), point.subarray(1, (point.length + 1) / 2)]);
  if (style === 'off-curve') {
    content = Buffer.from(point);
    content[content.length - 1] = (content[content.length - 1] ?? 0) ^ 1;
  }
  return Buffer.concat([Buffer.of(4, content.length), content]);
}

/** Attributes of a public key that follow from the key. */
export function publicAttributes(key: KeyObject, style: FaultQuirks['ecPoint']): [number, Buffer][] {
  const { kty, n = '', e = '', x = '', y = '', crv } = key.export({ format: 'jwk' });
  const read = (text: string) => Buffer.from(text, 'base64url');
  if (kty === 'RSA') {
    return [
      [p11.CKA_KEY_TYPE, valueOf(p11.CKK_RSA)],
      [p11.CKA_MODULUS, read(n)],
      [p11.CKA_PUBLIC_EXPONENT, read(e)],
    ];
  }
  const parameters = crv === 'P-256' ? '06082a8648ce3d030107' : '06052b81040022';
  return [
    [p11.CKA_KEY_TYPE, valueOf(p11.CKK_EC)],
    [p11.CKA_EC_PARAMS, Buffer.from(parameters, 'hex')],
    [p11.CKA_EC_POINT, ecPointOf(Buffer.concat([Buffer.of(4), read(x), read(y)]), style)],
  ];
}
