import { readSubjectAltName } from '../x509/extensions/subject-alt-name.ts';
import type { TbsCertificate } from '../x509/certificate.ts';
import type { GeneralName } from '../x509/general-name.ts';
import { oids } from '../x509/oids.ts';
import { readIfPresent } from './helpers.ts';

/** Longest name in text without the trailing dot (RFC 1035 §2.3.4: 255 octets on the wire). */
export const maximumDnsNameLength = 253;
/** Longest label (RFC 1035 §2.3.4). */
export const maximumLabelLength = 63;

const label = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/u;

/** The subject alternative names, as far as they can be read. */
export function subjectAltNamesOf(tbs: TbsCertificate): readonly GeneralName[] {
  return readIfPresent(tbs, oids.subjectAltName, readSubjectAltName) ?? [];
}

/** Every dNSName of the subject alternative names. */
export function dnsNamesOf(tbs: TbsCertificate): readonly string[] {
  return subjectAltNamesOf(tbs).flatMap((name) => (name.kind === 'dns' ? [name.value] : []));
}

/** Every iPAddress of the subject alternative names. */
export function ipAddressesOf(tbs: TbsCertificate): readonly Uint8Array[] {
  return subjectAltNamesOf(tbs).flatMap((name) => (name.kind === 'ip' ? [name.value] : []));
}

/** A name without its wildcard, if it has one as its whole leftmost label. */
export function withoutWildcard(name: string): string {
  return name.startsWith('*.') ? name.slice(2) : name;
}

/** True for lower-case letters, digits and inner hyphens in dot-separated labels. No wildcard, no lengths checked. */
export function isLdhName(name: string): boolean {
  return name.split('.').every((part) => label.test(part));
}
