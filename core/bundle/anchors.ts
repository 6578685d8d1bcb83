import { equalBytes } from '../ports/bytes.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { BundleTools } from './bundle.ts';

/** Later first: by the day it begins, then by the day it ends. */
function byAge({ tbs: one }: Certificate, { tbs: other }: Certificate): number {
  return other.notBefore - one.notBefore || other.notAfter - one.notAfter;
}

/**
 * The certificates of the pinned root, newest first: a root that was renewed has several, of one name and one key, each
 * signed with that key. Whoever pinned one of them has pinned the key, and so believes the others.
 */
export function anchorsOf(
  pinned: Certificate,
  certificates: Iterable<Certificate>,
  { verify }: Pick<BundleTools, 'verify'>,
): readonly Certificate[] {
  const renewals = [...certificates].filter((certificate) => {
    const { tbs, signatureAlgorithm, signature } = certificate;
    return (
      certificate !== pinned &&
      equalBytes(tbs.subject, pinned.tbs.subject) &&
      equalBytes(tbs.issuer, pinned.tbs.subject) &&
      equalBytes(tbs.spki, pinned.tbs.spki) &&
      verify(pinned.tbs.spki, signatureAlgorithm, tbs.raw, signature)
    );
  });
  return [pinned, ...renewals].toSorted(byAge);
}
