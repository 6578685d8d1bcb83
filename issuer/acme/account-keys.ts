import { findAccountKey } from '../store/find-account-key.ts';
import type { Database } from '../store/database.ts';
import { readJwk, type JwkKey } from './jws/jwk.ts';
import { Lru } from './lru.ts';

/**
 * Keys of accounts, parsed and kept: to parse one costs as much as to verify with it. A kept key may be out of date;
 * every statement of a request checks it again by its thumbprint, and the nonce is not spent when it does not fit.
 */
export class AccountKeys {
  readonly #database: Database;
  readonly #kept: Lru<JwkKey>;

  constructor(database: Database, maximum: number) {
    this.#database = database;
    this.#kept = new Lru(maximum);
  }

  /** The key as it was last seen. */
  kept(id: string): JwkKey | undefined {
    return this.#kept.get(id);
  }

  /** The key as the database has it now; undefined when this directory has no such account. */
  async load(directory: string, id: string): Promise<JwkKey | undefined> {
    const jwk = await findAccountKey(this.#database, directory, id);
    if (jwk === undefined) return undefined;
    const key = readJwk(jwk);
    this.#kept.set(id, key);
    return key;
  }

  keep(id: string, key: JwkKey): void {
    this.#kept.set(id, key);
  }

  forget(id: string): void {
    this.#kept.delete(id);
  }
}
