import { derError } from '../der/der-error.ts';
import { isCoded } from '../ports/coded-error.ts';
import { readBasicConstraints } from '../x509/extensions/basic-constraints.ts';
import { readCertificatePolicies } from '../x509/extensions/certificate-policies.ts';
import { readCRLNumber, readIssuingDistributionPoint, readReasonCode } from '../x509/extensions/crl-extensions.ts';
import { readExtKeyUsage } from '../x509/extensions/ext-key-usage.ts';
import type { Extension } from '../x509/extensions/extension.ts';
import { readAuthorityKeyIdentifier, readSubjectKeyIdentifier } from '../x509/extensions/key-identifiers.ts';
import { readKeyUsage } from '../x509/extensions/key-usage.ts';
import { readAuthorityInfoAccess, readCRLDistributionPoints } from '../x509/extensions/locations.ts';
import { readNameConstraints } from '../x509/extensions/name-constraints.ts';
import { readOcspNoCheck } from '../x509/extensions/ocsp-no-check.ts';
import { readSubjectAltName } from '../x509/extensions/subject-alt-name.ts';
import { oids } from '../x509/oids.ts';

type Reader = (value: Uint8Array) => unknown;

/** A reader of a SEQUENCE SIZE (1..MAX) OF: one that is empty is not of its type. */
function filled<T>(read: (value: Uint8Array) => T, count: (found: T) => number): Reader {
  return (value) => {
    if (count(read(value)) === 0) throw derError('der-empty-list', 0);
  };
}

/** One reader for every extension a certificate, CRL or CRL entry of ours may hold. */
const readers: Readonly<Record<string, Reader>> = {
  [oids.authorityKeyIdentifier]: readAuthorityKeyIdentifier,
  [oids.subjectKeyIdentifier]: readSubjectKeyIdentifier,
  [oids.basicConstraints]: readBasicConstraints,
  [oids.keyUsage]: readKeyUsage,
  [oids.extKeyUsage]: filled(readExtKeyUsage, (purposes) => purposes.length),
  [oids.subjectAltName]: filled(readSubjectAltName, (names) => names.length),
  [oids.cRLDistributionPoints]: filled(readCRLDistributionPoints, ({ points }) => points),
  [oids.authorityInfoAccess]: filled(
    readAuthorityInfoAccess,
    ({ caIssuers, ocsp, others }) => caIssuers.length + ocsp.length + Number(others),
  ),
  [oids.certificatePolicies]: filled(readCertificatePolicies, ({ policies }) => policies.length),
  [oids.nameConstraints]: readNameConstraints,
  [oids.ocspNoCheck]: readOcspNoCheck,
  [oids.cRLNumber]: readCRLNumber,
  [oids.issuingDistributionPoint]: readIssuingDistributionPoint,
  [oids.reasonCode]: readReasonCode,
};

/** Why an extension's value cannot be read, or undefined where it can, or where closed-world rules refuse it anyway. */
export function unreadable({ oid, value }: Extension): string | undefined {
  try {
    readers[oid]?.(value);
    return undefined;
  } catch (error) {
    if (isCoded(error)) return error.message;
    throw error;
  }
}
