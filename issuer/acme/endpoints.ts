import type { Endpoint } from './authenticate.ts';
import { account } from './handlers/account.ts';
import { authorization } from './handlers/authorization.ts';
import { certificate } from './handlers/certificate.ts';
import { challenge } from './handlers/challenge.ts';
import { signedDirectory, signedNewNonce } from './handlers/entrance.ts';
import { finalize } from './handlers/finalize.ts';
import { keyChange } from './handlers/key-change.ts';
import { limitedNewAccount, limitedNewAuthz, limitedNewOrder } from './handlers/limited.ts';
import { order } from './handlers/order.ts';
import { orders } from './handlers/orders.ts';
import { revokeCert } from './handlers/revoke-cert.ts';

/** Every signed resource of a directory: its path below /acme/<directory>, who signs, what answers (RFC 8555 §7.1). */
export const endpoints = {
  directory: { signedBy: 'account', handle: signedDirectory },
  'new-nonce': { signedBy: 'account', handle: signedNewNonce },
  'new-account': { signedBy: 'new-key', handle: limitedNewAccount },
  'new-order': { signedBy: 'account', handle: limitedNewOrder },
  'new-authz': { signedBy: 'account', handle: limitedNewAuthz },
  'account/:id/orders': { signedBy: 'account', handle: orders },
  'account/:id/orders/:after': { signedBy: 'account', handle: orders },
  'account/:id': { signedBy: 'account', handle: account },
  'order/:id': { signedBy: 'account', handle: order },
  'order/:id/finalize': { signedBy: 'account', handle: finalize },
  'authorization/:id': { signedBy: 'account', handle: authorization },
  'challenge/:id': { signedBy: 'account', handle: challenge },
  'certificate/:serial': { signedBy: 'account', handle: certificate },
  'certificate/:serial/:chain': { signedBy: 'account', handle: certificate },
  'revoke-cert': { signedBy: 'either', handle: revokeCert },
  'key-change': { signedBy: 'account', handle: keyChange },
} as const satisfies Readonly<Record<string, Endpoint>>;

/** The path with its parameters filled in: what the "url" of a request must end with. */
export function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replaceAll(/:([a-z]+)/gu, (_, name: string) => params[name] ?? '');
}
