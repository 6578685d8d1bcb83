import type { KeySelector, TokenKey } from './token.ts';

/**
 * Hash of RSA-OAEP and of its mask (RFC 8017 §7.1). SHA-1 is for tokens that know no other, SoftHSM among them, and is
 * sound there: OAEP does not rest on its hash being free of collisions.
 */
export const oaepHashes = ['sha1', 'sha256'] as const;
export type OaepHash = (typeof oaepHashes)[number];

/** Key pairs that keys are wrapped for. RSA because no token port knows key agreement between two tokens. */
export const wrappingAlgorithms = ['rsa-3072', 'rsa-4096'] as const;

/** A key pair that does nothing but unwrap, on the token that backups are for. */
export interface WrappingKeyRequest {
  readonly algorithm: (typeof wrappingAlgorithms)[number];
  readonly label: string;
  readonly id: Uint8Array;
  /** The new pair is proved by unwrapping something with this. */
  readonly oaep: OaepHash;
}

/** What to wrap, and for whom: the public half of a wrapping key of another token. */
export interface WrapOrder {
  readonly key: KeySelector;
  readonly wrappingSpki: Uint8Array;
  readonly oaep: OaepHash;
}

/** A private key on its way between two tokens. Only the token with the wrapping key can read it. */
export interface WrappedKey {
  /** An AES-256 key that both tokens forget at once, under RSA-OAEP. */
  readonly transport: Uint8Array;
  /** What the token says by which the AES key can be told again (CKA_CHECK_VALUE); absent where it says nothing. */
  readonly check?: Uint8Array;
  /** The private key (PKCS#8) under that AES key, wrapped with padding (RFC 5649). */
  readonly key: Uint8Array;
}

/** What to unwrap, with what, and what it must turn out to be. */
export interface UnwrapOrder {
  readonly wrapping: KeySelector;
  readonly oaep: OaepHash;
  readonly wrapped: WrappedKey;
  /** The public key: the restored private key must be its twin. */
  readonly spki: Uint8Array;
  readonly label: string;
  readonly id: Uint8Array;
}

/** Taking a key from one token to another without anyone seeing it. A part of the token port. */
export interface KeyBackup {
  /** Names of what this token lacks for wrapping a key (`wrap`), or for having one restored on it (`restore`). */
  backupLacks(task: 'wrap' | 'restore'): Promise<readonly string[]>;
  /** Generates, reads back, checks, and proves by unwrapping. */
  generateWrappingKey(request: WrappingKeyRequest): Promise<TokenKey>;
  /** Whether the wrapping key with this public half is on this token, as one that unwraps. */
  holdsWrappingKey(spki: Uint8Array): Promise<boolean>;
  /** `token-key-unextractable` where the key was not made to leave its token. */
  wrapKey(order: WrapOrder): Promise<WrappedKey>;
  /** Unwraps, reads back, checks, and proves with a signature. A later refusal says that the key may be there. */
  unwrapKey(order: UnwrapOrder): Promise<TokenKey>;
  /** Makes a key that could leave its token one that never can again; no token takes that back. */
  sealKey(selector: KeySelector): Promise<TokenKey>;
}
