import { monotonicSeconds } from '../../../core/node/clock.ts';
import { isCoded } from '../../../core/ports/coded-error.ts';
import { toHex } from '../../../core/ports/hex.ts';
import type { CertId } from '../../../core/x509/ocsp/cert-id.ts';
import { readOcspRequest, type OcspRequest } from '../../../core/x509/ocsp/request.ts';
import { encodeOcspError, type OcspErrorStatus } from '../../../core/x509/ocsp/response.ts';
import type { CertificateStatus } from '../../../core/x509/ocsp/response-data.ts';
import { SingleFlight } from '../../acme/single-flight.ts';
import type { OcspAnswer, OcspAnswers } from '../../http/ocsp-routes.ts';
import type { Logger } from '../../ops/log.ts';
import { Seldom } from '../../ops/seldom.ts';
import { isPassing } from '../../ops/passing.ts';
import type { IssueTools } from '../../sign/issue.ts';
import type { Database } from '../../store/database.ts';
import type { AnswerStore, KeptAnswer } from './answer-store.ts';
import { isAbout, signerAt, signersAt, type OcspAuthority, type OcspSigner } from './authority.ts';
import { signAnswer, type SignedAnswer } from './sign-answer.ts';
import { Slots } from './slots.ts';
import { statusesOf, statusText } from './status.ts';

/** Looks at the record at a time: connections to the database are there for orders first. */
const mostLooking = 32;
/** Signatures at a time: the token is there for certificates first. */
const mostSigning = 16;
/** Of them those that are for one client alone, so that whoever sends nonces leaves room for the others. */
const mostForOne = 8;
/** A fault is said so often, however many requests meet it. */
const secondsBetweenLines = 10;

export interface ResponderOptions {
  readonly database: Database;
  readonly store: AnswerStore;
  /** The issuing CAs of the bundle in use, by name. */
  readonly authorities: () => ReadonlyMap<string, OcspAuthority>;
  readonly settings: { readonly lifetime: number; readonly nonces: boolean };
  readonly tools: Pick<IssueTools, 'clock' | 'verify'>;
  readonly log: Logger;
  /** Hears how each request ended, in a word of this program, and how long it took. */
  readonly onAnswer: (how: string, seconds: number) => void;
}

/** What is known of a question at the moment. */
interface Found {
  readonly request: OcspRequest;
  readonly authority: OcspAuthority;
  readonly signer: OcspSigner;
  readonly statuses: readonly CertificateStatus[];
  readonly now: number;
}

type Said = OcspAnswer & { readonly how: string };

/** A question about one certificate, whose answer can be the same for everybody. */
interface Single extends Found {
  readonly question: CertId;
  readonly status: string;
}

function halfOf({ thisUpdate, nextUpdate }: KeptAnswer): number {
  return (thisUpdate + nextUpdate) / 2;
}

/**
 * Answers OCSP requests (RFC 6960, RFC 5019). Each looks at the record; what is saved by keeping an answer is its
 * signature, so that no answer says "good" once a revocation is on record. What was never issued costs no signature.
 */
export class OcspResponder implements OcspAnswers {
  readonly #options: ResponderOptions;
  readonly #flights = new SingleFlight<KeptAnswer | undefined>();
  readonly #seldom = new Seldom(secondsBetweenLines, monotonicSeconds);
  readonly #looking = new Slots(mostLooking);
  readonly #signing = new Slots(mostSigning);
  readonly #signingForOne = new Slots(mostForOne);

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

  #refusal(how: OcspErrorStatus): Said {
    return { how, der: encodeOcspError(how) };
  }

  #complain(error: unknown): void {
    const unsaid = this.#seldom.ask(error instanceof Error && 'code' in error ? String(error.code) : '');
    if (unsaid === undefined) return;
    this.#options.log[isPassing(error) ? 'warn' : 'error']({ err: error, unsaid }, 'no OCSP answer was signed');
  }

  #failed(error: unknown): Said {
    this.#complain(error);
    return this.#refusal(isPassing(error) ? 'tryLater' : 'internalError');
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

  async #answer(authority: OcspAuthority, bytes: Uint8Array): Promise<Said> {
    const request = this.#read(bytes);
    if (request === undefined) return this.#refusal('malformedRequest');
    const { database, tools } = this.#options;
    const now = tools.clock.now();
    const signer = signerAt(authority, now);
    if (!request.requests.every((each) => isAbout(authority, each))) return this.#refusal('unauthorized');
    // Nobody may sign now: the certificates of all have ended, which EndWatch has been saying for weeks.
    if (signer === undefined) return this.#refusal('tryLater');
    const statuses = await this.#looking.use(() => statusesOf(database, authority.issuer.name, request.requests));
    if (statuses === undefined) return this.#refusal('tryLater');
    // RFC 5019 §2.2.3: not ours to say anything of. Signing that would put the token at the service of whoever guesses numbers.
    if (statuses.some(({ kind }) => kind === 'unknown')) return this.#refusal('unauthorized');
    const found = { request, authority, signer, statuses, now };
    const [[question, ...more], [status]] = [request.requests, statuses];
    if (question === undefined || status === undefined || more.length > 0) return this.#ownAnswer(found);
    const single = { ...found, question, status: statusText(status) };
    return request.nonce === undefined ? this.#keptAnswer(single) : this.#ownAnswer(found, single);
  }

  /** One for this client alone, with its nonce; where that cannot be signed now, the one for everybody (RFC 9654 §2.1). */
  async #ownAnswer(found: Found, single?: Single): Promise<Said> {
    try {
      const signed = await this.#signingForOne.use(() => this.#sign(found));
      if (signed !== undefined) return { how: 'signed', der: signed.der };
    } catch (error) {
      if (single === undefined || !isPassing(error)) throw error;
      this.#complain(error);
    }
    return single === undefined ? this.#refusal('tryLater') : this.#keptAnswer(single);
  }

  /** What was signed before and may still be said: the same status, by somebody who may sign for this CA now. */
  async #usable({ authority, question, status, now }: Single): Promise<KeptAnswer | undefined> {
    const { store } = this.#options;
    const allowed = new Set(signersAt(authority, now).map(({ keyHash }) => toHex(keyHash)));
    const usable = (kept: KeptAnswer | undefined): boolean =>
      kept !== undefined && kept.status === status && now < kept.nextUpdate && allowed.has(kept.signer);
    const known = store.recall(authority.issuer.name, question);
    if (known !== undefined && usable(known) && now < halfOf(known)) return known;
    const stored = await this.#looking.use(() => store.take(authority.issuer.name, question, now));
    return [stored, known].find(usable);
  }

  async #keptAnswer(single: Single): Promise<Said> {
    const { authority, question, status, signer, now } = single;
    const known = await this.#usable(single);
    const preferred = known?.signer === toHex(signer.keyHash);
    if (known !== undefined && preferred && now < halfOf(known)) return this.#say('kept', known, now);
    const signing = this.#flights.run(`${authority.issuer.name} ${toHex(question.raw)} ${status}`, () =>
      this.#signForAll(single),
    );
    // Half of its life over and a quarter left: nobody needs to wait for the token.
    if (known !== undefined && preferred && now < known.nextUpdate - (known.nextUpdate - known.thisUpdate) / 4) {
      signing.catch((error: unknown) => this.#complain(error));
      return this.#say('kept', known, now);
    }
    const signed = await signing.catch((error: unknown) => {
      if (known === undefined || !isPassing(error)) throw error;
      this.#complain(error);
    });
    if (signed !== undefined) return this.#say('signed', signed, now);
    return known === undefined ? this.#refusal('tryLater') : this.#say('kept', known, now);
  }

  #say(how: 'kept' | 'signed', { der, etag, thisUpdate, nextUpdate }: KeptAnswer, now: number): Said {
    return { how, der, caching: { etag, thisUpdate, nextUpdate, secondsLeft: nextUpdate - now } };
  }

  async #signForAll(single: Single): Promise<KeptAnswer | undefined> {
    const { authority, question, request, status, signer } = single;
    const signed = await this.#sign({ ...single, request: { ...request, nonce: undefined } });
    return signed && this.#options.store.keep(authority.issuer.name, question, signed, { status, signer });
  }

  /** Undefined when so many signatures are under way that this one has to wait. */
  async #sign({ request, statuses, signer, now }: Found): Promise<SignedAnswer | undefined> {
    const { settings, tools } = this.#options;
    const { requests: questions, nonce } = request;
    const said = { questions, statuses, nonce, signer, thisUpdate: now, lifetime: settings.lifetime };
    return this.#signing.use(() => signAnswer(said, tools.verify));
  }
}
