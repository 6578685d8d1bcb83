import { isIP } from 'node:net';
import { parseIpAddress } from '../../core/x509/ip-address.ts';

/** Ways in which pg asks for no TLS, takes none where the server has none, or takes any server for the right one. */
const unprotected: ReadonlySet<string> = new Set(['', 'disable', 'allow', 'prefer', 'no-verify']);

function isThisMachine(host: string): boolean {
  // A socket in the file system, or nothing at all.
  if (host === '' || host === 'localhost' || host.startsWith('/') || host.startsWith('%2F')) return true;
  const address = host.replace(/^\[|\]$/gu, '');
  return isIP(address) !== 0 && (address.startsWith('127.') || parseIpAddress(address)?.join() === loopback);
}
const loopback = parseIpAddress('::1')?.join();

/**
 * Whether a connection to the database of this URL goes over a network without TLS that keeps others out: whoever is on that network then reads the
 * password's proof and every answer, and can put an order in its place that nobody has proved anything for.
 */
export function goesInTheClear(url: string): boolean {
  const parsed = URL.parse(url);
  if (parsed === null) return false;
  const host = parsed.searchParams.get('host') ?? parsed.hostname;
  const mode = parsed.searchParams.get('sslmode') ?? (parsed.searchParams.get('ssl') === 'true' ? 'require' : '');
  return !isThisMachine(host) && unprotected.has(mode);
}
