import { systemClock as clock } from '../../core/node/clock.ts';
import { issueOwnCertificate, type OwnCertificate } from '../sign/own-certificate.ts';
import type { Composition } from './compose.ts';

/** Whoever serves with the certificate. */
interface Server {
  useCertificate(own: OwnCertificate): void;
}

type Parts = Pick<Composition, 'config' | 'live' | 'tools' | 'database' | 'log' | 'serving'>;

/** The certificate this process serves with: issued by ourselves, and anew in good time. */
export class OwnTls {
  readonly #parts: Parts;
  readonly #servers: Server[] = [];
  #current: OwnCertificate;

  private constructor(parts: Parts, first: OwnCertificate) {
    this.#parts = parts;
    this.#current = first;
    parts.serving.certificate = first;
  }

  static async issue(parts: Parts): Promise<OwnTls> {
    return new OwnTls(parts, await OwnTls.#make(parts));
  }

  static #make({ config, live, tools, database }: Parts): Promise<OwnCertificate> {
    return issueOwnCertificate(config.tls, live.current.issuers.get(config.tls.issuer), tools, database);
  }

  get current(): OwnCertificate {
    return this.#current;
  }

  /** These get every further one. */
  serves(server: Server): void {
    this.#servers.push(server);
  }

  /** A job: a new one when two thirds of its life are over. */
  async renew(): Promise<void> {
    if (clock.now() < this.#current.renewAt) return;
    this.#current = await OwnTls.#make(this.#parts);
    this.#parts.serving.certificate = this.#current;
    for (const server of this.#servers) server.useCertificate(this.#current);
    this.#parts.log.info({}, 'own TLS certificate renewed');
  }
}
