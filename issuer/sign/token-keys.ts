import { setTimeout as pause } from 'node:timers/promises';
import { monotonicSeconds } from '../../core/node/clock.ts';
import type { SignatureAlgorithmName } from '../../core/ports/algorithm-names.ts';
import { isCoded } from '../../core/ports/coded-error.ts';
import type { KeySelector, Token, TokenProvider } from '../../core/ports/token.ts';
import { Congestion } from './congestion.ts';
import type { IssuerKeys } from './issuer-keys.ts';

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
  /** Hears how long each signature took, however it ended. */
  readonly onSigned?: (seconds: number) => void;
}

/** Refusals that say for certain that nothing was signed: the token did not know us any more when it was asked. */
const unsigned: ReadonlySet<string> = new Set([
  'token-session-lost',
  'token-not-logged-in',
  'token-device-removed',
  'token-sessions-exhausted',
  'token-closed',
]);

/** Seconds that a signature may wait for others: well below limits.signingDeadline. */
const longestWait = 10;

/** While a token is away for long, its library is not started again and again. */
const secondsBetweenRestarts = 5;

/** Milliseconds before each further try; after the last one the client is told to come back. */
const pauses: readonly number[] = [0, 50, 250, 1000];

/**
 * The keys on the issuer's token. When the token fails it is opened and logged in to anew. What certainly was not signed
 * is tried again at once; where nobody knows, the caller decides, because one serial number is signed once. A refused PIN
 * ends it all.
 */
export class TokenKeys implements IssuerKeys {
  readonly #options: TokenKeysOptions;
  #token: Promise<Token> | undefined;
  #pinFault: unknown;
  #failedOpenings = 0;
  #nextRestart = 0;
  #working = true;
  readonly #congestion = new Congestion(monotonicSeconds);

  constructor(options: TokenKeysOptions) {
    this.#options = options;
  }

  async #open(): Promise<Token> {
    if (this.#pinFault !== undefined) throw this.#pinFault;
    try {
      const token = await this.#openAndLogIn();
      this.#failedOpenings = 0;
      return token;
    } catch (error) {
      if (this.#pinFault === undefined) this.#restartWhereStuck();
      throw error;
    }
  }

  async #openAndLogIn(): Promise<Token> {
    const { provider, uri, readPin } = this.#options;
    const token = await provider.open(uri);
    try {
      await token.login(readPin());
      return token;
    } catch (error) {
      if (isCoded(error) && pinFaults.has(error.code)) this.#pinFault = error;
      await token.close();
      throw error;
    }
  }

  /** Some libraries never find a token again that they once saw go: then only their process started anew does. */
  #restartWhereStuck(): void {
    this.#failedOpenings += 1;
    const now = monotonicSeconds();
    if (this.#failedOpenings < 2 || now < this.#nextRestart) return;
    this.#nextRestart = now + secondsBetweenRestarts;
    void this.#options.provider.restart?.().catch(() => undefined);
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

  /** A signature that waits longer is given up before it is made. */
  get overloaded(): boolean {
    return this.#congestion.wait > longestWait;
  }

  /** Makes sure the key is there, as `token-key-missing` says when it is not. */
  async require(selector: KeySelector): Promise<void> {
    await this.#use((token) => token.findKey(selector));
  }

  /** Whether the key is there; that it is not is no fault of the token, which goes on as it was. */
  async has(selector: KeySelector): Promise<boolean> {
    return this.#use(async (token) => {
      try {
        await token.findKey(selector);
        return true;
      } catch (error) {
        if (isCoded(error, 'token-key-missing')) return false;
        throw error;
      }
    });
  }

  /** Signs with the key of this SubjectPublicKeyInfo. */
  async sign(selector: KeySelector, algorithm: SignatureAlgorithmName, message: Uint8Array): Promise<Uint8Array> {
    const from = monotonicSeconds();
    try {
      return await this.#congestion.count(() => this.#sign(selector, algorithm, message));
    } finally {
      this.#options.onSigned?.(monotonicSeconds() - from);
    }
  }

  async #sign(selector: KeySelector, algorithm: SignatureAlgorithmName, message: Uint8Array): Promise<Uint8Array> {
    for (const milliseconds of pauses) {
      if (milliseconds > 0) await pause(milliseconds);
      let asked = false;
      try {
        return await this.#use((token) => {
          asked = true;
          return token.sign(selector, algorithm, message);
        });
      } catch (error) {
        const certain = !asked || (isCoded(error) && unsigned.has(error.code));
        if (!certain || this.#pinFault !== undefined || milliseconds === pauses.at(-1)) throw error;
      }
    }
    throw new Error('unreachable: the last try returns or throws');
  }

  async close(): Promise<void> {
    const opened = this.#token;
    this.#token = undefined;
    await opened?.then((token) => token.close()).catch(() => undefined);
  }
}
