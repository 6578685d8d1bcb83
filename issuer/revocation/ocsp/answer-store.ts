import type { Digest } from '../../../core/ports/digest.ts';
import { toHex } from '../../../core/ports/hex.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import type { CertId } from '../../../core/x509/ocsp/cert-id.ts';
import { Lru } from '../../acme/lru.ts';
import { SingleFlight } from '../../acme/single-flight.ts';
import type { Database } from '../../store/database.ts';
import { keepAnswer, takeAnswer } from '../../store/ocsp-answers.ts';
import type { OcspSigner } from './authority.ts';
import type { SignedAnswer } from './sign-answer.ts';

/** Answers in the memory of a process, about a kilobyte each. */
const mostRemembered = 10_000;

/** An answer to one question, without a nonce: good for everybody who asks it. */
export interface KeptAnswer extends SignedAnswer {
  /** What it says. */
  readonly status: string;
  /** Key hash of who signed it, hex. */
  readonly signer: string;
  readonly etag: string;
}

/** Answers that were signed before: by this process in its memory, by any in the database. */
export class AnswerStore {
  readonly #database: Database;
  readonly #digest: Digest;
  readonly #remembered = new Lru<KeptAnswer>(mostRemembered);
  readonly #looks = new SingleFlight<KeptAnswer | undefined>();

  constructor(database: Database, digest: Digest) {
    this.#database = database;
    this.#digest = digest;
  }

  #questionOf({ raw }: CertId): Uint8Array {
    return this.#digest('sha256', raw);
  }

  #nameOf(issuer: string, question: CertId): string {
    return `${issuer} ${toHex(this.#questionOf(question))}`;
  }

  /** What this process remembers. */
  recall(issuer: string, question: CertId): KeptAnswer | undefined {
    return this.#remembered.get(this.#nameOf(issuer, question));
  }

  /** What the database has; notes there that somebody wants it. */
  async take(issuer: string, question: CertId, now: number): Promise<KeptAnswer | undefined> {
    const name = this.#nameOf(issuer, question);
    return this.#looks.run(name, async () => {
      const stored = await takeAnswer(this.#database, issuer, this.#questionOf(question), formatUtc(now));
      if (stored === undefined) return undefined;
      const { status, signer, this_update: thisUpdate, next_update: nextUpdate } = stored;
      // A copy of its own: what the driver hands out is a view of all it has received.
      const der = Uint8Array.from(stored.der);
      const read = { der, thisUpdate, nextUpdate, status, signer: toHex(signer) };
      // Signed and kept by us while the database was asked: what was read is what was there before.
      const known = this.#remembered.get(name);
      const newer = known?.status === status && known.signer === read.signer && known.thisUpdate > thisUpdate;
      return newer ? known : this.#remember(name, read);
    });
  }

  #remember(name: string, answer: Omit<KeptAnswer, 'etag'>): KeptAnswer {
    const kept = { ...answer, etag: `"${toHex(this.#digest('sha256', answer.der))}"` };
    this.#remembered.set(name, kept);
    return kept;
  }

  /** Keeps what was just signed, for everybody. */
  async keep(
    issuer: string,
    question: CertId,
    signed: SignedAnswer,
    { status, signer }: { readonly status: string; readonly signer: OcspSigner },
  ): Promise<KeptAnswer> {
    const kept = this.#remember(this.#nameOf(issuer, question), { ...signed, status, signer: toHex(signer.keyHash) });
    const { der, thisUpdate, nextUpdate } = signed;
    await keepAnswer(
      this.#database,
      { issuer, question: this.#questionOf(question), cert_id: question.raw },
      {
        serial: question.serial,
        status,
        signer: signer.keyHash,
        der,
        thisUpdate: formatUtc(thisUpdate),
        nextUpdate: formatUtc(nextUpdate),
      },
    );
    return kept;
  }
}
