import type { Cryptoki, Handle } from './cryptoki.ts';
import * as p11 from './constants.ts';
import { returned, tokenError } from './errors.ts';

/** A session, with the functions to use it by: they report under the name of its token. */
export interface Session {
  readonly cryptoki: Cryptoki;
  readonly handle: Handle;
}

const maximumSessions = 8;
const maximumWaiting = 64;

/** Closes a session of which nothing more is expected, whatever the token says to that. */
function closeQuietly(session: Session): void {
  try {
    session.cryptoki.C_CloseSession(session.handle);
  } catch {
    // It is gone one way or another.
  }
}

/**
 * Sessions to sign in, opened as signatures overlap, up to eight. They are apart from the main session because a library
 * may leave a failed signature "active", and such a session is good for nothing but to be closed. Only a token that has
 * no second session to give signs in its main one.
 */
export class SessionPool {
  readonly #main: Session;
  readonly #openAnother: () => Session;
  readonly #idle: Session[] = [];
  readonly #waiting: ((session: Session) => void)[] = [];
  readonly #open = new Set<Session>();
  #limit: number;

  /** `tokenMaximum` is CK_TOKEN_INFO's ulMaxSessionCount, of which the main session has taken one. */
  constructor(main: Session, openAnother: () => Session, tokenMaximum: number) {
    this.#main = main;
    this.#openAnother = openAnother;
    // Zero and all ones mean "no limit" and "not told".
    const told = tokenMaximum > 0 && tokenMaximum < 0xffffffff;
    this.#limit = told ? Math.min(maximumSessions, tokenMaximum - 1) : maximumSessions;
  }

  async acquire(): Promise<Session> {
    const idle = this.#idle.pop() ?? this.#another();
    if (idle !== undefined) return idle;
    if (this.#waiting.length >= maximumWaiting) {
      throw tokenError('token-busy', 'Too many signatures are waiting for the token.', 'Send fewer at a time.');
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** One session more, if there may be one. */
  #another(): Session | undefined {
    if (this.#open.size < this.#limit) {
      try {
        return this.#opened(this.#openAnother());
      } catch (error) {
        if (!returned(error, p11.CKR_SESSION_COUNT, p11.CKR_DEVICE_MEMORY, p11.CKR_HOST_MEMORY)) throw error;
        this.#limit = this.#open.size;
      }
    }
    return this.#open.size === 0 ? this.#opened(this.#main) : undefined;
  }

  #opened(session: Session): Session {
    this.#open.add(session);
    return session;
  }

  release(session: Session): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(session);
    else next(session);
  }

  /** Gives back a session in which something went wrong. Whoever waits for one is given another in its place. */
  discard(session: Session): void {
    if (session === this.#main) {
      this.release(session);
      return;
    }
    this.#open.delete(session);
    closeQuietly(session);
    if (this.#waiting.length === 0) return;
    let another: Session | undefined;
    try {
      another = this.#another();
    } catch {
      // The token is going away: the main session will tell whoever waits, in the words of its own error.
      another = this.#opened(this.#main);
    }
    if (another !== undefined) this.release(another);
  }

  close(): void {
    for (const session of new Set([...this.#open, this.#main])) closeQuietly(session);
    this.#open.clear();
    this.#idle.length = 0;
  }
}
