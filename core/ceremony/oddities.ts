import { toBase64 } from '../ports/base64.ts';
import { isCoded } from '../ports/coded-error.ts';
import type { TokenObject } from '../ports/token.ts';
import type { TokenCertificate } from '../ports/token-certificates.ts';
import { readCertificate } from '../x509/certificate.ts';

const named = ({ label }: { readonly label: string }): string => `"${label.slice(0, 100)}"`;
const publicKeyOf = ({ spki }: TokenObject): string => (spki === undefined ? '' : toBase64(spki));

/** What several of these objects have in common and should not: what nobody can tell apart, somebody confuses. */
function shared(
  objects: readonly TokenObject[],
  what: string,
  pick: (object: TokenObject) => string,
  tell: (value: string, sharing: readonly TokenObject[]) => string,
): string[] {
  const groups = Map.groupBy(objects, pick);
  return [...groups]
    .filter(([value, sharing]) => value !== '' && sharing.length > 1)
    .map(([value, sharing]) => `${sharing.length} ${what} ${tell(value, sharing)}`);
}

function duplicates(objects: readonly TokenObject[], what: string): string[] {
  return [
    ...shared(
      objects,
      what,
      ({ label }) => label,
      (label) => `share the label ${named({ label })}`,
    ),
    ...shared(
      objects,
      what,
      ({ id }) => id,
      (id) => `share the CKA_ID "${id.slice(0, 130)}"`,
    ),
    ...shared(objects, what, publicKeyOf, (_, sharing) => `are one and the same key: ${sharing.map(named).join(', ')}`),
  ];
}

/** Whether some key on the token is the certificate's: by public key where it can be read, else by CKA_ID. */
function belongs({ id, der }: TokenCertificate, keys: readonly TokenObject[]): boolean {
  try {
    const spki = toBase64(readCertificate(der).tbs.spki);
    if (keys.some((key) => publicKeyOf(key) === spki)) return true;
  } catch (error) {
    if (!isCoded(error)) throw error;
  }
  return id !== '' && keys.some((key) => key.id === id);
}

/** What an inventory should make people look twice at: duplicates, halves without their other half, leftovers. */
export function oddities(
  objects: readonly TokenObject[],
  certificates: readonly TokenCertificate[],
): readonly string[] {
  const keys = objects.filter(({ kind }) => kind === 'private-key');
  const publics = objects.filter(({ kind }) => kind === 'public-key');
  const alone = (half: TokenObject, others: readonly TokenObject[]): boolean =>
    !others.some((other) => (half.id !== '' && other.id === half.id) || sameKey(half, other));
  return [
    ...duplicates(keys, 'private keys'),
    ...duplicates(publics, 'public keys'),
    ...keys.filter((key) => alone(key, publics)).map((key) => `${named(key)} has no public half here`),
    ...publics.filter((key) => alone(key, keys)).map((key) => `${named(key)} is a public key without its private half`),
    ...keys.filter(({ id }) => id === '').map((key) => `${named(key)} has no CKA_ID`),
    ...keys
      .filter(({ attributes }) => attributes?.extractable === true)
      .map((key) => `${named(key)} can be taken off the token`),
    ...objects.filter(({ kind }) => kind === 'secret-key').map((key) => `${named(key)} is a secret key`),
    ...certificates
      .filter((certificate) => !belongs(certificate, [...keys, ...publics]))
      .map((certificate) => `${named(certificate)} is a certificate without its key`),
  ];
}

function sameKey(one: TokenObject, other: TokenObject): boolean {
  return publicKeyOf(one) !== '' && publicKeyOf(one) === publicKeyOf(other);
}
