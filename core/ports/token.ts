import type { KeyAlgorithmName, SignatureAlgorithmName } from './algorithm-names.ts';
import type { KeyBackup } from './key-backup.ts';
import type { TokenCertificates } from './token-certificates.ts';

/** What a token says of itself before anyone has logged in (PKCS#11 CK_TOKEN_INFO). Padding is removed. */
export interface TokenInfo {
  readonly label: string;
  readonly manufacturer: string;
  readonly model: string;
  /** The one stable name of a token: slots are renumbered, labels are rewritten by middleware. */
  readonly serial: string;
  readonly firmware: string;
  /** How many wrong PINs remain before the token locks, as far as its flags tell. */
  readonly pinState: 'normal' | 'count-low' | 'final-try' | 'locked';
  readonly pinInitialized: boolean;
  /** The PIN is typed on the device itself (CKF_PROTECTED_AUTHENTICATION_PATH). */
  readonly protectedPath: boolean;
  readonly pinLength: { readonly minimum: number; readonly maximum: number };
}

/** One object on a token, as an inventory shows it. */
export interface TokenObject {
  readonly kind: 'private-key' | 'public-key' | 'secret-key' | 'certificate' | 'data' | 'other';
  readonly label: string;
  /** CKA_ID, lower-case hex, possibly empty. */
  readonly id: string;
  /** For keys: the algorithm where we know it, else the token's own key type. */
  readonly algorithm?: string;
  /** For private keys: the attributes as read back from the token. */
  readonly attributes?: KeyAttributes;
  /** For public keys (and private keys whose public half is there): SubjectPublicKeyInfo, DER. */
  readonly spki?: Uint8Array;
}

/** Attributes of a private key, read back from the token; `local` and `neverExtractable` are what the token claims. */
export interface KeyAttributes {
  readonly token: boolean;
  readonly private: boolean;
  readonly sensitive: boolean;
  readonly extractable: boolean;
  readonly sign: boolean;
  readonly decrypt: boolean;
  readonly unwrap: boolean;
  readonly derive: boolean;
  readonly modifiable: boolean;
  readonly local: boolean;
  readonly alwaysSensitive: boolean;
  readonly neverExtractable: boolean;
}

/** What to generate: `id` becomes CKA_ID (so that it can be written ahead), `label` CKA_LABEL. */
export interface KeyRequest {
  readonly algorithm: KeyAlgorithmName;
  readonly label: string;
  readonly id: Uint8Array;
  /** It may leave the token wrapped, until it is sealed. Absent: it never leaves it. */
  readonly wrappable?: true;
}

/** A key pair on a token: which one (CKA_ID and SPKI must both match) and what the token says of it. */
export interface TokenKey {
  readonly id: Uint8Array;
  readonly label: string;
  readonly algorithm: KeyAlgorithmName;
  readonly spki: Uint8Array;
  readonly attributes: KeyAttributes;
}

/** How a key is chosen. A label alone never chooses one: labels are not unique and are rewritten. */
export interface KeySelector {
  readonly spki: Uint8Array;
  /** CKA_ID, where it is known. */
  readonly id?: Uint8Array;
}

/**
 * An open token. Every method rejects with a coded error (`token-…`) that says what to do. After `token-session-lost`,
 * `token-device-removed`, `token-hung` or `token-process-died` this opening is over: close it, open the token again, log
 * in, and look at the inventory before repeating what was under way.
 */
export interface Token extends KeyBackup, TokenCertificates {
  info(): Promise<TokenInfo>;
  /** `pin` undefined uses the device's own keypad. Refuses on the final try unless `riskFinalTry`. */
  login(pin: string | undefined, options?: { readonly riskFinalTry?: boolean }): Promise<void>;
  objects(): Promise<readonly TokenObject[]>;
  /**
   * Generates, reads back, checks and proves with a signature. Once the token was asked to generate, a refusal says that
   * the key may be there: nothing is generated twice, and nothing destroyed unasked.
   */
  generateKey(request: KeyRequest): Promise<TokenKey>;
  /** Exactly one key pair, or `token-key-missing` / `token-key-ambiguous`. */
  findKey(selector: KeySelector): Promise<TokenKey>;
  /** The signature as X.509 carries it (ECDSA as DER Ecdsa-Sig-Value), over the whole message. */
  sign(selector: KeySelector, algorithm: SignatureAlgorithmName, message: Uint8Array): Promise<Uint8Array>;
  /** Destroys private and public object with this CKA_ID; how many were destroyed. `token-key-ambiguous`: none. */
  destroyKey(id: Uint8Array): Promise<number>;
  /** Replaces the user PIN, and proves the new one. A wrong old PIN uses up a try. */
  changePin(from: string, to: string): Promise<void>;
  close(): Promise<void>;
}

/** One PKCS#11 call, as a transcript tells it: never its arguments. */
export interface NotedCall {
  readonly function: string;
  /** CKR_… or the value in hexadecimal. */
  readonly result: string;
  /** Serial number, where the call concerned one token. */
  readonly token?: string;
}

/** Finds and opens tokens. Tokens are named by RFC 7512 URI or by serial, never by slot. */
export interface TokenProvider {
  list(): Promise<readonly TokenInfo[]>;
  open(uri: string): Promise<Token>;
  /** Has the libraries loaded anew by the next `list` or `open`; what is open is over. Absent where that means nothing. */
  restart?(): Promise<void>;
  /** Every call to a token since this was last asked; absent where none are noted. */
  takeCalls?(): readonly NotedCall[];
}
