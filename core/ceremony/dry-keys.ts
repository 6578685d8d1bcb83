import { toBase64 } from '../ports/base64.ts';
import { toHex } from '../ports/hex.ts';
import type { ThrowawayKeys } from '../ports/throwaway.ts';
import type { KeySelector } from '../ports/token.ts';
import type { Verifier } from '../ports/verifier.ts';
import type { CeremonyKey } from './state.ts';

type Throwaway = Awaited<ReturnType<ThrowawayKeys>>;

/**
 * The keys of a dry run. A planned key is a throwaway pair; a key that exists already on a real token is stood in for
 * by one, and signatures it makes are accepted for the real public key: a dry run proves bytes, not keys.
 */
export class DryKeys {
  readonly #bySpki = new Map<string, Throwaway>();
  readonly #standIns = new Map<string, Throwaway>();
  readonly #destroyed = new Set<string>();
  readonly #restored: { readonly serial: string; readonly key: CeremonyKey }[] = [];
  readonly #throwaway: ThrowawayKeys;

  constructor(throwaway: ThrowawayKeys) {
    this.#throwaway = throwaway;
  }

  async generate(algorithm: CeremonyKey['algorithm']): Promise<Throwaway> {
    const key = await this.#throwaway(algorithm);
    this.#bySpki.set(toBase64(key.spki), key);
    return key;
  }

  /** From here on the device of this serial number holds this key too. */
  restore(serial: string, key: CeremonyKey): void {
    this.#restored.push({ serial, key });
  }

  /** Keys that were restored on this device. */
  restoredOn(serial: string): readonly CeremonyKey[] {
    return this.#restored.filter((one) => one.serial === serial).map(({ key }) => key);
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
