/** Everything about one JWS algorithm (RFC 7518 §3, RFC 8037 §3.1): a row here is all it takes to accept it. */
export interface JwsAlgorithm {
  readonly kty: 'RSA' | 'EC' | 'OKP';
  readonly crv?: string;
  /** Hash for node:crypto; null where the algorithm hashes by itself. */
  readonly digest: 'sha256' | 'sha384' | 'sha512' | null;
  /** Exact length of a signature in bytes; absent where it depends on the key. */
  readonly signatureBytes?: number;
}

export const jwsAlgorithms = {
  RS256: { kty: 'RSA', digest: 'sha256' },
  ES256: { kty: 'EC', crv: 'P-256', digest: 'sha256', signatureBytes: 64 },
  ES384: { kty: 'EC', crv: 'P-384', digest: 'sha384', signatureBytes: 96 },
  ES512: { kty: 'EC', crv: 'P-521', digest: 'sha512', signatureBytes: 132 },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', digest: null, signatureBytes: 64 },
} as const satisfies Record<string, JwsAlgorithm>;

export type JwsAlgorithmName = keyof typeof jwsAlgorithms;
export const jwsAlgorithmNames = Object.keys(jwsAlgorithms) as readonly JwsAlgorithmName[];

export function isJwsAlgorithm(name: string): name is JwsAlgorithmName {
  return Object.hasOwn(jwsAlgorithms, name);
}
