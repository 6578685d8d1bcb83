// What is wrong with these is the envelope: body, members, protected header, signature, key.
import { toBase64Url } from '../../../core/ports/base64.ts';
import { accountKey, makeJws, type PostOptions } from '../acme.ts';
import type { HostileRequest, Victim } from './kind.ts';

const order = { identifiers: [{ type: 'dns', value: 'a.example.internal' }] };
const base = { to: 'newOrder', payload: order } as const;

type Header = Record<string, unknown>;

const encode = (text: string): string => toBase64Url(Buffer.from(text, 'utf8'));

/** The request is sent, but for this body. */
const bodies: readonly (readonly [name: string, body: string])[] = [
  ['an empty body', ''],
  ['null', 'null'],
  ['an array', '[]'],
  ['a string', '"x"'],
  ['a number', '1'],
  ['an empty object', '{}'],
  ['half an object', '{"protected":'],
  ['two objects', '{}{}'],
  ['a comment', '/* */{}'],
  ['single quotes', "{'protected':'x'}"],
  ['a compact JWS', `${encode('{"alg":"ES256"}')}..AAAA`],
  ['deep arrays', '['.repeat(5000)],
  ['deep objects', '{"a":'.repeat(5000)],
  ['a NUL', '\u0000'],
  ['a byte order mark', '\ufeff{}'],
  ['XML', '<jws/>'],
  ['a form', 'protected=x&payload=y&signature=z'],
  ['NaN', '{"protected":NaN}'],
];

/** One member of the JWS is replaced; undefined takes it away. */
const members: readonly (readonly [member: string, values: readonly unknown[]])[] = [
  [
    'protected',
    [undefined, null, '', 1, {}, [], ' ', 'AAAA=', '+/+/', 'e30', encode('null'), encode('[]'), encode('{')],
  ],
  ['payload', [undefined, null, 1, {}, [], ' ', 'AAAA=', '+/+/', 'A']],
  ['signature', [undefined, null, 1, {}, [], '', ' ', 'AAAA', 'AAAA=', '+/+/']],
  ['header', [{}, { alg: 'none' }, null, 'x']],
  ['signatures', [[], [{}], null]],
];

/** Members of the protected header are replaced and the result is signed as it should be. */
const headers: readonly (readonly [name: string, problem: string, change: (victim: Victim) => Header])[] = [
  ...[
    'none',
    'None',
    'HS256',
    'HS512',
    'RS1',
    'RS384',
    'RS512',
    'PS256',
    'ES256K',
    'ES256 ',
    'es256',
    '',
    '__proto__',
  ].map((alg) => [`the algorithm "${alg}"`, 'badSignatureAlgorithm 400', () => ({ alg })] as const),
  ...['RS256', 'ES384', 'ES512', 'EdDSA'].map(
    (alg) => [`the algorithm ${alg} for a P-256 key`, 'badPublicKey 400', () => ({ alg })] as const,
  ),
  ...[undefined, null, 1, ['ES256'], {}].map(
    (alg) => [`an algorithm that is ${JSON.stringify(alg)}`, 'malformed 400', () => ({ alg })] as const,
  ),
  ...[undefined, null, 1, [], {}].map(
    (url) => [`a url that is ${JSON.stringify(url)}`, 'malformed 400', () => ({ url })] as const,
  ),
  ...['', '/', '?', '?a=b', '#x', ' ', '/../new-order', '%20']
    .slice(1)
    .map(
      (tail) =>
        [
          `the url with "${tail}" behind it`,
          'unauthorized 403',
          (victim: Victim) => ({ url: `${victim.urls.newOrder}${tail}` }),
        ] as const,
    ),
  ['an empty url', 'unauthorized 403', () => ({ url: '' })],
  ['the url of another resource', 'unauthorized 403', ({ urls }) => ({ url: urls.newAccount })],
  [
    'the url of another directory',
    'unauthorized 403',
    ({ urls }) => ({ url: urls.newOrder.replace('/main/', '/narrow/') }),
  ],
  ['the url over plain HTTP', 'unauthorized 403', ({ urls }) => ({ url: urls.newOrder.replace('https:', 'http:') })],
  ['the url in capitals', 'unauthorized 403', ({ urls }) => ({ url: urls.newOrder.toUpperCase() })],
  [
    'the url of another host',
    'unauthorized 403',
    ({ urls }) => ({ url: urls.newOrder.replace('localhost', '127.0.0.1') }),
  ],
  [
    'the url with a double slash',
    'unauthorized 403',
    ({ urls }) => ({ url: urls.newOrder.replace('/acme/', '//acme/') }),
  ],
  ['the path alone as url', 'unauthorized 403', ({ urls }) => ({ url: new URL(urls.newOrder).pathname })],
  ...[undefined, '', 'A'.repeat(36), 'A'.repeat(48)].map(
    (nonce) => [`the nonce ${JSON.stringify(nonce)}`, 'badNonce 400', () => ({ nonce })] as const,
  ),
  // RFC 8555 §6.5.2: what is not base64url is malformed.
  ...['x', '+'.repeat(36), '.'.repeat(36)].map(
    (nonce) => [`the nonce ${JSON.stringify(nonce)}`, 'malformed 400', () => ({ nonce })] as const,
  ),
  ...[null, 1, [], {}, 'A'.repeat(257)].map(
    (nonce) => [`a nonce that is ${JSON.stringify(nonce).slice(0, 20)}`, 'malformed 400', () => ({ nonce })] as const,
  ),
  ['both jwk and kid', 'malformed 400', ({ accountKey: { jwk } }) => ({ jwk })],
  ['neither jwk nor kid', 'malformed 400', () => ({ kid: undefined })],
  ['a jwk instead of a kid', 'malformed 400', ({ accountKey: { jwk } }) => ({ jwk, kid: undefined })],
  ...[null, 1, [], {}].map(
    (kid) => [`a kid that is ${JSON.stringify(kid)}`, 'malformed 400', () => ({ kid })] as const,
  ),
  ...['', '/', '#', '?', '/orders', ' '].map(
    (tail) =>
      [
        tail === '' ? 'an empty kid' : `the kid with "${tail}" behind it`,
        'accountDoesNotExist 400',
        ({ urls }: Victim) => ({ kid: tail === '' ? '' : `${urls.account}${tail}` }),
      ] as const,
  ),
  ['the kid without its URL', 'accountDoesNotExist 400', ({ urls }) => ({ kid: urls.account.split('/').at(-1) })],
  ['the kid of nobody', 'accountDoesNotExist 400', ({ urls }) => ({ kid: `${urls.account.slice(0, -4)}AAAA` })],
  [
    'the kid in another directory',
    'accountDoesNotExist 400',
    ({ urls }) => ({ kid: urls.account.replace('/main/', '/narrow/') }),
  ],
  ['the kid with SQL in it', 'accountDoesNotExist 400', ({ urls }) => ({ kid: `${urls.account}' OR '1'='1` })],
  ['critical headers', 'malformed 400', () => ({ crit: ['exp'], exp: 1 })],
  ['an empty list of critical headers', 'malformed 400', () => ({ crit: [] })],
  ['a payload that is not encoded', 'malformed 400', () => ({ b64: false, crit: ['b64'] })],
  ['b64 that says true', 'malformed 400', () => ({ b64: true })],
];

/** The signature is changed after it was made. */
const signatures: readonly (readonly [name: string, change: (signature: Buffer) => Buffer])[] = [
  [
    'with one bit changed',
    (signature) => Buffer.from(signature.map((byte, index) => (index === 40 ? byte ^ 1 : byte))),
  ],
  ['of zeros', () => Buffer.alloc(64)],
  ['of ones', () => Buffer.alloc(64, 0xff)],
  ['cut short', (signature) => signature.subarray(0, 63)],
  ['with a byte more', (signature) => Buffer.concat([signature, Buffer.alloc(1)])],
  ['with its halves exchanged', (signature) => Buffer.concat([signature.subarray(32), signature.subarray(0, 32)])],
  ['that is very long', () => Buffer.alloc(5000)],
];

function changed(make: (victim: Victim) => PostOptions, name: string, problem: string): HostileRequest {
  return { ...base, name, problem, options: make };
}

export const jwsKinds: readonly HostileRequest[] = [
  ...bodies.map(([name, body]) => changed(() => ({ body }), `a body that is ${name}`, 'malformed 400')),
  ...members.flatMap(([member, values]) =>
    values.map((value) =>
      changed(
        () => ({ change: (jws) => ({ ...jws, [member]: value }) }),
        `a JWS whose ${member} is ${JSON.stringify(value)}`,
        'malformed 400',
      ),
    ),
  ),
  ...headers.map(([name, problem, change]) => changed((victim) => ({ header: change(victim) }), name, problem)),
  ...signatures.map(([name, change]) =>
    changed(
      () => ({
        change: (jws) => ({
          ...jws,
          signature: toBase64Url(change(Buffer.from(String(jws['signature']), 'base64url'))),
        }),
      }),
      `a signature ${name}`,
      'malformed 400',
    ),
  ),
  changed(() => ({ key: accountKey() }), 'the signature of another key', 'malformed 400'),
  changed(
    (victim) => ({
      change: (jws) => ({ ...jws, payload: makeJws(victim.accountKey, {}, { identifiers: [] })['payload'] }),
    }),
    'another payload than was signed',
    'malformed 400',
  ),
];
