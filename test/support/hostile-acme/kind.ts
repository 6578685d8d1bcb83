import type { AccountKey, AcmeTestClient, PostOptions } from '../acme.ts';

/** Where hostile requests are sent, and by whom. */
export interface Victim {
  /** Has an account, and an order that is ready. */
  readonly client: AcmeTestClient;
  readonly urls: Readonly<Record<Resource, string>>;
  readonly accountKey: AccountKey;
}

/** A place to send a request to, signed as it should be there. */
export type Resource = 'newAccount' | 'newOrder' | 'account' | 'finalize' | 'revokeCert' | 'keyChange' | 'newAuthz';

/** A request as it should not be, and the problem it must be refused with. */
export interface HostileRequest {
  readonly name: string;
  readonly problem: string;
  readonly to: Resource;
  readonly payload?: unknown;
  readonly options?: (victim: Victim) => PostOptions;
}
