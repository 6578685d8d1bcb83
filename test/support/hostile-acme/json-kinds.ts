// The envelope of these is good; what is wrong is what is in it.
import { accountKey, type AccountKey } from '../acme.ts';
import type { HostileRequest, Resource } from './kind.ts';

type Row = readonly [to: Resource, problem: string, payloads: readonly unknown[]];

const dns = (value: unknown): unknown => ({ identifiers: [{ type: 'dns', value }] });
const ip = (value: unknown): unknown => ({ identifiers: [{ type: 'ip', value }] });
const good = { type: 'dns', value: 'a.example.internal' };

const rows: readonly Row[] = [
  [
    'newOrder',
    'malformed 400',
    [null, 1, 'x', [], {}, { identifiers: null }, { identifiers: {} }, { identifiers: [] }],
  ],
  [
    'newOrder',
    'malformed 400',
    [{ identifiers: ['a.example.internal'] }, { identifiers: [{}] }, { identifiers: [null] }],
  ],
  ['newOrder', 'malformed 400', [dns(1), dns(null), dns(['x']), { identifiers: [{ type: 1, value: 'x' }] }]],
  [
    'newOrder',
    'malformed 400',
    [{ identifiers: [good, good] }, { identifiers: Array.from({ length: 101 }, () => good) }],
  ],
  [
    'newOrder',
    'malformed 400',
    ['yesterday', '2026-13-01T00:00:00Z', '2026-01-01', 'x'.repeat(70), 1].map((notAfter) => ({
      identifiers: [good],
      notAfter,
    })),
  ],
  [
    'newOrder',
    'malformed 400',
    [
      { identifiers: [good], notAfter: '2020-01-01T00:00:00Z' },
      { identifiers: [good], notBefore: '2099-01-01T00:00:00Z' },
    ],
  ],
  ['newOrder', 'malformed 400', [1, '', 'x', 'a.b=', {}].map((replaces) => ({ identifiers: [good], replaces }))],
  [
    'newOrder',
    'invalidProfile 400',
    [
      { identifiers: [good], profile: 'none' },
      { identifiers: [good], profile: 'constructor' },
    ],
  ],
  [
    'newOrder',
    'rejectedIdentifier 403',
    [
      '',
      '.',
      '..',
      '*',
      '*.',
      '**.example.internal',
      'a.*.example.internal',
      '*a.example.internal',
      '*.*.example.internal',
    ].map(dns),
  ],
  [
    'newOrder',
    'rejectedIdentifier 403',
    [
      'a..example.internal',
      '.example.internal',
      'example.internal.',
      'a b.example.internal',
      'a_b.example.internal',
      '-a.example.internal',
      'a-.example.internal',
    ].map(dns),
  ],
  [
    'newOrder',
    'rejectedIdentifier 403',
    [
      'bücher.example.internal',
      'xn--.example.internal',
      'xn--a-.example.internal',
      'ab--c.example.internal',
      `${'a'.repeat(64)}.example.internal`,
      `${'a.'.repeat(130)}example.internal`,
    ].map(dns),
  ],
  [
    'newOrder',
    'rejectedIdentifier 403',
    [
      'example.org',
      'xexample.internal',
      'internal',
      'example.internal.org',
      '127.0.0.1',
      'a.example.internal\u0000.org',
      'a.example.internal/',
      'https://a.example.internal',
      'a@example.internal',
      'a.example.internal:443',
    ].map(dns),
  ],
  [
    'newOrder',
    'rejectedIdentifier 403',
    [
      '',
      '127.0.0.256',
      '127.1',
      '0x7f.0.0.1',
      '127.0.0.01',
      '127.0.0.0/8',
      '::1',
      '[::1]',
      '::1%lo',
      '8.8.8.8',
      'a.example.internal',
      '::ffff:127.0.0.1',
    ].map(ip),
  ],
  [
    'newOrder',
    'unsupportedIdentifier 403',
    ['email', '', 'DNS', 'TNAuthList', '__proto__', 'toString'].map((type) => ({
      identifiers: [{ type, value: 'x' }],
    })),
  ],
  [
    'newOrder',
    'compound 403',
    [
      {
        identifiers: [
          { type: 'email', value: 'x' },
          { type: 'dns', value: '' },
        ],
      },
    ],
  ],
  [
    'newAccount',
    'malformed 400',
    [null, 1, 'x', [], { contact: 'mailto:a@b.org' }, { contact: [1] }, { contact: {} }, { onlyReturnExisting: 'yes' }],
  ],
  [
    'newAccount',
    'malformed 400',
    [{ termsOfServiceAgreed: 'yes' }, { externalAccountBinding: 'x' }, { externalAccountBinding: {} }],
  ],
  [
    'newAccount',
    'unsupportedContact 400',
    ['tel:+1', 'http://a.b', 'a@b.org', ''].map((contact) => ({ contact: [contact] })),
  ],
  [
    'newAccount',
    'invalidContact 400',
    [
      'mailto:',
      'mailto:a',
      'mailto:a@b.org,c@d.org',
      'mailto:a@b.org?subject=x',
      'mailto:a@b.org\r\nBcc: c@d.org',
      'mailto:a@',
    ].map((contact) => ({ contact: [contact] })),
  ],
  ['newAccount', 'invalidContact 400', [{ contact: Array.from({ length: 11 }, () => 'mailto:a@b.org') }]],
  ['newAccount', 'accountDoesNotExist 400', [{ onlyReturnExisting: true }]],
  ['account', 'malformed 400', [1, 'x', [1], { status: 1 }, { contact: 'x' }, { contact: [null] }]],
  ['finalize', 'malformed 400', [null, 1, 'x', [], {}, { csr: 1 }, { csr: null }, { csr: '' }, { csr: ['AAAA'] }]],
  [
    'revokeCert',
    'malformed 400',
    [
      null,
      1,
      [],
      {},
      { certificate: 1 },
      { certificate: '' },
      { certificate: 'AAAA' },
      { certificate: '!' },
      { certificate: 'AAAA', reason: 'x' },
    ],
  ],
  [
    'keyChange',
    'malformed 400',
    [null, 1, [], {}, { protected: 'x', payload: 'y', signature: 'z' }, { account: 'x', oldKey: {} }],
  ],
  ['newAuthz', 'malformed 404', [{}, { identifier: good }]],
];

const { jwk: p256 } = accountKey();
const octets = (length: number, fill = 1): string => Buffer.alloc(length, fill).toString('base64url');

/** Keys that newAccount is signed with as far as can be, and does not take. */
const keys: readonly (readonly [name: string, jwk: Record<string, unknown>])[] = [
  ['no members', {}],
  ['an unknown type', { kty: 'oct', k: octets(32) }],
  ['a type that is a number', { ...p256, kty: 1 }],
  ['no x', { ...p256, x: undefined }],
  ['no y', { ...p256, y: undefined }],
  ['a point off the curve', { ...p256, x: octets(32), y: octets(32) }],
  ['the point at nought', { ...p256, x: octets(32, 0), y: octets(32, 0) }],
  ['a coordinate that is too short', { ...p256, x: octets(31) }],
  ['a coordinate that is too long', { ...p256, x: octets(33) }],
  ['a padded coordinate', { ...p256, x: `${octets(32)}=` }],
  ['another curve', { ...p256, crv: 'P-384' }],
  ['a curve that is not accepted', { ...p256, crv: 'secp256k1' }],
  ['a private key', { ...p256, d: octets(32) }],
  ['a short modulus', { kty: 'RSA', n: octets(128), e: 'AQAB' }],
  ['a long modulus', { kty: 'RSA', n: octets(1024), e: 'AQAB' }],
  [
    'a modulus that begins with zeros',
    { kty: 'RSA', n: Buffer.concat([Buffer.alloc(1), Buffer.alloc(256, 255)]).toString('base64url'), e: 'AQAB' },
  ],
  ['an even exponent', { kty: 'RSA', n: octets(256, 255), e: 'AQAA' }],
  ['the exponent one', { kty: 'RSA', n: octets(256, 255), e: 'AQ' }],
  ['a huge exponent', { kty: 'RSA', n: octets(256, 255), e: octets(8) }],
];

function keyed(jwk: Record<string, unknown>): AccountKey {
  return { alg: jwk['kty'] === 'RSA' ? 'RS256' : 'ES256', jwk, sign: () => Buffer.alloc(64) };
}

export const jsonKinds: readonly HostileRequest[] = [
  ...rows.flatMap(([to, problem, payloads]) =>
    payloads.map((payload) => ({ name: `${to} of ${JSON.stringify(payload).slice(0, 90)}`, problem, to, payload })),
  ),
  ...keys.map(([name, jwk]) => ({
    name: `newAccount with a key that has ${name}`,
    problem: 'badPublicKey 400',
    to: 'newAccount' as const,
    payload: {},
    options: () => ({ key: keyed(jwk), header: { jwk, kid: undefined } }),
  })),
];
