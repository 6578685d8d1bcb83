import { fromHex } from '../../core/ports/hex.ts';
import { extKeyUsage } from '../../core/x509/extensions/ext-key-usage.ts';
import { nameConstraints } from '../../core/x509/extensions/name-constraints.ts';
import { subjectAltName } from '../../core/x509/extensions/subject-alt-name.ts';
import type { GeneralName } from '../../core/x509/general-name.ts';
import { encodeName } from '../../core/x509/name.ts';
import { oids } from '../../core/x509/oids.ts';
import type { LintFixture } from './lint-fixture.ts';
import { attribute, cert, issuerWith, name, organization, type Cases } from './lint-pieces.ts';
import { dns, drop, ip, put, signingTime, type Authority } from './lint-world.ts';

const leaf = cert('leaf');
const emptySubject = encodeName({});
const day = 86_400;

/** A leaf with the usual name and another. */
function beside(other: GeneralName, issuer?: Authority): LintFixture {
  const names = [dns('www.example.com'), other];
  return cert('leaf', issuer === undefined ? { names } : { names, issuer });
}

const constrained = issuerWith((parts) =>
  put(
    parts,
    nameConstraints({
      permitted: [dns('example.com'), ip('0a000000ff000000')],
      excluded: [dns('secret.example.com'), ip('0a010000ffff0000')],
    }),
  ),
);
const directory = issuerWith((parts) =>
  put(
    parts,
    nameConstraints({
      permitted: [{ kind: 'directory', value: name([organization]) }, dns('example.com')],
      excluded: [],
    }),
  ),
);
const mixedPurposes = issuerWith((parts) => put(parts, extKeyUsage(['serverAuth', 'codeSigning'])));
const longName = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(57)}.com`;

/** Names of a leaf and what goes with them. */
export const leafCases: Cases = {
  'leaf-san-not-empty': {
    refused: cert('leaf', {}, (parts) => ({ ...drop(parts, oids.subjectAltName), subject: emptySubject })),
    accepted: cert('leaf', { names: [ip('0a000001')] }),
  },
  'leaf-san-kinds': { refused: beside({ kind: 'email', value: 'www@example.com' }), accepted: beside(ip('0a000001')) },
  'leaf-san-no-repeats': { refused: beside(dns('www.example.com')), accepted: beside(dns('example.com')) },
  'leaf-san-criticality': {
    refused: cert('leaf', {}, (parts) => put(parts, subjectAltName([dns('www.example.com')], true))),
    accepted: cert('leaf', { names: [ip('0a000001')] }),
    more: { 'refused-empty-subject': cert('leaf', {}, { subject: emptySubject }) },
  },
  'leaf-dns-syntax': {
    refused: beside(dns('under_score.example.com')),
    accepted: beside(dns('0-1.example')),
    more: {
      'refused-upper-case': beside(dns('WWW2.example.com')),
      'refused-trailing-dot': beside(dns('www2.example.com.')),
      'refused-hyphen': beside(dns('-www.example.com')),
      'refused-empty-label': beside(dns('www..example.com')),
      'refused-blank': beside(dns(' ')),
    },
  },
  'leaf-dns-length': {
    refused: beside(dns(`e${longName}`)),
    accepted: beside(dns(longName)),
    more: { 'refused-label': beside(dns(`${'a'.repeat(64)}.example.com`)) },
  },
  'leaf-dns-wildcard': {
    refused: beside(dns('w*.example.com')),
    accepted: beside(dns('*.example.com')),
    more: { 'refused-inner': beside(dns('www.*.example.com')), 'refused-alone': beside(dns('*')) },
  },
  'leaf-dns-punycode': {
    refused: beside(dns('xn--999999999.example.com')),
    accepted: beside(dns('xn--bcher-kva.example.com')),
    more: {
      'refused-ascii': beside(dns('xn--abc-.example.com')),
      'refused-reserved': beside(dns('ab--cd.example.com')),
    },
  },
  'leaf-dns-not-address': { refused: beside(dns('192.0.2.1')), accepted: beside(dns('1.example')) },
  'leaf-ip-length': { refused: beside(ip('0a00000100')), accepted: beside(ip(`20010db8${'0'.repeat(23)}1`)) },
  'leaf-subject-attributes': {
    refused: cert('leaf', {}, { subject: encodeName({ O: 'Example Corp', CN: 'www.example.com' }) }),
    accepted: leaf,
  },
  'leaf-common-name': {
    refused: cert('leaf', {}, { subject: encodeName({ CN: 'mail.example.com' }) }),
    accepted: cert(
      'leaf',
      { names: [dns('www.example.com'), ip('0a000001')] },
      {
        subject: name([attribute(oids.commonName, '10.0.0.1')]),
      },
    ),
  },
  'leaf-eku': {
    refused: cert('leaf', { issuer: mixedPurposes }, (parts) => put(parts, extKeyUsage(['serverAuth', 'codeSigning']))),
    accepted: cert('leaf', {}, (parts) => put(parts, extKeyUsage(['clientAuth']))),
  },
  'leaf-constraints-dns': {
    refused: beside(dns('www.example.org'), constrained),
    accepted: beside(dns('*.mail.example.com'), constrained),
    more: {
      'refused-excluded': beside(dns('www.secret.example.com'), constrained),
      'refused-wildcard': cert('leaf', {
        names: [dns('*.example.com')],
        issuer: issuerWith((parts) =>
          put(parts, nameConstraints({ permitted: [], excluded: [dns('secret.example.com')] })),
        ),
      }),
      'refused-suffix': beside(dns('wwwexample.com'), constrained),
    },
  },
  'leaf-constraints-ip': {
    refused: beside(ip('c0000201'), constrained),
    accepted: beside(ip('0a020304'), constrained),
    more: {
      'refused-excluded': beside(ip('0a010304'), constrained),
      'refused-family': beside(ip(`20010db8${'0'.repeat(23)}1`), constrained),
    },
  },
  'leaf-constraints-directory': {
    refused: cert('leaf', { issuer: directory }),
    accepted: cert('leaf', { issuer: directory }, (parts) => ({
      ...put(parts, subjectAltName([dns('www.example.com')], true)),
      subject: fromHex('3000'),
    })),
  },
  'leaf-not-before-window': {
    refused: cert('leaf', { from: signingTime - 2 * day - 1 }),
    accepted: cert('leaf', { from: signingTime - 2 * day }),
    more: { 'refused-future': cert('leaf', { from: signingTime + 2 * day + 1 }) },
  },
};
