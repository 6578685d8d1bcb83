import {
  readAuthorityInfoAccess,
  readCRLDistributionPoints,
  type AuthorityInfoAccess,
} from '../x509/extensions/locations.ts';
import type { TbsCertificate } from '../x509/certificate.ts';
import { oids } from '../x509/oids.ts';
import { readIfPresent } from './helpers.ts';

/** Where a certificate says its issuer's CRL is. */
export function crlUrlsOf(tbs: TbsCertificate): readonly string[] {
  return readIfPresent(tbs, oids.cRLDistributionPoints, readCRLDistributionPoints)?.urls ?? [];
}

/** Where a certificate says its issuer's certificate and OCSP responder are. */
export function accessOf(tbs: TbsCertificate): AuthorityInfoAccess & { readonly others: boolean } {
  const found = readIfPresent(tbs, oids.authorityInfoAccess, readAuthorityInfoAccess);
  return found ?? { caIssuers: [], ocsp: [], others: false };
}

/** True for an absolute URL with the scheme http, a host, and neither user nor fragment. */
export function isHttp(text: string): boolean {
  // URL repairs what it reads ("http:/\\host", spaces); what stands in a certificate must need no repair.
  if (!/^http:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/u.test(text)) return false;
  try {
    const url = new URL(text);
    const plain = url.username === '' && url.password === '' && url.hash === '';
    return url.hostname !== '' && plain;
  } catch {
    return false;
  }
}
