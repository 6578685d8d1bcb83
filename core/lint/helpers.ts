import type { Certificate, TbsCertificate } from '../x509/certificate.ts';
import { extensionOf } from '../x509/certificate.ts';
import { readAuthorityKeyIdentifier, readSubjectKeyIdentifier } from '../x509/extensions/key-identifiers.ts';
import { oids } from '../x509/oids.ts';
import type { ProfileType } from '../profile/profile.ts';
import type { Extension } from '../x509/extensions/extension.ts';

export const everyType: readonly ProfileType[] = ['root', 'intermediate', 'bundle-signer', 'leaf'];
export const caTypes: readonly ProfileType[] = ['root', 'intermediate'];
export const issuedTypes: readonly ProfileType[] = ['intermediate', 'bundle-signer', 'leaf'];

/** Reads an extension's value where it is there. A value that is not DER is another rule's finding: undefined here. */
export function readIfPresent<T>(
  holder: { readonly extensions: readonly Extension[] },
  oid: string,
  read: (value: Uint8Array) => T,
): T | undefined {
  const extension = extensionOf(holder, oid);
  if (extension === undefined) return undefined;
  try {
    return read(extension.value);
  } catch {
    return undefined;
  }
}

export function subjectKeyIdentifierOf(tbs: TbsCertificate): Uint8Array | undefined {
  return readIfPresent(tbs, oids.subjectKeyIdentifier, readSubjectKeyIdentifier);
}

export function authorityKeyIdentifierOf(holder: {
  readonly extensions: readonly Extension[];
}): Uint8Array | undefined {
  return readIfPresent(holder, oids.authorityKeyIdentifier, readAuthorityKeyIdentifier)?.keyIdentifier;
}

/** The key identifier an issuer's children must name. */
export function issuerKeyIdentifier(issuer: Certificate): Uint8Array | undefined {
  return subjectKeyIdentifierOf(issuer.tbs);
}
