import { parseIpAddress } from '../../../core/x509/ip-address.ts';
import { toHex } from '../../../core/ports/hex.ts';
import { accountByThumbprint } from '../../store/account-by-thumbprint.ts';
import { isFreeRenewal } from '../free-renewal.ts';
import { baseName, type Identifier } from '../identifiers/identifier.ts';
import { normalIdentifier } from '../identifiers/parse-identifier.ts';
import { namesSubject, requireLimit, takeLimit, validationSubject, withinLimit } from '../rate-limits.ts';
import type { AccountRequest, AcmeReply, AcmeRequest } from '../request.ts';
import type { Services } from '../services.ts';
import { newAccount } from './new-account.ts';
import { newAuthz } from './new-authz.ts';
import { newOrder } from './new-order.ts';

/** Without the port that some proxies say with an address, which is another for each connection. */
function withoutPort(address: string): string {
  const [, six, four] = /^(?:\[([^\]]*)\](?::[0-9]+)?|([0-9.]+):[0-9]+)$/u.exec(address) ?? [];
  return six ?? four ?? address;
}

/** IPv4 as it is; of IPv6 the network that one customer has: more addresses than that cost nothing. */
export function addressSubject(address: string): string {
  const octets = parseIpAddress(withoutPort(address));
  // Whatever a proxy says instead of an address is counted together: as many words as one likes cost nothing, either.
  if (octets === undefined) return 'unknown';
  if (octets.length === 4) return octets.join('.');
  const mapped = octets.subarray(0, 12).every((octet, index) => octet === (index < 10 ? 0 : 255));
  return mapped ? octets.subarray(12).join('.') : `${toHex(octets.subarray(0, 8))}/64`;
}

/** newAccount, as far as its address may: only accounts that are really made are counted, and one that is there is found. */
export async function limitedNewAccount(request: AcmeRequest, services: Services): Promise<AcmeReply> {
  const { address, directory, key } = request;
  if (directory.rateLimits.newAccountsPerAddress === undefined) return newAccount(request, services);
  const known = await accountByThumbprint(services.database, directory.name, key.thumbprint);
  if (known !== undefined) return newAccount(request, services);
  return withinLimit('newAccountsPerAddress', addressSubject(address), directory, services, {
    work: () => newAccount(request, services),
    counts: ({ status }) => status === 201,
  });
}

/** Identifiers as they will be stored, as far as they can be made out: what is wrong with the others, newOrder says. */
function identifiersIn(payload: unknown): readonly Identifier[] {
  const list: unknown = (payload as { readonly identifiers?: unknown } | undefined)?.identifiers;
  if (!Array.isArray(list)) return [];
  return list.slice(0, 100).flatMap((each: unknown) => {
    const { type, value } = (each ?? {}) as { readonly type?: unknown; readonly value?: unknown };
    if (typeof value !== 'string' || typeof type !== 'string') return [];
    return normalIdentifier({ type, value }) ?? [];
  });
}

/** Refuses names whose validation has failed too often for this account. */
async function requireFewFailures(
  identifiers: readonly Identifier[],
  { caller, directory }: AccountRequest,
  services: Services,
): Promise<void> {
  const subjects = identifiers.map((identifier) =>
    validationSubject(caller.thumbprint, { type: identifier.type, value: baseName(identifier) }),
  );
  await requireLimit('failedValidationsPerName', subjects, directory, services);
}

/** newOrder, as far as account and names may. Renewals in time are not counted. */
export async function limitedNewOrder(request: AccountRequest, services: Services): Promise<AcmeReply> {
  const { caller, directory, payload } = request;
  const identifiers = identifiersIn(payload);
  await requireFewFailures(identifiers, request, services);
  const { ordersPerAccount, ordersPerNames } = directory.rateLimits;
  const limited = ordersPerAccount !== undefined || ordersPerNames !== undefined;
  if (limited && (await isFreeRenewal(request, services))) return newOrder(request, services, { uncounted: true });
  await takeLimit('ordersPerAccount', caller.accountId, directory, services);
  // Looked at, and taken only with the certificate: an order proves nothing, and anybody could use up what is somebody else's.
  await requireLimit('ordersPerNames', [namesSubject(identifiers)], directory, services);
  return newOrder(request, services);
}

/** newAuthz, as far as account and name may. */
export async function limitedNewAuthz(request: AccountRequest, services: Services): Promise<AcmeReply> {
  const { caller, directory, payload } = request;
  const identifier: unknown = (payload as { readonly identifier?: unknown } | undefined)?.identifier;
  await requireFewFailures(identifiersIn({ identifiers: [identifier] }), request, services);
  await takeLimit('authorizationsPerAccount', caller.accountId, directory, services);
  return newAuthz(request, services);
}
