import type { SignatureAlgorithmName } from '../../core/ports/algorithm-names.ts';
import { isCoded } from '../../core/ports/coded-error.ts';
import type { KeySelector, Token, TokenProvider } from '../../core/ports/token.ts';

/** Refusals after which another login would only bring the token nearer to its lock. */
const pinFaults: ReadonlySet<string> = new Set([
  'token-pin-incorrect',
  'token-pin-locked',
  'token-pin-final-try',
  'token-pin-length',
  'token-pin-invalid',
  'token-pin-expired',
  'token-pin-not-initialized',
]);

export interface TokenKeysOptions {
  readonly provider: TokenProvider;
  /** PKCS#11 URI or serial number. */
  readonly uri: string;
  /** Reads the PIN when it is needed and forgets it at once. */
  readonly readPin: () => string;
}

/**
 * The keys on the issuer's token. When the token fails, the next signature opens it anew; the failed one is not tried
 * again here, because nobody knows whether it was made, and one serial number is signed once. A refused PIN ends it all.
 */
export class TokenKeys {
  readonly #options: TokenKeysOptions;
  #token: Promise<Token> | undefined;
  #pinFault: unknown;
  #working = true;

  constructor(options: TokenKeysOptions) {
    this.#options = options;
  }

  async #open(): Promise<Token> {
    if (this.#pinFault !== undefined) throw this.#pinFault;
    const { provider, uri, readPin } = this.#options;
    const token = await provider.open(uri);
    try {
      await token.login(readPin());
    } catch (error) {
      if (isCoded(error) && pinFaults.has(error.code)) this.#pinFault = error;
      await token.close();
      throw error;
    }
    return token;
  }

  async #use<T>(action: (token: Token) => Promise<T>): Promise<T> {
    this.#token ??= this.#open();
    const opened = this.#token;
    try {
      const result = await action(await opened);
      this.#working = true;
      return result;
    } catch (error) {
      // A queue that is full says nothing of the token.
      if (!isCoded(error, 'token-busy')) this.#drop(opened);
      throw error;
    }
  }

  #drop(opened: Promise<Token>): void {
    this.#working = false;
    if (this.#token !== opened) return;
    this.#token = undefined;
    void opened.then((token) => token.close()).catch(() => undefined);
  }

  /** Whether the last thing asked of the token was done. */
  get working(): boolean {
    return this.#working;
  }

  /** Makes sure the key is there, as `token-key-missing` says when it is not. */
  async require(selector: KeySelector): Promise<void> {
    await this.#use((token) => token.findKey(selector));
  }

  /** Signs with the key of this SubjectPublicKeyInfo. */
  async sign(selector: KeySelector, algorithm: SignatureAlgorithmName, message: Uint8Array): Promise<Uint8Array> {
    return this.#use((token) => token.sign(selector, algorithm, message));
  }

  async close(): Promise<void> {
    const opened = this.#token;
    this.#token = undefined;
    await opened?.then((token) => token.close()).catch(() => undefined);
  }
}
