/** Hash functions that profiles, journals and bundles use. */
export type DigestName = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** Hashes bytes. A port because pure code may not reach node:crypto, and the issuer wants the native speed. */
export type Digest = (algorithm: DigestName, bytes: Uint8Array) => Uint8Array;
