import type { SignatureAlgorithmName } from '../../core/ports/algorithm-names.ts';
import type { KeySelector } from '../../core/ports/token.ts';

/** Where the keys of the issuing CAs are: on a token, or for a lab in files. */
export interface IssuerKeys {
  /** Whether the last thing asked was done. */
  readonly working: boolean;
  /** So many signatures are waiting that one more would come too late. */
  readonly overloaded: boolean;
  /** Makes sure the key is there. */
  require(selector: KeySelector): Promise<void>;
  /** Whether the key is there. */
  has(selector: KeySelector): Promise<boolean>;
  /** Signs with the key of this SubjectPublicKeyInfo, off the event loop. */
  sign(selector: KeySelector, algorithm: SignatureAlgorithmName, message: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}
