// Tokens in memory, with software keys, as core/ports/token.ts wants them. They can be told to fail at one exact point,
// and they keep what a device keeps: keys outlive sessions, and logins do not.
import { losesLogin } from '../../../core/ceremony/login-loss.ts';
import { exactlyOne } from '../../../core/node/pkcs11/choose-token.ts';
import { CodedError } from '../../../core/ports/coded-error.ts';
import { concatBytes, equalBytes, utf8 } from '../../../core/ports/bytes.ts';
import { toHex } from '../../../core/ports/hex.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import type { KeyBackup, WrappedKey } from '../../../core/ports/key-backup.ts';
import { isBlankName, matchesBlank, parseBlankName } from '../../../core/ports/blank-token.ts';
import { matchesToken, parseTokenName } from '../../../core/ports/pkcs11-uri.ts';
import type { TokenCertificate } from '../../../core/ports/token-certificates.ts';
import type { TokenInitializer } from '../../../core/ports/token-initializer.ts';
import { throwawayKey, type ThrowawayKey } from '../../../core/node/throwaway-key.ts';
import type { KeyAlgorithmName } from '../../../core/ports/algorithm-names.ts';
import type { KeyAttributes, KeySelector, Token, TokenInfo, TokenKey, TokenObject } from '../../../core/ports/token.ts';
import type { TokenProvider } from '../../../core/ports/token.ts';
import { testKey, testKeyAlgorithms, type TestKeyName } from '../../vectors/test-keys.ts';

/** What a device says of a key that it made as it was asked to. */
export const asGenerated: KeyAttributes = {
  token: true,
  private: true,
  sensitive: true,
  extractable: false,
  sign: true,
  decrypt: false,
  unwrap: false,
  derive: false,
  modifiable: false,
  local: true,
  alwaysSensitive: true,
  neverExtractable: true,
};

type SoftwareKey = Pick<ThrowawayKey, 'spki' | 'sign'>;
type Vault = Map<string, StoredKey>;
type KeySupply = (algorithm: KeyAlgorithmName) => Promise<SoftwareKey>;

/** A key pair as the device keeps it. */
export interface StoredKey {
  readonly id: string;
  readonly label: string;
  readonly algorithm: KeyAlgorithmName;
  readonly key: SoftwareKey;
  readonly attributes: KeyAttributes;
  /** What is there of the pair: an interruption can leave one half. */
  readonly halves: readonly ('private-key' | 'public-key')[];
}

type Operation =
  | 'initialize'
  | 'setUserPin'
  | 'certificates'
  | 'login'
  | 'objects'
  | 'generateKey'
  | 'generateWrappingKey'
  | 'findKey'
  | 'sign'
  | 'destroyKey'
  | 'changePin'
  | 'wrapKey'
  | 'unwrapKey'
  | 'sealKey'
  | 'info';

/** One failure to come: of the next call of an operation, before or after it was done. */
interface Fault {
  readonly operation: Operation;
  readonly error: CodedError;
  readonly when: 'before' | 'after';
}

function tokenError(code: string): CodedError {
  return new CodedError({ code, message: `The token says ${code}.`, remedy: 'Do what the test says.' });
}

/** A device. `keys` is what is on it; everything else a session has to earn. */
export class MemoryToken {
  /** What the device says of itself; a test may put another device in its place. */
  info: TokenInfo;
  pin: string;
  soPin = 'so-pin-of-the-memory';
  /** It was never in use: nobody sees it among the tokens. */
  blank = false;
  keys: readonly StoredKey[] = [];
  certificates: readonly TokenCertificate[] = [];
  /** Every call, in order. */
  readonly calls: Operation[] = [];
  /** What it says it lacks for backups. */
  lacks: readonly string[] = [];
  /** What keys restored on it come out with, against what was asked for. */
  restoredAs: Partial<KeyAttributes> = {};
  /** Awaited in every call: a test may hold it back. */
  pace: (operation: Operation) => Promise<void> = () => Promise.resolve();
  readonly #makeKey: KeySupply;
  readonly #vault: Vault;
  #faults: readonly Fault[] = [];
  #session = 0;
  #loggedIn = false;

  constructor(serial: string, label: string, pin: string, makeKey: KeySupply, vault: Vault = new Map()) {
    this.pin = pin;
    this.#vault = vault;
    this.#makeKey = makeKey;
    this.info = {
      label,
      manufacturer: 'Coldroot test',
      model: 'Memory',
      serial,
      firmware: '1.0',
      pinState: 'normal',
      pinInitialized: true,
      protectedPath: false,
      pinLength: { minimum: 4, maximum: 32 },
    };
  }

  /** The next call of this operation fails with this code; `after` means that it was done all the same. */
  failNext(operation: Operation, code: string, when: Fault['when'] = 'before'): void {
    this.#faults = [...this.#faults, { operation, error: tokenError(code), when }];
  }

  /** The device was pulled out, or its process died: sessions and logins are gone, keys are not. */
  lose(): void {
    this.#session += 1;
    this.#loggedIn = false;
  }

  /** Never in use: no label, no user, and the serial it will have only where `serial` says so. */
  makeBlank(serial = ''): void {
    this.blank = true;
    this.info = { ...this.info, label: '', serial, pinInitialized: false };
  }

  /** The security officer initialises it, as the n-th blank one: the serial says so. */
  initialize(soPin: string, label: string, serial: string): Promise<void> {
    return this.#call('initialize', this.#session, () => {
      if (!this.blank && soPin !== this.soPin) throw tokenError('token-so-pin-incorrect');
      this.keys = [];
      this.soPin = soPin;
      this.blank = false;
      this.info = { ...this.info, label, serial, pinInitialized: false };
    });
  }

  setUserPin(soPin: string, pin: string): Promise<void> {
    return this.#call('setUserPin', this.#session, () => {
      if (soPin !== this.soPin) throw tokenError('token-so-pin-incorrect');
      this.pin = pin;
      this.info = { ...this.info, pinInitialized: true };
    });
  }

  open(): Token {
    const session = this.#session;
    const call = <T>(operation: Operation, work: () => Promise<T> | T): Promise<T> =>
      this.#call(operation, session, work);
    return {
      info: () => call('info', () => this.info),
      login: (pin) =>
        call('login', () => {
          if (pin !== this.pin) throw tokenError('token-pin-incorrect');
          this.#loggedIn = true;
        }),
      objects: () => call('objects', () => this.#objects()),
      certificates: () => call('certificates', () => this.certificates),
      generateKey: (request) =>
        call('generateKey', async () => {
          this.#requireLogin();
          const { algorithm, label } = request;
          const id = toHex(request.id);
          if (this.keys.some((key) => key.id === id)) throw tokenError('token-key-id-exists');
          if (this.keys.some((key) => key.label === label)) throw tokenError('token-key-label-exists');
          const key = await this.#makeKey(algorithm);
          const extractable = request.wrappable === true;
          const attributes = { ...asGenerated, extractable, modifiable: extractable };
          return this.#store({ id, label, algorithm, key, attributes });
        }),
      ...this.#backup(call),
      findKey: (selector) => call('findKey', () => describe(this.#find(selector))),
      sign: (selector, algorithm, message) => call('sign', () => this.#find(selector).key.sign(algorithm, message)),
      destroyKey: (id) =>
        call('destroyKey', () => {
          this.#requireLogin();
          const gone = this.keys.filter((key) => key.id === toHex(id));
          this.keys = this.keys.filter((key) => !gone.includes(key));
          return gone.reduce((count, { halves }) => count + halves.length, 0);
        }),
      changePin: (from, to) =>
        call('changePin', () => {
          if (from !== this.pin) throw tokenError('token-pin-incorrect');
          this.pin = to;
        }),
      close: () => Promise.resolve(),
    };
  }

  #store(key: Omit<StoredKey, 'halves'>): TokenKey {
    const stored = { ...key, halves: ['private-key', 'public-key'] } as const;
    this.keys = [...this.keys, stored];
    return describe(stored);
  }

  /** Keys that were wrapped are in the vault all devices of a test share: what goes between them is only their name. */
  #backup(call: <T>(operation: Operation, work: () => Promise<T> | T) => Promise<T>): KeyBackup {
    return {
      backupLacks: () => Promise.resolve(this.lacks),
      generateWrappingKey: ({ algorithm, label, id }) =>
        call('generateWrappingKey', async () => {
          this.#requireLogin();
          const attributes = { ...asGenerated, sign: false, unwrap: true };
          return this.#store({ id: toHex(id), label, algorithm, key: await this.#makeKey(algorithm), attributes });
        }),
      holdsWrappingKey: (spki) =>
        Promise.resolve(this.keys.some(({ key, attributes }) => attributes.unwrap && equalBytes(key.spki, spki))),
      wrapKey: ({ key, wrappingSpki }) =>
        call('wrapKey', () => {
          const found = this.#find(key);
          if (!found.attributes.extractable) throw tokenError('token-key-unextractable');
          return wrapInto(this.#vault, found, wrappingSpki);
        }),
      unwrapKey: ({ wrapping, wrapped, label, id, spki }) =>
        call('unwrapKey', () => {
          this.#find(wrapping);
          const found = this.#vault.get(nameOfWrapped(wrapped, wrapping.spki));
          if (found === undefined) throw tokenError('token-backup-unreadable');
          const copied = { local: false, alwaysSensitive: false, neverExtractable: false };
          const attributes = { ...asGenerated, ...copied, ...this.restoredAs };
          const restored = this.#store({ ...found, id: toHex(id), label, attributes });
          if (!equalBytes(restored.spki, spki)) throw tokenError('token-wrong-key');
          return restored;
        }),
      sealKey: (selector) =>
        call('sealKey', () => {
          const found = this.#find(selector);
          const sealed = { ...found, attributes: { ...found.attributes, extractable: false } };
          this.keys = this.keys.map((key) => (key === found ? sealed : key));
          return describe(sealed);
        }),
    };
  }

  async #call<T>(operation: Operation, session: number, work: () => Promise<T> | T): Promise<T> {
    this.calls.push(operation);
    if (session !== this.#session) throw tokenError('token-session-lost');
    const fault = this.#faults.find((one) => one.operation === operation);
    this.#faults = this.#faults.filter((one) => one !== fault);
    if (fault?.when === 'before') throw this.#failing(fault);
    await this.pace(operation);
    const result = await work();
    if (fault?.when === 'after') throw this.#failing(fault);
    return result;
  }

  #failing({ error }: Fault): CodedError {
    if (losesLogin(error.code)) this.lose();
    return error;
  }

  #requireLogin(): void {
    if (!this.#loggedIn) throw tokenError('token-not-logged-in');
  }

  #find(selector: KeySelector): StoredKey {
    this.#requireLogin();
    const found = this.keys.filter(
      ({ key, id, halves }) =>
        equalBytes(key.spki, selector.spki) &&
        (selector.id === undefined || toHex(selector.id) === id) &&
        halves.includes('private-key'),
    );
    const [only] = found;
    if (only === undefined) throw tokenError('token-key-missing');
    if (found.length > 1) throw tokenError('token-key-ambiguous');
    return only;
  }

  #objects(): readonly TokenObject[] {
    const certificates = this.certificates.map(({ label, id }) => ({ kind: 'certificate', label, id }) as const);
    const keys = this.keys.flatMap(({ halves, label, id, algorithm, attributes, key }) =>
      halves
        .filter((kind) => this.#loggedIn || kind === 'public-key')
        .map((kind) => ({
          kind,
          label,
          id,
          algorithm,
          ...(kind === 'private-key' ? { attributes } : {}),
          ...(halves.includes('public-key') ? { spki: key.spki } : {}),
        })),
    );
    return [...keys, ...certificates];
  }
}

/** What a wrapped key is known by in the vault. */
function nameOfWrapped({ transport, key }: WrappedKey, wrappingSpki: Uint8Array): string {
  return toHex(nodeDigest('sha256', concatBytes(transport, key, wrappingSpki)));
}

function wrapInto(vault: Vault, stored: StoredKey, wrappingSpki: Uint8Array): WrappedKey {
  const part = (what: string, times: number) =>
    concatBytes(...Array<Uint8Array>(times).fill(nodeDigest('sha256', concatBytes(utf8(what), stored.key.spki))));
  const wrapped = { transport: part('transport', 12), key: part('key', 8), check: part('check', 1).subarray(0, 3) };
  vault.set(nameOfWrapped(wrapped, wrappingSpki), stored);
  return wrapped;
}

function describe({ id, label, algorithm, key, attributes }: StoredKey): TokenKey {
  return { id: Uint8Array.from(Buffer.from(id, 'hex')), label, algorithm, spki: key.spki, attributes };
}

/** Gives out the fixed test keys first, so that what is made with them is the same every time, and then new ones. */
export function keySupply(): KeySupply {
  const left = new Set(Object.keys(testKeyAlgorithms) as TestKeyName[]);
  return async (algorithm) => {
    const name = [...left].find((one) => testKeyAlgorithms[one] === algorithm);
    if (name === undefined) return throwawayKey(algorithm);
    left.delete(name);
    const { spki, sign } = testKey(name);
    return { spki, sign: (how, message) => Promise.resolve(sign(how, message)) };
  };
}

/** The devices that are plugged in. */
export class MemoryTokens implements TokenProvider, TokenInitializer {
  readonly devices: readonly MemoryToken[];
  #made = 0;

  constructor(devices: readonly MemoryToken[]) {
    this.devices = devices;
  }

  list(): Promise<readonly TokenInfo[]> {
    return Promise.resolve(this.devices.filter(({ blank }) => !blank).map(({ info }) => info));
  }

  blanks(): Promise<readonly TokenInfo[]> {
    return Promise.resolve(this.devices.filter(({ blank }) => blank).map(({ info }) => info));
  }

  initialize(name: string, soPin: string, label: string): Promise<void> {
    const blank = isBlankName(name) ? parseBlankName(name) : undefined;
    const found =
      blank === undefined
        ? this.#named(name)
        : this.devices.find((device) => device.blank && matchesBlank(blank, device.info));
    if (found === undefined) return Promise.reject(tokenError('token-missing'));
    this.#made += found.info.serial === '' ? 1 : 0;
    return found.initialize(soPin, label, found.info.serial === '' ? `00000000000new${this.#made}` : found.info.serial);
  }

  setUserPin(uri: string, soPin: string, pin: string): Promise<void> {
    return this.#named(uri)?.setUserPin(soPin, pin) ?? Promise.reject(tokenError('token-missing'));
  }

  #named(uri: string): MemoryToken | undefined {
    const name = parseTokenName(uri);
    return this.devices.find((device) => !device.blank && matchesToken(name, device.info));
  }

  open(uri: string): Promise<Token> {
    return Promise.resolve().then(() => {
      const present = this.devices
        .filter(({ blank }) => !blank)
        .map((device) => ({ device, info: device.info, place: 'memory' }));
      return exactlyOne(parseTokenName(uri), present).device.open();
    });
  }
}
