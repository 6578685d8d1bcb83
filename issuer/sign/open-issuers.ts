import type { Bundle } from '../../core/bundle/bundle.ts';
import type { Config } from '../ops/config.ts';
import { Refused } from '../ops/refused.ts';
import { bundleIssuer, makeIssuer, type Issuer } from './issuer.ts';
import { widerThanSigned, type Locate } from './policy.ts';
import type { IssuerKeys } from './issuer-keys.ts';

/** Opened issuing CAs. */
export class Issuers {
  readonly #byName: ReadonlyMap<string, Issuer>;

  constructor(byName: ReadonlyMap<string, Issuer>) {
    this.#byName = byName;
  }

  get all(): readonly Issuer[] {
    return [...this.#byName.values()];
  }

  /** One that the configuration names: all of those have been opened. */
  get(name: string): Issuer {
    const issuer = this.#byName.get(name);
    if (issuer === undefined) throw new Error(`the issuing CA ${name} was not opened`);
    return issuer;
  }
}

/**
 * The issuing CAs that a configuration uses: each in the bundle, its key on the token (found by the key in its
 * certificate), and no directory wider than what was signed for it. Everything else is a refusal to start.
 */
export async function openIssuers(
  bundle: Bundle,
  keys: IssuerKeys,
  { directories, tls }: Pick<Config, 'directories' | 'tls'>,
  locate: Locate,
): Promise<Issuers> {
  const names = new Set([tls.issuer, ...Object.values(directories).map(({ issuer }) => issuer)]);
  const opened = new Map<string, Issuer>();
  for (const name of names) {
    const found = bundleIssuer(bundle, name);
    const selector = { spki: found.certificate.tbs.spki };
    await keys.require(selector);
    opened.set(
      name,
      makeIssuer(found, (algorithm, message) => keys.sign(selector, algorithm, message)),
    );
  }
  const issuers = new Issuers(opened);
  const refusals = Object.entries(directories).flatMap(([name, directory]) =>
    widerThanSigned(name, directory, issuers.get(directory.issuer), locate),
  );
  if (refusals.length > 0) throw new Refused(refusals);
  return issuers;
}
