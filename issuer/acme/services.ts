import type { Clock } from '../../core/ports/clock.ts';
import type { Entropy } from '../../core/ports/entropy.ts';
import type { Verifier } from '../../core/ports/verifier.ts';
import type { Sealer } from '../ops/sealer.ts';
import type { IssueTools } from '../sign/issue.ts';
import type { ChallengeJob } from '../store/challenge.ts';
import type { Database } from '../store/database.ts';
import type { OrderFacts, OrderState } from '../store/order.ts';
import type { AccountKeys } from './account-keys.ts';
import type { Lru } from './lru.ts';
import type { Nonces } from './nonces.ts';
import type { SingleFlight } from './single-flight.ts';

/** What the handlers of all directories share. Built in main.ts and nowhere else. */
export interface Services {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly database: Database;
  readonly nonces: Nonces;
  /** Reads the nonce keys again: somebody says that they have changed. */
  readonly refreshNonceKeys: () => Promise<void>;
  readonly accountKeys: AccountKeys;
  /** For secrets in the database. */
  readonly sealer: Sealer;
  /** For signatures of clients. */
  readonly verify: Verifier;
  readonly issue: IssueTools;
  /** Certificate chains in PEM, by issuing CA: every chain of every CA there ever was. */
  readonly chains: ReadonlyMap<string, readonly string[]>;
  /** Whether the token does its signatures fast enough for one more to be in time. */
  readonly roomToSign: () => boolean;
  readonly finalizing: SingleFlight<OrderState>;
  /** Orders seen lately, by name: a finalize request then needs no look before its claim. */
  readonly orders: Lru<OrderFacts>;
  /** Hands a challenge to the validators. */
  readonly validate: (job: ChallengeJob) => void;
  /** Waits a little for a validation under way here, by the name of its challenge or authorization. */
  readonly validated: (name: string) => Promise<void>;
  /** Seconds a validation may take before somebody else takes it over. */
  readonly validationLease: number;
  /** Something of this issuing CA was revoked. */
  readonly revoked: (issuer: string) => void;
  readonly counters: AcmeCounters;
  readonly limits: { readonly identifiersPerOrder: number; readonly orderLifetime: number };
}

export interface AcmeCounters {
  orders: number;
  certificates: number;
  revocations: number;
}
