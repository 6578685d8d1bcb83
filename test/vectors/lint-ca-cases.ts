import * as der from '../../core/der/writer.ts';
import { tags } from '../../core/der/tags.ts';
import { basicConstraints } from '../../core/x509/extensions/basic-constraints.ts';
import { extKeyUsage } from '../../core/x509/extensions/ext-key-usage.ts';
import { authorityKeyIdentifier } from '../../core/x509/extensions/key-identifiers.ts';
import { keyUsage } from '../../core/x509/extensions/key-usage.ts';
import { nameConstraints } from '../../core/x509/extensions/name-constraints.ts';
import { encodeName } from '../../core/x509/name.ts';
import { oids } from '../../core/x509/oids.ts';
import {
  attribute,
  cert,
  commonName,
  country,
  issuerWith,
  name,
  organization,
  raw,
  type Cases,
} from './lint-pieces.ts';
import { dns, drop, ip, put, subjects, utc } from './lint-world.ts';

const root = cert('root');
const issuing = cert('issuing');
const signer = cert('signer');
const from = utc('2026-11-22');
const day = 86_400;
const pathLength1 = issuerWith((parts) => put(parts, basicConstraints({ ca: true, pathLength: 1 })));
const pathLength0 = issuerWith(() => ({}));

function lower(pathLength: number): Parameters<typeof cert>[2] {
  return (parts) => ({
    subject: encodeName({ ...subjects.issuing, CN: 'Example Corp Issuing I2' }),
    extensions: put(parts, basicConstraints({ ca: true, pathLength }))
      .extensions
      // The CRL and certificate of its issuer, which is not the root.
      .filter(({ oid }) => oid !== oids.authorityInfoAccess && oid !== oids.cRLDistributionPoints)
      .concat(raw(oids.cRLDistributionPoints, crlAt('http://pki.example.com/i1.crl'))),
  });
}

function crlAt(url: string): der.Der {
  return der.sequence(der.sequence(der.explicit(0, der.explicit(0, der.implicit(6, Buffer.from(url))))));
}

function inCountry(code: string): Uint8Array {
  return name([attribute(oids.countryName, code, tags.printableString)], [organization], [commonName]);
}

/** Every CA, and roots. */
export const rootCases: Cases = {
  'ca-basic-constraints': {
    refused: cert('issuing', {}, (parts) => put(parts, basicConstraints({ ca: false }))),
    accepted: root,
  },
  'ca-subject-attributes': {
    refused: cert('issuing', {}, { subject: name([organization], [commonName]) }),
    accepted: issuing,
  },
  'ca-subject-country': {
    refused: cert('issuing', {}, { subject: inCountry('us') }),
    accepted: issuing,
    more: {
      'refused-reserved': cert('issuing', {}, { subject: inCountry('UK') }),
      'accepted-assigned': cert('issuing', {}, { subject: inCountry('GB') }),
      'accepted-unrepresented': cert('issuing', {}, { subject: inCountry('XX') }),
    },
  },
  'ca-subject-no-ou': {
    refused: cert(
      'issuing',
      {},
      {
        subject: name([country], [organization], [attribute(oids.organizationalUnitName, 'Security')], [commonName]),
      },
    ),
    accepted: issuing,
  },
  'root-self-issued': {
    refused: cert('root', {}, { issuer: encodeName(subjects['rsa-root']) }),
    accepted: root,
  },
  'root-validity-period': {
    refused: cert('root', { to: from + 9132 * day }),
    accepted: cert('root', { to: from + 9132 * day - 1 }),
    more: {
      'refused-short': cert('root', { to: from + 2922 * day - 2 }),
      'accepted-short': cert('root', { to: from + 2922 * day - 1 }),
    },
  },
  'root-no-eku': { refused: cert('root', {}, (parts) => put(parts, extKeyUsage(['serverAuth']))), accepted: root },
  'root-no-path-length': {
    refused: cert('root', {}, (parts) => put(parts, basicConstraints({ ca: true, pathLength: 1 }))),
    accepted: root,
  },
  'root-aki-is-ski': {
    refused: cert('root', {}, (parts) => put(parts, authorityKeyIdentifier(new Uint8Array(20).fill(0x42)))),
    accepted: root,
  },
};

/** Intermediates and bundle signers. */
export const intermediateCases: Cases = {
  'intermediate-eku-present': {
    refused: cert('issuing', {}, (parts) => drop(parts, oids.extKeyUsage)),
    accepted: cert('issuing', {}, (parts) => put(parts, extKeyUsage(['serverAuth']))),
  },
  'intermediate-eku-separate': {
    refused: cert('issuing', {}, (parts) => put(parts, extKeyUsage(['serverAuth', 'emailProtection']))),
    accepted: cert('issuing', {}, (parts) => put(parts, extKeyUsage(['emailProtection', 'clientAuth']))),
  },
  'intermediate-path-length-present': {
    refused: cert('issuing', {}, (parts) => put(parts, basicConstraints({ ca: true }))),
    accepted: issuing,
  },
  'intermediate-path-length-below-issuer': {
    refused: cert('issuing', { issuer: pathLength1, key: 'other' }, lower(1)),
    accepted: cert('issuing', { issuer: pathLength1, key: 'other' }, lower(0)),
  },
  'intermediate-issuer-path-length': {
    refused: cert('issuing', { issuer: pathLength0, key: 'other' }, lower(0)),
    accepted: cert('issuing', { issuer: pathLength1, key: 'other' }, lower(0)),
  },
  'intermediate-constraints-not-empty': {
    refused: cert('issuing', {}, (parts) => put(parts, raw(oids.nameConstraints, '3000', true))),
    accepted: cert('issuing', {}, (parts) =>
      put(parts, nameConstraints({ permitted: [dns('example.com')], excluded: [] })),
    ),
  },
  'intermediate-constraints-kinds': {
    refused: cert('issuing', {}, (parts) =>
      put(parts, nameConstraints({ permitted: [{ kind: 'email', value: 'example.com' }], excluded: [] })),
    ),
    accepted: cert('issuing', {}, (parts) =>
      put(parts, nameConstraints({ permitted: [dns('example.com')], excluded: [ip('0000000000000000')] })),
    ),
  },
  'intermediate-constraints-dns': {
    refused: cert('issuing', {}, (parts) =>
      put(parts, nameConstraints({ permitted: [dns('.example.com')], excluded: [] })),
    ),
    accepted: cert('issuing', {}, (parts) =>
      put(parts, nameConstraints({ permitted: [ip('0a000000ff000000')], excluded: [dns('')] })),
    ),
    more: {
      'refused-empty': cert('issuing', {}, (parts) =>
        put(parts, nameConstraints({ permitted: [dns('')], excluded: [] })),
      ),
    },
  },
  'intermediate-constraints-ip': {
    refused: cert('issuing', {}, (parts) =>
      put(parts, nameConstraints({ permitted: [ip('0a000000ff00ff00')], excluded: [] })),
    ),
    accepted: cert('issuing', {}, (parts) =>
      put(
        parts,
        nameConstraints({
          permitted: [ip('0a000000ff000000'), ip(`20010db8${'0'.repeat(24)}ffffffff${'0'.repeat(24)}`)],
          excluded: [],
        }),
      ),
    ),
    more: {
      'refused-host-bits': cert('issuing', {}, (parts) =>
        put(parts, nameConstraints({ permitted: [ip('0a000001ff000000')], excluded: [] })),
      ),
      'refused-length': cert('issuing', {}, (parts) =>
        put(parts, nameConstraints({ permitted: [ip('0a000000')], excluded: [] })),
      ),
    },
  },
  'bundle-signer-eku': {
    refused: cert('signer', {}, (parts) => put(parts, extKeyUsage(['bundleSigning', 'codeSigning'], true))),
    accepted: signer,
  },
  'ocsp-signer-eku': {
    refused: cert('ocsp', {}, (parts) => put(parts, extKeyUsage(['ocspSigning', 'serverAuth']))),
    accepted: cert('ocsp'),
  },
  'ocsp-signer-validity-period': {
    refused: cert('ocsp', { to: from + 397 * day }),
    accepted: cert('ocsp', { to: from + 397 * day - 1 }),
  },
  'end-entity-not-ca': {
    refused: cert('leaf', {}, (parts) => put(parts, basicConstraints({ ca: true, pathLength: 0 }))),
    accepted: signer,
    more: {
      'refused-cert-sign': cert('signer', {}, (parts) => put(parts, keyUsage(['digitalSignature', 'keyCertSign']))),
    },
  },
};
