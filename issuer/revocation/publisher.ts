import type { Bundle } from '../../core/bundle/bundle.ts';
import { SingleFlight } from '../acme/single-flight.ts';
import type { PublicCrl, PublicFiles } from '../http/public-routes.ts';
import type { Logger } from '../ops/log.ts';
import type { IssueTools } from '../sign/issue.ts';
import type { Issuers } from '../sign/open-issuers.ts';
import type { Database } from '../store/database.ts';
import { lastCrl, type StoredCrl } from '../store/last-crl.ts';
import { ensureCrl, type CrlSettings } from './make-crl.ts';

/** Revocations that come together go into one CRL: so long it waits for more. */
const debounceMilliseconds = 500;

export interface PublisherOptions {
  readonly database: Database;
  /** The bundle in use and the issuing CAs of it whose keys we hold. */
  readonly generation: () => { readonly bundle: Bundle; readonly issuers: Issuers };
  readonly settings: CrlSettings;
  readonly tools: IssueTools;
  readonly log: Logger;
}

/** Keeps the CRLs of our issuing CAs fresh, and hands out CRLs and certificates of every CA in the bundle. */
export class Publisher implements PublicFiles {
  readonly #options: PublisherOptions;
  readonly #waiting = new Map<string, NodeJS.Timeout>();
  /** The newest CRLs as they were last asked for. */
  readonly #kept = new Map<string, StoredCrl>();
  readonly #looks = new SingleFlight<StoredCrl | undefined>();

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Makes every CRL that is due. */
  async refresh(): Promise<void> {
    const { database, generation, settings, tools } = this.#options;
    for (const issuer of generation().issuers.all) await ensureCrl(database, issuer, settings, tools);
  }

  /** Something was revoked: a new CRL follows shortly. */
  revoked(issuer: string): void {
    if (this.#waiting.has(issuer)) return;
    const timer = setTimeout(() => {
      this.#waiting.delete(issuer);
      // A failure here is no loss: the regular refresh sees that a revocation is not listed yet.
      this.refresh().catch((error: unknown) => this.#options.log.error({ err: error, issuer }, 'CRL not made'));
    }, debounceMilliseconds);
    timer.unref();
    this.#waiting.set(issuer, timer);
  }

  async crl(name: string): Promise<PublicCrl | undefined> {
    const { generation, database } = this.#options;
    const { bundle, issuers } = generation();
    if (issuers.all.some((issuer) => issuer.name === name)) {
      // However many ask for it at a time: one look, and one copy in memory.
      const last = await this.#looks.run(name, () => lastCrl(database, name, this.#kept.get(name)));
      if (last === undefined) return undefined;
      this.#kept.set(name, last);
      return this.#public(last.der, last.next_update);
    }
    const offline = bundle.crls.find(({ issuer }) => issuer === name)?.crl;
    return offline === undefined ? undefined : this.#public(offline.raw, offline.tbs.nextUpdate ?? 0);
  }

  #public(der: Uint8Array, nextUpdate: number): PublicCrl {
    return { der, nextUpdate, secondsLeft: nextUpdate - this.#options.tools.clock.now() };
  }

  certificate(name: string): Uint8Array | undefined {
    const { certificates, manifest } = this.#options.generation().bundle;
    const isCa = [...manifest.roots, ...manifest.issuers].some((entry) => entry.name === name);
    return isCa ? certificates.get(name)?.raw : undefined;
  }

  stop(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }
}
