import { toHex } from '../../core/ports/hex.ts';

/** Where everything of one directory is. All of it begins with the configured base URL, never with the Host header. */
export interface Urls {
  readonly directory: string;
  readonly newNonce: string;
  readonly newAccount: string;
  readonly newOrder: string;
  readonly revokeCert: string;
  readonly keyChange: string;
  readonly newAuthz: string;
  /** Followed by "/" and a certificate's name (RFC 9773 §4.1). */
  readonly renewalInfo: string;
  /** What hashed accounts begin with (draft-ietf-acme-dns-persist-02 §4.1): nothing is there. */
  readonly accountHashPrefix: string;
  account(id: string): string;
  /** The list of an account's orders: its beginning, or what follows an order. */
  orders(accountId: string, after?: string): string;
  order(id: string): string;
  finalize(orderId: string): string;
  authorization(id: string): string;
  challenge(id: string): string;
  certificate(serial: Uint8Array): string;
}

export function urlsOf(baseUrl: string, directory: string): Urls {
  const root = `${baseUrl}/acme/${directory}`;
  return {
    directory: `${root}/directory`,
    newNonce: `${root}/new-nonce`,
    newAccount: `${root}/new-account`,
    newOrder: `${root}/new-order`,
    revokeCert: `${root}/revoke-cert`,
    keyChange: `${root}/key-change`,
    newAuthz: `${root}/new-authz`,
    renewalInfo: `${root}/renewal-info`,
    accountHashPrefix: `${root}/account-hash/`,
    account: (id) => `${root}/account/${id}`,
    orders: (accountId, after) => `${root}/account/${accountId}/orders${after === undefined ? '' : `/${after}`}`,
    order: (id) => `${root}/order/${id}`,
    finalize: (orderId) => `${root}/order/${orderId}/finalize`,
    authorization: (id) => `${root}/authorization/${id}`,
    challenge: (id) => `${root}/challenge/${id}`,
    certificate: (serial) => `${root}/certificate/${toHex(serial)}`,
  };
}
