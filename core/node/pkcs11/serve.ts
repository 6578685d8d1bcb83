import { CodedError, isCoded } from '../../ports/coded-error.ts';
import { backupLacks } from './backup-mechanisms.ts';
import { certificates } from './certificates.ts';
import { changePin } from './change-pin.ts';
import type { LoadCryptoki } from './cryptoki.ts';
import { destroyKey } from './destroy-key.ts';
import { tokenError } from './errors.ts';
import { describeKey, locateKey } from './find-key.ts';
import { generateKey } from './generate-key.ts';
import { initToken, initUserPin } from './init-token.ts';
import { login } from './login.ts';
import { inventory } from './objects.ts';
import { internalError, type TokenCall } from './observe.ts';
import { currentInfo, initialize, openToken, presentTokens, type Library, type OpenToken } from './open-token.ts';
import { operations, requestEnvelope, type Operation, type RequestOf, type ResultOf } from './protocol.ts';
import { sealKey } from './seal-key.ts';
import { sign } from './sign.ts';
import { unwrapKey } from './unwrap-key.ts';
import { wrapKey } from './wrap-key.ts';
import { generateWrappingKey, holdsWrappingKey } from './wrapping-key.ts';

type Send = (message: object) => void;

const maximumOpenTokens = 64;

type Handlers = { [K in Operation]: (body: RequestOf<K>) => ResultOf<K> | Promise<ResultOf<K>> };

/** The child's side of the protocol: one loaded library and the tokens opened through it. */
class TokenServer {
  readonly #load: LoadCryptoki;
  readonly #send: Send;
  readonly #tokens = new Map<number, OpenToken>();
  #library: Library | undefined;
  #lastToken = 0;

  constructor(load: LoadCryptoki, send: Send) {
    this.#load = load;
    this.#send = send;
  }

  readonly #handlers: Handlers = {
    start: ({ path, environment, report }) => {
      Object.assign(process.env, environment);
      const tell = (call: TokenCall) => this.#send({ call });
      this.#library = initialize(this.#load(path), report ? tell : undefined);
      return undefined;
    },
    list: () => presentTokens(this.#loaded()).map(({ info }) => info),
    blanks: () => presentTokens(this.#loaded(), 'blank').map(({ info }) => info),
    initToken: (request) => {
      this.#forgetHandles();
      initToken(this.#loaded(), request);
      return undefined;
    },
    initPin: (request) => {
      initUserPin(this.#loaded(), request);
      return undefined;
    },
    open: ({ name }) => this.#open(name),
    info: ({ token }) => currentInfo(this.#token(token)),
    login: ({ token, pin, riskFinalTry }) => {
      login(this.#token(token), pin, riskFinalTry);
      return undefined;
    },
    objects: ({ token }) => inventory(this.#token(token).main),
    certificates: ({ token }) => certificates(this.#token(token).main),
    generateKey: ({ token, key }) => {
      this.#forgetHandles();
      return generateKey(this.#token(token), key);
    },
    findKey: ({ token, selector }) => {
      const { main } = this.#token(token);
      return describeKey(main, locateKey(main, selector));
    },
    sign: ({ token, selector, algorithm, message }) => sign(this.#token(token), selector, algorithm, message),
    destroyKey: ({ token, id }) => {
      this.#forgetHandles();
      return destroyKey(this.#token(token), id);
    },
    backupLacks: ({ token, task }) => [...backupLacks(this.#token(token), task)],
    generateWrappingKey: ({ token, key }) => {
      this.#forgetHandles();
      return generateWrappingKey(this.#token(token), key);
    },
    holdsWrappingKey: ({ token, spki }) => holdsWrappingKey(this.#token(token), spki),
    wrapKey: ({ token, order }) => {
      this.#forgetHandles();
      return wrapKey(this.#token(token), order);
    },
    unwrapKey: ({ token, order }) => {
      this.#forgetHandles();
      return unwrapKey(this.#token(token), order);
    },
    sealKey: ({ token, selector }) => sealKey(this.#token(token), selector),
    changePin: ({ token, from, to }) => {
      changePin(this.#token(token), from, to);
      return undefined;
    },
    close: ({ token }) => this.#close(token),
    stop: () => {
      for (const token of this.#tokens.keys()) this.#close(token);
      this.#loaded().cryptoki.C_Finalize();
      return undefined;
    },
  };

  /** Answers one message of the parent. Throws only where the message is not one of the protocol. */
  async receive(message: unknown): Promise<void> {
    const { id, kind, body } = requestEnvelope.parse(message);
    try {
      this.#send({ id, value: await this.#perform(kind, body) });
    } catch (error) {
      this.#send({ id, error: refusalOf(error, kind) });
    }
  }

  async #perform<K extends Operation>(kind: K, body: unknown): Promise<ResultOf<K>> {
    const request = operations[kind].request.safeParse(body);
    // The reason is left out: it could quote what was sent.
    if (!request.success) {
      throw tokenError(
        'token-request-malformed',
        `A request (${kind}) to the PKCS#11 process was malformed.`,
        'Check label (1 to 255 characters, no control characters), CKA_ID (1 to 64 bytes) and sizes; else report it.',
      );
    }
    const token = 'token' in request.data ? this.#tokens.get(request.data.token) : undefined;
    if (token?.lost !== undefined && kind !== 'close') throw token.lost;
    try {
      return await this.#handlers[kind](request.data as RequestOf<K>);
    } catch (error) {
      if (token !== undefined && (isCoded(error, 'token-session-lost') || isCoded(error, 'token-device-removed'))) {
        token.lost = error;
      }
      throw error;
    }
  }

  #loaded(): Library {
    if (this.#library !== undefined) return this.#library;
    throw tokenError('token-protocol', 'No PKCS#11 library is loaded.', 'Report it: this is a fault of this program.');
  }

  #token(number: number): OpenToken {
    const token = this.#tokens.get(number);
    if (token !== undefined) return token;
    throw tokenError('token-closed', 'This token was closed.', 'Open it again.');
  }

  #open(name: string): ResultOf<'open'> {
    if (this.#tokens.size >= maximumOpenTokens) {
      throw tokenError('token-busy', `${maximumOpenTokens} tokens are open already.`, 'Close those not in use.');
    }
    const token = openToken(this.#loaded(), name);
    this.#lastToken += 1;
    this.#tokens.set(this.#lastToken, token);
    return { token: this.#lastToken, info: token.info };
  }

  /** Logs out only with the last session on the token: login is one per program, not one per opening. */
  #close(number: number): undefined {
    const token = this.#tokens.get(number);
    if (token === undefined) return;
    this.#tokens.delete(number);
    const shared = [...this.#tokens.values()].some(({ info }) => info.serial === token.info.serial);
    if (!shared && token.lost === undefined) {
      try {
        token.cryptoki.C_Logout(token.main.handle);
      } catch {
        // Nobody was logged in, or the token is gone: closing is what counts.
      }
    }
    token.sessions.close();
  }

  /** Handles known before may stand for other objects after a change, whoever opened the token. */
  #forgetHandles(): void {
    for (const { keys } of this.#tokens.values()) keys.clear();
  }
}

function refusalOf(error: unknown, kind: Operation): { code: string; message: string; remedy: string } {
  const { code, message, remedy } = error instanceof CodedError ? error : internalError(error, kind);
  return { code, message: message.slice(0, 4000), remedy: remedy.slice(0, 4000) };
}

/** An error's kind and place without its text, which could quote an argument. */
function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /u.test(line));
  return [error.constructor.name, ...frames.slice(0, 12)].join('\n');
}

/** Ends the process at once. Nothing of the library runs any more, so that nothing of it can hang. */
function endNow(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** A library that has not answered by then never will. */
const longestLastWork = 15 * 60_000;

/**
 * Makes this process a token server for its parent, until the parent goes. Exit codes are those of sysexits.h: 64 when
 * not started by a parent, 65 for a message that is none, 70 for a fault of this program.
 */
export function serve(load: LoadCryptoki): void {
  if (process.send === undefined) {
    process.stderr.write('This is the PKCS#11 process of Coldroot; the program starts it by itself.\n');
    process.exit(64);
  }
  const fail = (code: number) => (error: unknown) => {
    process.stderr.write(`PKCS#11 process: ${traceOf(error)}\n`);
    process.exit(code);
  };
  process.on('uncaughtException', fail(70));
  process.on('unhandledRejection', fail(70));
  const server = new TokenServer(load, (message) => {
    if (process.connected) process.send?.(message);
  });
  let working = 0;
  // A token killed in the middle of a key generation can keep half a key. What was begun is finished, then we go.
  process.on('disconnect', () => {
    if (working === 0) endNow();
    setTimeout(endNow, longestLastWork).unref();
  });
  process.on('message', (message) => {
    working += 1;
    server
      .receive(message)
      .finally(() => {
        working -= 1;
        if (working === 0 && !process.connected) endNow();
      })
      .catch(fail(65));
  });
}
