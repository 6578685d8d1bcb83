import * as der from '../../core/der/writer.ts';
import { contextConstructedTag, tags } from '../../core/der/tags.ts';
import { nodeDigest } from '../../core/node/crypto.ts';
import { fromHex } from '../../core/ports/hex.ts';
import { signatureAlgorithms } from '../../core/x509/algorithms.ts';
import { basicConstraints } from '../../core/x509/extensions/basic-constraints.ts';
import { certificatePolicies } from '../../core/x509/extensions/certificate-policies.ts';
import { extKeyUsage } from '../../core/x509/extensions/ext-key-usage.ts';
import { authorityKeyIdentifier, subjectKeyIdentifier } from '../../core/x509/extensions/key-identifiers.ts';
import { keyUsage } from '../../core/x509/extensions/key-usage.ts';
import { authorityInfoAccess, cRLDistributionPoints } from '../../core/x509/extensions/locations.ts';
import { encodeGeneralName } from '../../core/x509/general-name.ts';
import { oids } from '../../core/x509/oids.ts';
import { readSpki } from '../../core/x509/spki.ts';
import { attribute, cert, commonName, country, issuerWith, name, raw, wrongTime } from './lint-pieces.ts';
import type { Cases } from './lint-pieces.ts';
import { drop, put, serialFor, signingTime, utc, world } from './lint-world.ts';
import { closePrimesKey, rocaKey, smallFactorKey } from './weak-keys.ts';

const leaf = cert('leaf');
const rsaLeaf = cert('leaf', { key: 'rsa-leaf' });
const issuing = cert('issuing');

function spki(identifier: string, publicKey: Uint8Array): Uint8Array {
  return der.encode(der.sequence(fromHex(identifier), der.bitString(publicKey)));
}

function point(bytes: Uint8Array): Uint8Array {
  return readSpki(bytes).publicKey;
}

const p256 = '301306072a8648ce3d020106082a8648ce3d030107';
const secp256k1 = '301006072a8648ce3d020106052b8104000a';

/** Serial, signature, key, dates and names. */
export const fieldCases: Cases = {
  'cert-version-3': { refused: cert('leaf', {}, { version: [] }), accepted: leaf },
  'cert-serial-positive': {
    refused: cert('leaf', {}, ({ serial }) => ({ serial: serial.map((octet, index) => (index === 0 ? 0x80 : octet)) })),
    accepted: leaf,
    more: { 'refused-zero': cert('leaf', {}, { serial: Uint8Array.of(0) }) },
  },
  'cert-serial-length': {
    refused: cert('leaf', {}, { serial: new Uint8Array(21).fill(0x42) }),
    accepted: cert('leaf', {}, { serial: new Uint8Array(20).fill(0x42) }),
  },
  'cert-serial-64-bits': {
    refused: cert('leaf', {}, { serial: new Uint8Array(7).fill(0x42) }),
    accepted: cert('leaf', {}, { serial: new Uint8Array(8).fill(0x42) }),
  },
  'cert-signature-algorithm': {
    refused: cert('leaf', {}, { algorithm: fromHex('300c06082a8648ce3d0403020500') }),
    accepted: leaf,
    more: { 'refused-sha1': cert('rsa-root', {}, { algorithm: fromHex('300d06092a864886f70d0101050500') }) },
  },
  'cert-signature-fits-key': {
    refused: cert('issuing', {}, { algorithm: signatureAlgorithms['ecdsa-sha256'].identifier }),
    accepted: cert('rsa-root', {}, { algorithm: signatureAlgorithms['rsa-pss-sha384'].identifier }),
  },
  'cert-key-algorithm': {
    refused: cert('leaf', {}, (parts) => ({ spki: spki(secp256k1, point(parts.spki)) })),
    accepted: rsaLeaf,
  },
  'cert-key-size': {
    refused: cert('leaf', {}, (parts) => ({
      spki: spki(p256, Uint8Array.of(0x02, ...point(parts.spki).subarray(1, 33))),
    })),
    accepted: rsaLeaf,
  },
  'cert-key-small-factors': {
    refused: cert('leaf', { key: 'rsa-leaf' }, { spki: smallFactorKey() }),
    accepted: rsaLeaf,
  },
  'cert-key-close-primes': {
    refused: cert('leaf', { key: 'rsa-leaf' }, { spki: closePrimesKey() }),
    accepted: rsaLeaf,
  },
  'cert-key-roca': { refused: cert('leaf', { key: 'rsa-leaf' }, { spki: rocaKey() }), accepted: rsaLeaf },
  'cert-key-on-curve': {
    refused: cert('leaf', {}, (parts) => ({
      spki: parts.spki.map((octet, index) => (index === parts.spki.length - 1 ? octet ^ 1 : octet)),
    })),
    accepted: cert('root'),
  },
  'cert-validity-order': {
    refused: cert('leaf', { from: utc('2026-11-23'), to: utc('2026-11-23') - 1 }),
    accepted: cert('leaf', { from: utc('2026-11-23'), to: utc('2026-11-23') }),
  },
  'cert-validity-encoding': {
    refused: cert('leaf', {}, { notAfter: wrongTime(utc('2027-02-20')) }),
    accepted: cert('root', { to: utc('2050-01-01') }),
  },
  'cert-not-expired-at-signing': {
    refused: cert('leaf', { to: signingTime - 1 }),
    accepted: cert('leaf', { to: signingTime }),
  },
  'cert-not-before-window': {
    refused: cert('issuing', { from: signingTime + 1 }),
    accepted: cert('issuing', { from: signingTime - 86_400 }),
    more: {
      'refused-early': cert('issuing', { from: signingTime - 86_401 }),
      'accepted-late': cert('root', { from: signingTime }),
    },
  },
  'cert-no-unique-identifiers': {
    refused: cert('leaf', {}, { uniqueIdentifiers: [der.implicit(1, Uint8Array.of(0, 0x42))] }),
    accepted: leaf,
  },
};

const kid = world().leaf.keyIdentifier;
const caName = der.element(contextConstructedTag(1), encodeGeneralName({ kind: 'dns', value: 'ca.example.com' }));

/** Extensions that several types have. */
export const extensionCases: Cases = {
  'cert-aki-key-identifier-only': {
    refused: cert('leaf', {}, (parts) =>
      put(
        parts,
        raw(
          oids.authorityKeyIdentifier,
          der.sequence(der.implicit(0, kid), caName, der.implicit(2, serialFor('issuing'))),
        ),
      ),
    ),
    accepted: leaf,
  },
  'cert-extension-closed-world': {
    refused: cert('leaf', {}, (parts) =>
      put(parts, raw(oids.issuerAltName, der.sequence(encodeGeneralName({ kind: 'dns', value: 'ca.example.com' })))),
    ),
    accepted: leaf,
  },
  'cert-extension-required': {
    refused: cert('issuing', {}, (parts) => drop(parts, oids.subjectKeyIdentifier)),
    accepted: cert('issuing', {}, (parts) => drop(parts, oids.authorityInfoAccess)),
    more: { 'refused-no-check': cert('ocsp', {}, (parts) => drop(parts, oids.ocspNoCheck)) },
  },
  'cert-extension-criticality': {
    refused: cert('leaf', {}, (parts) => put(parts, { ...keyUsage(['digitalSignature']), critical: false })),
    accepted: cert('signer'),
  },
  'cert-extension-value-der': {
    refused: cert('leaf', {}, (parts) => put(parts, raw(oids.extKeyUsage, '300a06082b0601050507030100'))),
    accepted: leaf,
    more: {
      'refused-empty': cert('leaf', {}, (parts) => put(parts, raw(oids.certificatePolicies, '3000'))),
      'refused-no-check': cert('ocsp', {}, (parts) => put(parts, raw(oids.ocspNoCheck, '0101ff'))),
    },
  },
  'cert-key-usage-set': {
    refused: cert('leaf', {}, (parts) => put(parts, keyUsage(['digitalSignature', 'keyAgreement']))),
    accepted: rsaLeaf,
  },
  'cert-key-usage-encoding': {
    refused: cert('leaf', {}, (parts) => put(parts, raw(oids.keyUsage, '03020080', true))),
    accepted: leaf,
    more: {
      'refused-unnamed-bit': cert('leaf', {}, (parts) => put(parts, raw(oids.keyUsage, '0303068040', true))),
    },
  },
  'cert-ski-method': {
    refused: cert('issuing', {}, (parts) =>
      put(parts, subjectKeyIdentifier(nodeDigest('sha1', readSpki(parts.spki).publicKey))),
    ),
    accepted: issuing,
  },
  'cert-eku-no-any': {
    refused: cert('issuing', {}, (parts) =>
      put(parts, raw(oids.extKeyUsage, der.sequence(der.oid(oids.serverAuth), der.oid(oids.anyExtendedKeyUsage)))),
    ),
    accepted: issuing,
  },
  'cert-eku-no-repeats': {
    refused: cert('leaf', {}, (parts) => put(parts, extKeyUsage(['serverAuth', 'serverAuth']))),
    accepted: cert('leaf', {}, (parts) => put(parts, extKeyUsage(['serverAuth', 'clientAuth']))),
  },
  'cert-policies-plain': {
    refused: cert('leaf', {}, (parts) =>
      put(
        parts,
        raw(
          oids.certificatePolicies,
          der.sequence(
            der.sequence(
              der.oid('2.23.140.1.2.1'),
              der.sequence(der.sequence(der.oid('1.3.6.1.5.5.7.2.1'), der.ia5String('http://pki.example.com/cps'))),
            ),
          ),
        ),
      ),
    ),
    accepted: cert('leaf', {}, (parts) => put(parts, certificatePolicies(['2.23.140.1.2.1']))),
  },
  'cert-policies-no-any': {
    refused: cert('issuing', {}, (parts) => put(parts, certificatePolicies([oids.anyPolicy]))),
    accepted: cert('issuing', {}, (parts) => put(parts, certificatePolicies(['2.23.140.1.2.1']))),
  },
  'cert-policies-no-repeats': {
    refused: cert('leaf', {}, (parts) => put(parts, certificatePolicies(['2.23.140.1.2.1', '2.23.140.1.2.1']))),
    accepted: cert('leaf', {}, (parts) => put(parts, certificatePolicies(['2.23.140.1.2.1', '2.999.1']))),
  },
};

const otherAki = authorityKeyIdentifier(new Uint8Array(20).fill(0x42));
const issuerUntil = utc('2031-11-22') - 1;

/** What is compared with the issuer. */
export const issuerCases: Cases = {
  'cert-issuer-at-hand': {
    refused: { judged: leaf.judged, as: 'leaf', signingTime },
    accepted: { judged: leaf.judged, as: 'leaf' },
  },
  'cert-issuer-name': {
    refused: cert(
      'leaf',
      {},
      {
        issuer: name([country], [attribute(oids.organizationName, 'Example Corp', tags.printableString)], [commonName]),
      },
    ),
    accepted: leaf,
  },
  'cert-aki-matches-issuer': { refused: cert('leaf', {}, (parts) => put(parts, otherAki)), accepted: leaf },
  'cert-within-issuer-validity': {
    refused: cert('leaf', { to: issuerUntil + 1 }),
    accepted: cert('leaf', { to: issuerUntil }),
  },
  'cert-issuer-is-ca': {
    refused: cert('leaf', { issuer: issuerWith((parts) => put(parts, basicConstraints({ ca: false }))) }),
    accepted: leaf,
  },
  'cert-issuer-key-cert-sign': {
    refused: cert('leaf', { issuer: issuerWith((parts) => put(parts, keyUsage(['cRLSign']))) }),
    accepted: leaf,
  },
  'cert-subject-not-issuer': {
    refused: cert('issuing', {}, (parts) => ({ subject: parts.issuer })),
    accepted: issuing,
  },
  'cert-key-not-issuers': { refused: cert('leaf', { key: 'issuing' }), accepted: leaf },
  'cert-eku-within-issuer': {
    refused: cert('leaf', { issuer: issuerWith((parts) => put(parts, extKeyUsage(['clientAuth']))) }),
    accepted: cert('leaf', {}, (parts) => put(parts, extKeyUsage(['clientAuth']))),
  },
  'cert-crl-url-http': {
    refused: cert('leaf', {}, (parts) => put(parts, cRLDistributionPoints(['https://pki.example.com/i1.crl']))),
    accepted: cert('leaf', {}, (parts) =>
      put(parts, cRLDistributionPoints(['http://pki.example.com/i1.crl', 'http://pki2.example.com/i1.crl'])),
    ),
  },
  'cert-crl-one-point': {
    refused: cert('leaf', {}, (parts) =>
      put(
        parts,
        raw(
          oids.cRLDistributionPoints,
          der.sequence(
            ...['http://pki.example.com/i1.crl', 'http://pki2.example.com/i1.crl'].map((value) =>
              der.sequence(der.explicit(0, der.explicit(0, encodeGeneralName({ kind: 'uri', value })))),
            ),
          ),
        ),
      ),
    ),
    accepted: leaf,
    more: {
      'refused-reasons': cert('leaf', {}, (parts) =>
        put(
          parts,
          raw(
            oids.cRLDistributionPoints,
            der.sequence(
              der.sequence(
                der.explicit(
                  0,
                  der.explicit(0, encodeGeneralName({ kind: 'uri', value: 'http://pki.example.com/i1.crl' })),
                ),
                der.namedBitString([1], 0x81),
              ),
            ),
          ),
        ),
      ),
    },
  },
  'cert-aia-http': {
    refused: cert('leaf', {}, (parts) =>
      put(parts, authorityInfoAccess({ caIssuers: ['https://pki.example.com/i1.cer'], ocsp: [] })),
    ),
    accepted: cert('leaf', {}, (parts) =>
      put(
        parts,
        authorityInfoAccess({ caIssuers: ['http://pki.example.com/i1.cer'], ocsp: ['http://ocsp.example.com'] }),
      ),
    ),
  },
  'cert-aia-no-repeats': {
    refused: cert('leaf', {}, (parts) =>
      put(
        parts,
        authorityInfoAccess({
          caIssuers: ['http://pki.example.com/i1.cer', 'http://pki.example.com/i1.cer'],
          ocsp: [],
        }),
      ),
    ),
    accepted: cert('leaf', {}, (parts) =>
      put(
        parts,
        authorityInfoAccess({
          caIssuers: ['http://pki.example.com/i1.cer', 'http://pki2.example.com/i1.cer'],
          ocsp: [],
        }),
      ),
    ),
  },
  'cert-aia-methods': {
    refused: cert('leaf', {}, (parts) =>
      put(
        parts,
        raw(
          oids.authorityInfoAccess,
          der.sequence(
            der.sequence(
              der.oid('1.3.6.1.5.5.7.48.5'),
              encodeGeneralName({ kind: 'uri', value: 'http://pki.example.com/' }),
            ),
          ),
        ),
      ),
    ),
    accepted: leaf,
  },
  'cert-locations-not-issuers-own': {
    refused: cert('leaf', {}, (parts) => put(parts, cRLDistributionPoints(['http://pki.example.com/r1.crl']))),
    accepted: leaf,
  },
};
