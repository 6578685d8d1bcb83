import { fromBase64, toBase64 } from '../ports/base64.ts';
import { fromHex, toHex } from '../ports/hex.ts';
import { CodedError } from '../ports/coded-error.ts';
import type { ThrowawayKeys } from '../ports/throwaway.ts';
import type { KeyAttributes, KeySelector, Token, TokenInfo, TokenKey, TokenObject } from '../ports/token.ts';
import type { Verifier } from '../ports/verifier.ts';
import type { BoundToken, CeremonyKey } from './state.ts';

type Throwaway = Awaited<ReturnType<ThrowawayKeys>>;

const attributes: KeyAttributes = {
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

/**
 * The keys of a dry run. A planned key is a throwaway pair; a key that exists already on a real token is stood in for
 * by one, and signatures it makes are accepted for the real public key: a dry run proves bytes, not keys.
 */
export class DryKeys {
  readonly #bySpki = new Map<string, Throwaway>();
  readonly #standIns = new Map<string, Throwaway>();
  readonly #destroyed = new Set<string>();
  readonly #throwaway: ThrowawayKeys;

  constructor(throwaway: ThrowawayKeys) {
    this.#throwaway = throwaway;
  }

  async generate(algorithm: CeremonyKey['algorithm']): Promise<Throwaway> {
    const key = await this.#throwaway(algorithm);
    this.#bySpki.set(toBase64(key.spki), key);
    return key;
  }

  /** From here on the key of this CKA_ID is gone. */
  destroy(id: Uint8Array): void {
    this.#destroyed.add(toHex(id));
  }

  isDestroyed(id: string): boolean {
    return this.#destroyed.has(id);
  }

  /** The pair that signs for this public key. */
  async pairFor({ spki }: KeySelector, algorithm: CeremonyKey['algorithm']): Promise<Throwaway> {
    const name = toBase64(spki);
    const known = this.#bySpki.get(name) ?? this.#standIns.get(name);
    if (known !== undefined) return known;
    const standIn = await this.#throwaway(algorithm);
    this.#standIns.set(name, standIn);
    return standIn;
  }

  /** True when signatures for this key are made by a stand-in. */
  isStoodIn(spki: Uint8Array): boolean {
    return this.#standIns.has(toBase64(spki));
  }

  /** True when anything was signed by a stand-in. */
  get anyStoodIn(): boolean {
    return this.#standIns.size > 0;
  }

  /** A verifier that also accepts a stand-in's signature for the key it stands for. */
  verifier(verify: Verifier): Verifier {
    return (spki, algorithm, message, signature) => {
      if (verify(spki, algorithm, message, signature)) return true;
      const standIn = this.#standIns.get(toBase64(spki));
      return standIn !== undefined && verify(standIn.spki, algorithm, message, signature);
    };
  }
}

function missing(): CodedError {
  return new CodedError({
    code: 'token-key-missing',
    message: 'The key is not on the token.',
    remedy: 'Check the plan’s token names.',
  });
}

/** CKA_ID of a key; for one of an earlier ceremony, which is not known yet, something that stands for it. */
function idOf({ id, spki }: CeremonyKey): string {
  return id ?? toHex(fromBase64(spki).subarray(-16));
}

/** A token that exists only for a dry run: it holds what the plan says the real one holds at that point. */
export function dryToken(bound: BoundToken, held: () => readonly CeremonyKey[], keys: DryKeys): Token {
  const info: TokenInfo = {
    ...bound,
    pinState: 'normal',
    pinInitialized: true,
    protectedPath: false,
    pinLength: { minimum: 0, maximum: 255 },
  };
  const there = (): readonly CeremonyKey[] => held().filter((key) => !keys.isDestroyed(idOf(key)));
  const find = (selector: KeySelector): CeremonyKey => {
    const found = there().find(({ spki }) => spki === toBase64(selector.spki));
    if (found === undefined) throw missing();
    return found;
  };
  return {
    info: () => Promise.resolve(info),
    login: () => Promise.resolve(),
    objects: () =>
      Promise.resolve(
        there().map((key): TokenObject => {
          const { spki, algorithm } = key;
          return { kind: 'private-key', label: '', id: idOf(key), algorithm, spki: fromBase64(spki) };
        }),
      ),
    generateKey: async ({ algorithm, id, label }): Promise<TokenKey> => {
      const { spki } = await keys.generate(algorithm);
      return { id, label, algorithm, spki, attributes };
    },
    findKey: (selector) => {
      const key = find(selector);
      const { algorithm } = key;
      return Promise.resolve({
        id: selector.id ?? fromHex(idOf(key)),
        label: '',
        algorithm,
        spki: selector.spki,
        attributes,
      });
    },
    sign: async (selector, algorithm, message) => {
      const pair = await keys.pairFor(selector, find(selector).algorithm);
      return pair.sign(algorithm, message);
    },
    destroyKey: (id) => {
      const gone = there().filter((key) => idOf(key) === toHex(id)).length;
      keys.destroy(id);
      return Promise.resolve(2 * gone);
    },
    changePin: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
