import type { Bundle } from '../../core/bundle/bundle.ts';
import { nodeDigest } from '../../core/node/crypto.ts';
import { makeDirectory, type Directory } from '../acme/directory.ts';
import { openAuthorities, type OcspAuthority } from '../revocation/ocsp/authority.ts';
import { loadChains } from '../sign/chains.ts';
import { openIssuers, type Issuers } from '../sign/open-issuers.ts';
import type { IssuerKeys } from '../sign/issuer-keys.ts';
import type { Database } from '../store/database.ts';
import type { Loaded } from './loaded.ts';

/** Everything that follows from one bundle: made whole before it is used, and replaced whole. */
export interface Generation {
  readonly bundle: Bundle;
  readonly issuers: Issuers;
  readonly directories: ReadonlyMap<string, Directory>;
  /** Chains in PEM, by the name of the issuing CA. */
  readonly chains: ReadonlyMap<string, readonly string[]>;
  /** Issuing CAs that OCSP answers for: none where it is not configured. */
  readonly authorities: ReadonlyMap<string, OcspAuthority>;
}

/** Opens what a verified bundle brought. Whatever is refused leaves the generation in use as it was. */
export async function openGeneration(
  { config, locate }: Loaded,
  bundle: Bundle,
  keys: IssuerKeys,
  database: Database,
): Promise<Generation> {
  const issuers = await openIssuers(bundle, keys, config, locate);
  const directories = new Map(
    Object.entries(config.directories).map(([name, directory]) => [
      name,
      makeDirectory(name, directory, issuers.get(directory.issuer), config.baseUrl),
    ]),
  );
  const authorities =
    config.ocsp === undefined ? new Map<string, never>() : await openAuthorities(bundle, issuers, keys, nodeDigest);
  return { bundle, issuers, directories, chains: await loadChains(database), authorities };
}

/**
 * The generation in use. A request takes its directory once and keeps it to its end, so that none ever sees half of two
 * bundles.
 */
export class Live {
  #current: Generation;

  constructor(first: Generation) {
    this.#current = first;
  }

  get current(): Generation {
    return this.#current;
  }

  use(next: Generation): void {
    this.#current = next;
  }
}
