import { isIP } from 'node:net';
import type { Dns } from './dns.ts';
import { connectionFailure } from './failures.ts';
import type { NetworkPolicy } from './networks.ts';

/** Addresses tried for one name. */
const maximumAddresses = 4;

/** Where a host may be looked for. */
export interface Reach {
  readonly dns: Dns;
  readonly networks: NetworkPolicy;
}

/** Addresses that may be connected to: checked here, and connected to exactly, so that no second lookup can differ. */
async function permittedAddresses(
  host: string,
  { dns, networks }: Reach,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const addresses = isIP(host) === 0 ? await dns.addresses(host, signal) : [host];
  const permitted = addresses.filter((address) => networks.permits(address));
  if (permitted.length > 0) return permitted.slice(0, maximumAddresses);
  throw connectionFailure(`${host} has no address that this CA connects to.`);
}

/** The first of the host's addresses that answers; the last one's failure when none does. */
export async function firstThatAnswers<T>(
  host: string,
  reach: Reach,
  signal: AbortSignal,
  connect: (address: string) => Promise<T>,
): Promise<T> {
  let last: unknown;
  for (const address of await permittedAddresses(host, reach, signal)) {
    try {
      return await connect(address);
    } catch (error) {
      last = error;
      if (signal.aborted) break;
    }
  }
  throw last;
}
