import { constants, createECDH, createHash, privateEncrypt, randomBytes, sign, type KeyObject } from 'node:crypto';

// Signatures over what C_Sign is given. node:crypto has none of ECDSA and PSS over a finished digest, so those two are
// put together here from its parts.

const curves = {
  'P-256': {
    name: 'prime256v1',
    bytes: 32,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  'P-384': {
    name: 'secp384r1',
    bytes: 48,
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
} as const;

function toNumber(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function toBytes(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [previous, current] = [modulus, value % modulus];
  let [before, now] = [0n, 1n];
  while (current > 0n) {
    const quotient = previous / current;
    [previous, current] = [current, previous - quotient * current];
    [before, now] = [now, before - quotient * now];
  }
  return ((before % modulus) + modulus) % modulus;
}

/** ECDSA over a digest (FIPS 186-5 §6.4.1), as r ‖ s. */
export function ecdsaRaw(key: KeyObject, digest: Uint8Array): Buffer {
  const { crv, d = '' } = key.export({ format: 'jwk' });
  const { name, bytes, order } = curves[crv as keyof typeof curves];
  const secret = toNumber(Buffer.from(d, 'base64url'));
  const hash = toNumber(digest.subarray(0, bytes));
  for (;;) {
    const nonce = toNumber(randomBytes(bytes)) % order;
    if (nonce === 0n) continue;
    const point = createECDH(name);
    point.setPrivateKey(toBytes(nonce, bytes));
    const r = toNumber(point.getPublicKey().subarray(1, 1 + bytes)) % order;
    const s = (inverse(nonce, order) * (hash + r * secret)) % order;
    if (r !== 0n && s !== 0n) return Buffer.concat([toBytes(r, bytes), toBytes(s, bytes)]);
  }
}

/** RSASSA-PKCS1-v1_5 over a finished DigestInfo. */
export function rsaOverDigestInfo(key: KeyObject, digestInfo: Uint8Array): Buffer {
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo);
}

export function rsaOverMessage(key: KeyObject, hash: string, message: Uint8Array): Buffer {
  return sign(hash, message, { key, padding: constants.RSA_PKCS1_PADDING });
}

export function pssOverMessage(key: KeyObject, hash: string, saltLength: number, message: Uint8Array): Buffer {
  return sign(hash, message, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
}

function mgf1(hash: string, seed: Uint8Array, length: number): Buffer {
  const parts: Buffer[] = [];
  for (let counter = 0; counter * 32 < length; counter += 1) {
    parts.push(
      createHash(hash)
        .update(seed)
        .update(toBytes(BigInt(counter), 4))
        .digest(),
    );
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** RSASSA-PSS over a digest: EMSA-PSS (RFC 8017 §9.1.1 from step 4) and the bare RSA operation. */
export function pssOverDigest(key: KeyObject, hash: string, saltLength: number, digest: Uint8Array): Buffer {
  const length = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const salt = randomBytes(saltLength);
  const inner = createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest();
  const block = Buffer.alloc(length - inner.length - 1);
  salt.copy(block, block.length - saltLength);
  block[block.length - saltLength - 1] = 1;
  const mask = mgf1(hash, inner, block.length);
  for (let index = 0; index < block.length; index += 1) block[index] = (block[index] ?? 0) ^ (mask[index] ?? 0);
  // The block is one bit shorter than the modulus.
  block[0] = (block[0] ?? 0) & 0x7f;
  const encoded = Buffer.concat([block, inner, Buffer.of(0xbc)]);
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encoded);
}
