import { tags } from '../../core/der/tags.ts';
import { basicConstraints } from '../../core/x509/extensions/basic-constraints.ts';
import { extKeyUsage } from '../../core/x509/extensions/ext-key-usage.ts';
import { keyUsage } from '../../core/x509/extensions/key-usage.ts';
import { cRLDistributionPoints } from '../../core/x509/extensions/locations.ts';
import { nameConstraints } from '../../core/x509/extensions/name-constraints.ts';
import { oids } from '../../core/x509/oids.ts';
import type { LintFixture } from './lint-fixture.ts';
import { attribute, cert, commonName, country, name, type Cases } from './lint-pieces.ts';
import { dns, drop, makeCertificate, put, utc, type Change } from './lint-world.ts';

/** A cross-certificate by the usual root, of a CA that `existing` certifies. */
function crossed(existing: Change, change: Change = {}): LintFixture {
  const own = makeCertificate('issuing', { from: utc('2026-01-02'), label: 'existing' }, existing).certificate;
  return { ...cert('issuing', {}, change), existing: own };
}

/** The certificate of the usual intermediate again. */
function renewed(existing: Change, change: Change = {}): LintFixture {
  return { ...crossed(existing, change), renewal: true };
}

const whole = crossed({});
const otherBytes = name(
  [country],
  [attribute(oids.organizationName, 'Example Corp', tags.printableString)],
  [commonName],
);

/** What a cross-certificate must have of the certificate its CA has already. */
export const crossCases: Cases = {
  'cross-subject-identical': { refused: crossed({ subject: otherBytes }), accepted: whole },
  'cross-key-identical': {
    refused: crossed({ spki: makeCertificate('leaf').parts.spki }),
    accepted: whole,
  },
  'cross-path-length-carried': {
    refused: crossed((parts) => put(parts, basicConstraints({ ca: true, pathLength: 1 }))),
    accepted: crossed((parts) => put(parts, basicConstraints({ ca: true }))),
  },
  'cross-eku-carried': {
    refused: crossed((parts) => put(parts, extKeyUsage(['serverAuth']))),
    accepted: crossed((parts) => drop(parts, oids.extKeyUsage)),
  },
  'renewal-extensions-carried': {
    refused: renewed((parts) => put(parts, nameConstraints({ permitted: [dns('example.com')], excluded: [] }))),
    accepted: renewed({}),
    more: {
      'refused-added': renewed((parts) => drop(parts, oids.authorityInfoAccess)),
      'refused-other': renewed((parts) => put(parts, cRLDistributionPoints(['http://pki.example.com/old.crl']))),
      'refused-root': {
        ...cert('root'),
        existing: makeCertificate('root', {}, (parts) => put(parts, keyUsage(['keyCertSign', 'cRLSign', 'digitalSignature'])))
          .certificate,
        renewal: true,
      },
    },
  },
};
