import type { UnwrapOrder, WrapOrder, WrappedKey, WrappingKeyRequest } from '../../ports/key-backup.ts';
import type { KeyRequest, KeySelector, Token, TokenInfo, TokenKey, TokenObject } from '../../ports/token.ts';
import type { TokenCertificate } from '../../ports/token-certificates.ts';
import type { SignatureAlgorithmName } from '../../ports/algorithm-names.ts';
import { tokenError } from './errors.ts';
import type { ModuleProcess } from './module-process.ts';

/** An open token, by its number in the process that has it. It ends with that process. */
export class RemoteToken implements Token {
  readonly #process: ModuleProcess;
  readonly #token: number;
  #closed = false;

  constructor(process: ModuleProcess, token: number) {
    this.#process = process;
    this.#token = token;
  }

  #number(): number {
    if (!this.#closed) return this.#token;
    throw tokenError('token-closed', 'This token was closed.', 'Open it again.');
  }

  async info(): Promise<TokenInfo> {
    return this.#process.request('info', { token: this.#number() });
  }

  async login(pin: string | undefined, options: { readonly riskFinalTry?: boolean } = {}): Promise<void> {
    const { riskFinalTry = false } = options;
    await this.#process.request('login', {
      token: this.#number(),
      riskFinalTry,
      ...(pin === undefined ? {} : { pin }),
    });
  }

  async objects(): Promise<readonly TokenObject[]> {
    return this.#process.request('objects', { token: this.#number() });
  }

  async certificates(): Promise<readonly TokenCertificate[]> {
    return this.#process.request('certificates', { token: this.#number() });
  }

  async generateKey(key: KeyRequest): Promise<TokenKey> {
    return this.#process.request('generateKey', {
      token: this.#number(),
      key: { ...key, id: Uint8Array.from(key.id) },
    });
  }

  async findKey(selector: KeySelector): Promise<TokenKey> {
    return this.#process.request('findKey', { token: this.#number(), selector: copyOf(selector) });
  }

  async sign(selector: KeySelector, algorithm: SignatureAlgorithmName, message: Uint8Array): Promise<Uint8Array> {
    return this.#process.request('sign', {
      token: this.#number(),
      selector: copyOf(selector),
      algorithm,
      message: Uint8Array.from(message),
    });
  }

  async destroyKey(id: Uint8Array): Promise<number> {
    return this.#process.request('destroyKey', { token: this.#number(), id: Uint8Array.from(id) });
  }

  async backupLacks(task: 'wrap' | 'restore'): Promise<readonly string[]> {
    return this.#process.request('backupLacks', { token: this.#number(), task });
  }

  async generateWrappingKey(key: WrappingKeyRequest): Promise<TokenKey> {
    return this.#process.request('generateWrappingKey', {
      token: this.#number(),
      key: { ...key, id: Uint8Array.from(key.id) },
    });
  }

  async holdsWrappingKey(spki: Uint8Array): Promise<boolean> {
    return this.#process.request('holdsWrappingKey', { token: this.#number(), spki: Uint8Array.from(spki) });
  }

  async wrapKey({ key, wrappingSpki, oaep }: WrapOrder): Promise<WrappedKey> {
    const order = { key: copyOf(key), wrappingSpki: Uint8Array.from(wrappingSpki), oaep };
    return this.#process.request('wrapKey', { token: this.#number(), order });
  }

  async unwrapKey({ wrapping, oaep, wrapped, spki, label, id }: UnwrapOrder): Promise<TokenKey> {
    const { transport, check, key } = wrapped;
    const copied = { transport: Uint8Array.from(transport), key: Uint8Array.from(key) };
    const order = {
      wrapping: copyOf(wrapping),
      oaep,
      wrapped: check === undefined ? copied : { ...copied, check: Uint8Array.from(check) },
      spki: Uint8Array.from(spki),
      label,
      id: Uint8Array.from(id),
    };
    return this.#process.request('unwrapKey', { token: this.#number(), order });
  }

  async sealKey(selector: KeySelector): Promise<TokenKey> {
    return this.#process.request('sealKey', { token: this.#number(), selector: copyOf(selector) });
  }

  async changePin(from: string, to: string): Promise<void> {
    await this.#process.request('changePin', { token: this.#number(), from, to });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    const token = this.#number();
    this.#closed = true;
    // A process that is gone has closed its tokens.
    if (this.#process.alive) await this.#process.request('close', { token }).catch(() => undefined);
  }
}

/** Only what the protocol knows, and what is asked for now: the caller's arrays may change while the request waits. */
function copyOf({ spki, id }: KeySelector): { spki: Uint8Array<ArrayBuffer>; id?: Uint8Array<ArrayBuffer> } {
  return { spki: Uint8Array.from(spki), ...(id === undefined ? {} : { id: Uint8Array.from(id) }) };
}
