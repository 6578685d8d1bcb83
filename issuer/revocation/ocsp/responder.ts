import { monotonicSeconds } from '../../../core/node/clock.ts';
import { isCoded } from '../../../core/ports/coded-error.ts';
import { toHex } from '../../../core/ports/hex.ts';
import { readOcspRequest, type OcspRequest } from '../../../core/x509/ocsp/request.ts';
import { encodeOcspError, type OcspErrorStatus } from '../../../core/x509/ocsp/response.ts';
import type { CertificateStatus } from '../../../core/x509/ocsp/response-data.ts';
import { Lru } from '../../acme/lru.ts';
import { SingleFlight } from '../../acme/single-flight.ts';
import type { OcspAnswer, OcspAnswers } from '../../http/ocsp-routes.ts';
import type { Logger } from '../../ops/log.ts';
import { Seldom } from '../../ops/seldom.ts';
import { isPassing } from '../../ops/passing.ts';
import type { IssueTools } from '../../sign/issue.ts';
import type { Database } from '../../store/database.ts';
import { isAbout, signerAt, type OcspAuthority, type OcspSigner } from './authority.ts';
import { signAnswer, type SignedAnswer } from './sign-answer.ts';
import { statusesOf, statusText } from './status.ts';

/** Answers of about a kilobyte each. */
const mostKept = 10_000;
/** Looks at the record at a time: connections to the database are there for orders first. */
const mostLooking = 32;
/** A fault is said so often, however many requests meet it. */
const secondsBetweenLines = 10;
/** Signatures at a time: the token is there for certificates first. */
const mostSigning = 16;

export interface ResponderOptions {
  readonly database: Database;
  /** The issuing CAs of the bundle in use, by name. */
  readonly authorities: () => ReadonlyMap<string, OcspAuthority>;
  readonly settings: { readonly lifetime: number; readonly nonces: boolean };
  readonly tools: Pick<IssueTools, 'clock' | 'digest' | 'verify'>;
  readonly log: Logger;
  /** Hears how each request ended, in a word of this program, and how long it took. */
  readonly onAnswer: (how: string, seconds: number) => void;
}

interface Kept extends SignedAnswer {
  readonly signer: OcspSigner;
  readonly status: string;
  readonly etag: string;
}

/** What is known of a question at the moment. */
interface Found {
  readonly request: OcspRequest;
  readonly authority: OcspAuthority;
  readonly signer: OcspSigner;
  readonly statuses: readonly CertificateStatus[];
  readonly now: number;
}

/**
 * Answers OCSP requests (RFC 6960, RFC 5019). Each looks at the record; what is saved by keeping an answer is its
 * signature, so that no answer says "good" once a revocation is on record.
 */
export class OcspResponder implements OcspAnswers {
  readonly #options: ResponderOptions;
  readonly #kept = new Lru<Kept>(mostKept);
  readonly #flights = new SingleFlight<Kept | undefined>();
  readonly #seldom = new Seldom(secondsBetweenLines, monotonicSeconds);
  #looking = 0;
  #signing = 0;

  constructor(options: ResponderOptions) {
    this.#options = options;
  }

  async answer(name: string, request: Uint8Array): Promise<OcspAnswer | undefined> {
    const { authorities, onAnswer } = this.#options;
    const authority = authorities().get(name);
    if (authority === undefined) return undefined;
    const from = monotonicSeconds();
    const { how, ...answer } = await this.#answer(authority, request).catch((error: unknown) => this.#failed(error));
    onAnswer(how, monotonicSeconds() - from);
    return answer;
  }

  #refusal(how: OcspErrorStatus): OcspAnswer & { how: OcspErrorStatus } {
    return { how, der: encodeOcspError(how) };
  }

  #failed(error: unknown): OcspAnswer & { how: OcspErrorStatus } {
    const passing = isPassing(error);
    const unsaid = this.#seldom.ask(error instanceof Error && 'code' in error ? String(error.code) : '');
    if (unsaid !== undefined) {
      this.#options.log[passing ? 'warn' : 'error']({ err: error, unsaid }, 'no OCSP answer');
    }
    return this.#refusal(passing ? 'tryLater' : 'internalError');
  }

  #read(bytes: Uint8Array): OcspRequest | undefined {
    try {
      const { requests, nonce } = readOcspRequest(bytes);
      return { requests, nonce: this.#options.settings.nonces ? nonce : undefined };
    } catch (error) {
      if (isCoded(error)) return undefined;
      throw error;
    }
  }

  async #answer(authority: OcspAuthority, bytes: Uint8Array): Promise<OcspAnswer & { how: string }> {
    const request = this.#read(bytes);
    if (request === undefined) return this.#refusal('malformedRequest');
    const { database, tools } = this.#options;
    const now = tools.clock.now();
    const signer = signerAt(authority, now);
    if (!request.requests.every((each) => isAbout(authority, each))) return this.#refusal('unauthorized');
    // Nobody may sign now: the certificates of all have ended, which EndWatch has been saying for weeks.
    if (signer === undefined) return this.#refusal('tryLater');
    if (this.#looking >= mostLooking) return this.#refusal('tryLater');
    this.#looking += 1;
    const statuses = await statusesOf(database, authority.issuer.name, request.requests).finally(
      () => (this.#looking -= 1),
    );
    const found = { request, authority, signer, statuses, now };
    const [status, ...more] = statuses;
    // One that is not on record may be tomorrow.
    const keeps = request.nonce === undefined && more.length === 0 && status !== undefined && status.kind !== 'unknown';
    return keeps ? this.#keptAnswer(found, statusText(status)) : this.#freshAnswer(found);
  }

  async #freshAnswer(found: Found): Promise<OcspAnswer & { how: string }> {
    const signed = await this.#sign(found);
    return signed === undefined ? this.#refusal('tryLater') : { how: 'signed', der: signed.der };
  }

  async #keptAnswer(found: Found, status: string): Promise<OcspAnswer & { how: string }> {
    const { request, authority, signer, now } = found;
    const { digest } = this.#options.tools;
    const asked = digest('sha256', request.requests[0]?.raw ?? new Uint8Array());
    const key = `${authority.issuer.name} ${toHex(asked)}`;
    const known = this.#kept.get(key);
    const half = known === undefined ? 0 : (known.thisUpdate + known.nextUpdate) / 2;
    const good = known !== undefined && known.signer === signer && known.status === status && now < half;
    const kept = good
      ? known
      : await this.#flights.run(`${key} ${status}`, async () => {
          const signed = await this.#sign(found);
          if (signed === undefined) return undefined;
          const made = { ...signed, signer, status, etag: `"${toHex(digest('sha256', signed.der))}"` };
          this.#kept.set(key, made);
          return made;
        });
    if (kept === undefined) return this.#refusal('tryLater');
    const { der, etag, thisUpdate, nextUpdate } = kept;
    const caching = { etag, thisUpdate, nextUpdate, secondsLeft: nextUpdate - now };
    return { how: good ? 'kept' : 'signed', der, caching };
  }

  /** Undefined when so many signatures are under way that this one has to wait. */
  async #sign({ request, statuses, signer, now }: Found): Promise<SignedAnswer | undefined> {
    if (this.#signing >= mostSigning) return undefined;
    this.#signing += 1;
    try {
      const { settings, tools } = this.#options;
      const { requests: questions, nonce } = request;
      const said = { questions, statuses, nonce, signer, thisUpdate: now, lifetime: settings.lifetime };
      return await signAnswer(said, tools.verify);
    } finally {
      this.#signing -= 1;
    }
  }
}
