import { createHash } from 'node:crypto';
import { utf8 } from '../../core/ports/bytes.ts';
import { toBase64Url } from '../../core/ports/base64.ts';

/** Stands for every domain: a record that says the same in several zones. */
const anyDomain = '*';

export interface HashedAccount {
  /** The directory's accountHashPrefix. */
  readonly prefix: string;
  /** The domain whose record it is. */
  readonly domain: string;
  readonly accountUrl: string;
  /** RFC 7638, SHA-256. */
  readonly thumbprint: Uint8Array;
}

/** draft-ietf-acme-dns-persist-02 §4.1: an account, bound to its key and to a domain, without its URL. */
export function hashedAccountUri({ prefix, domain, accountUrl, thumbprint }: HashedAccount): string {
  const name = utf8(domain);
  const hashed = createHash('sha256').update(Uint8Array.of(name.length)).update(name);
  const digest = hashed.update(toBase64Url(thumbprint)).update(accountUrl).digest();
  return `${prefix}sha-256/${toBase64Url(digest)}`;
}

/** Whether a URI below the prefix has the one form that can be answered: this algorithm, 32 bytes. */
export function isHashedAccountUri(uri: string, prefix: string): boolean {
  return uri.startsWith(prefix) && /^sha-256\/[A-Za-z0-9_-]{43}$/u.test(uri.slice(prefix.length));
}

/** Whether a URI is that of the account with one of its keys, for this domain or for any. */
export function namesAccount(
  uri: string,
  account: Omit<HashedAccount, 'thumbprint'>,
  thumbprints: readonly Uint8Array[],
): boolean {
  return thumbprints.some((thumbprint) =>
    [account.domain, anyDomain].some((domain) => hashedAccountUri({ ...account, domain, thumbprint }) === uri),
  );
}
