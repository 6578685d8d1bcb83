import { generateKeyPairSync, sign } from 'node:crypto';
import * as fc from 'fast-check';
import { calculateJwkThumbprint, exportJWK, FlattenedSign, generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { jwsAlgorithmNames } from '../../../issuer/acme/jws/algorithms.ts';
import { readJwk } from '../../../issuer/acme/jws/jwk.ts';
import { Lru } from '../../../issuer/acme/lru.ts';
import { AcmeProblem } from '../../../issuer/acme/problems.ts';
import { parseJws } from '../../../issuer/acme/jws/parse.ts';
import { verifyJws } from '../../../issuer/acme/jws/verify.ts';
import { toBase64Url } from '../../../core/ports/base64.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import { accountKey, makeJws } from '../../support/acme.ts';

const url = 'https://acme.example.com/acme/main/new-order';

/** A JWS as another implementation makes it. */
async function joseJws(alg: string): Promise<{ body: unknown; jwk: Record<string, unknown> }> {
  const { privateKey, publicKey } = await generateKeyPair(alg === 'EdDSA' ? 'Ed25519' : alg, { extractable: true });
  const { alg: _, ...jwk } = await exportJWK(publicKey);
  const body = await new FlattenedSign(utf8('{"a":1}'))
    .setProtectedHeader({ alg, nonce: 'abc', url, jwk })
    .sign(privateKey);
  return { body, jwk };
}

function problem(type: string, message = /./u): unknown {
  return expect.objectContaining({ type, message: expect.stringMatching(message) });
}

describe('a JWS made by jose', () => {
  it.each(jwsAlgorithmNames)('verifies with %s, and its key has the same thumbprint', async (alg) => {
    const { body, jwk } = await joseJws(alg);
    const jws = parseJws(body);
    const key = readJwk(jws.jwk);
    expect(() => verifyJws(jws, key)).not.toThrow();
    expect(toBase64Url(key.thumbprint)).toBe(await calculateJwkThumbprint(jwk as never, 'sha256'));
    expect(Buffer.from(jws.payload).toString()).toBe('{"a":1}');
  });

  it.each(jwsAlgorithmNames)('is refused with %s when any byte of the signature differs', async (alg) => {
    const { body } = await joseJws(alg);
    const jws = parseJws(body);
    const key = readJwk(jws.jwk);
    for (const index of [0, 1, jws.signature.length - 1]) {
      const signature = Uint8Array.from(jws.signature);
      signature[index] = (signature[index] ?? 0) ^ 1;
      expect(() => verifyJws({ ...jws, signature }, key)).toThrow(problem('malformed'));
    }
  });

  it('verifies although the zeros that its signature begins with were left out, as Apple’s client does', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = readJwk(publicKey.export({ format: 'jwk' }));
    for (let attempt = 0; attempt < 10_000; attempt += 1) {
      const signingInput = Buffer.from(`attempt.${attempt}`);
      const signature = sign('sha256', signingInput, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      if (signature[0] !== 0) continue;
      const common = { url: '', nonce: undefined, jwk: {}, kid: undefined, payload: new Uint8Array() };
      const jws = { ...common, alg: 'ES256' as const, signingInput, signature: signature.subarray(1) };
      expect(() => verifyJws(jws, key)).not.toThrow();
      return;
    }
    throw new Error('no signature began with a zero');
  });

  it('is refused when the signature is cut, lengthened or that of another payload', async () => {
    const { body } = await joseJws('ES256');
    const jws = parseJws(body);
    const key = readJwk(jws.jwk);
    for (const signature of [
      jws.signature.slice(0, -1),
      Buffer.concat([jws.signature, Buffer.of(0)]),
      Buffer.alloc(64),
    ]) {
      expect(() => verifyJws({ ...jws, signature }, key)).toThrow(problem('malformed', /does not verify/u));
    }
    const other = Buffer.from(jws.signingInput.toString().replace(/.$/u, 'A'), 'latin1');
    expect(() => verifyJws({ ...jws, signingInput: other }, key)).toThrow(problem('malformed'));
  });
});

describe('the envelope', () => {
  const key = accountKey();
  const header = { alg: 'ES256', nonce: 'abc', url, jwk: key.jwk };
  const jws = makeJws(key, header, {});

  it('of a plain request is read', () => {
    expect(parseJws(jws)).toMatchObject({ alg: 'ES256', nonce: 'abc', url, kid: undefined });
  });

  it.each([
    ['not an object', 'x'],
    ['null', null],
    ['an array', [jws]],
    ['signatures (RFC 8555 §6.2: one signature)', { ...jws, signatures: [] }],
    ['an unprotected header (RFC 8555 §6.2)', { ...jws, header: { kid: 'x' } }],
    ['an unprotected header of null', { ...jws, header: null }],
    ['no payload', { protected: jws['protected'], signature: jws['signature'] }],
    ['no signature', { protected: jws['protected'], payload: '' }],
    ['an empty protected header', { ...jws, protected: '' }],
    ['padding', { ...jws, payload: 'e30=' }],
    ['standard base64', { ...jws, signature: '+/+/' }],
    ['white space', { ...jws, payload: ' e30' }],
    ['unused bits that are set', { ...jws, payload: 'e31' }],
    ['a protected header that is not JSON', { ...jws, protected: toBase64Url(utf8('{')) }],
    ['a protected header that is not UTF-8', { ...jws, protected: toBase64Url(Uint8Array.of(0xff, 0xfe)) }],
    ['a protected header that is an array', { ...jws, protected: toBase64Url(utf8('[]')) }],
  ])('with %s is malformed', (_, body) => {
    expect(() => parseJws(body)).toThrow(problem('malformed'));
  });

  it.each([
    ['crit', { crit: ['url'] }],
    ['b64', { b64: false }],
    ['neither jwk nor kid', { jwk: undefined }],
    ['both jwk and kid', { kid: 'https://acme.example.com/acme/main/account/x' }],
    ['no url', { url: undefined }],
    ['a url that is not text', { url: 1 }],
    ['a nonce that is not text', { nonce: 1 }],
    ['no alg', { alg: undefined }],
    ['a jwk that is not an object', { jwk: 'x' }],
  ])('whose protected header has %s is malformed', (_, change) => {
    expect(() => parseJws(makeJws(key, { ...header, ...change }, {}))).toThrow(problem('malformed'));
  });

  it.each(['none', 'HS256', 'RS1', 'RS384', 'PS256', 'ES256K', 'ES256 ', '__proto__', 'toString'])(
    'with the algorithm %s is refused with the list of those accepted',
    (alg) => {
      const refusal = { type: 'badSignatureAlgorithm', options: { members: { algorithms: jwsAlgorithmNames } } };
      expect(() => parseJws(makeJws(key, { ...header, alg }, {}))).toThrow(expect.objectContaining(refusal));
    },
  );

  it('never makes the parser throw anything but a problem', () => {
    const isHandled = (body: unknown): boolean => {
      try {
        parseJws(body);
        return true;
      } catch (error) {
        return error instanceof AcmeProblem;
      }
    };
    const property = fc.property(fc.jsonValue(), fc.jsonValue(), (envelope, inner) => {
      const hostile = { ...jws, protected: toBase64Url(utf8(JSON.stringify(inner))) };
      return [envelope, hostile, { ...hostile, ...(envelope as object) }].every(isHandled);
    });
    expect(fc.check(property)).toMatchObject({ failed: false });
  });
});

describe('a key', () => {
  const ec = accountKey().jwk;
  const rsa = (bits: number): Record<string, unknown> =>
    generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' });
  const good = rsa(2048);

  it.each([
    ['RSA of 1024 bits', rsa(1024)],
    ['RSA with exponent 1', { ...good, e: 'AQ' }],
    ['RSA with an even exponent', { ...good, e: 'AQAC' }],
    [
      'RSA with leading zeros',
      { ...good, n: toBase64Url(Buffer.concat([Buffer.of(0), Buffer.from(String(good['n']), 'base64url')])) },
    ],
    ['the private half', { ...ec, d: 'AAAA' }],
    ['a symmetric key', { kty: 'oct', k: 'AAAA' }],
    ['a point off the curve', { ...ec, y: toBase64Url(Buffer.alloc(32, 1)) }],
    ['a coordinate without its leading zero', { ...ec, x: toBase64Url(Buffer.alloc(31, 1)) }],
    ['secp256k1', { ...ec, crv: 'secp256k1' }],
    ['X25519', { kty: 'OKP', crv: 'X25519', x: toBase64Url(Buffer.alloc(32, 9)) }],
    ['no coordinate', { kty: 'EC', crv: 'P-256', x: ec['x'] }],
  ])('that is %s is a bad public key', (_, jwk) => {
    expect(() => readJwk(jwk)).toThrow(problem('badPublicKey'));
  });

  it('keeps its required members alone, so that further members give no second account', () => {
    const { jwk, thumbprint } = readJwk({ ...ec, kid: 'x', use: 'sig', ext: true });
    expect(jwk).toEqual(ec);
    expect(thumbprint).toEqual(readJwk(ec).thumbprint);
  });

  it('is used with its own algorithm only', () => {
    const key = accountKey('ES384');
    const jws = parseJws(makeJws(key, { alg: 'ES256', nonce: 'a', url, jwk: key.jwk }, {}));
    expect(() => verifyJws(jws, readJwk(key.jwk))).toThrow(problem('badPublicKey'));
  });
});

describe('the cache of keys', () => {
  it('holds no more than its maximum and drops what was used longest ago', () => {
    const lru = new Lru<number>(2);
    lru.set('a', 1);
    lru.set('b', 2);
    expect(lru.get('a')).toBe(1);
    lru.set('c', 3);
    expect([lru.get('a'), lru.get('b'), lru.get('c'), lru.size]).toEqual([1, undefined, 3, 2]);
  });

  it('counts by weight where entries differ, so that large ones do not fill the memory', () => {
    const lru = new Lru<string>(5, ({ length }) => length);
    for (const text of ['a', 'bb', 'cc']) lru.set(text, text);
    expect(lru.size).toBe(3);
    lru.set('ddd', 'ddd');
    expect([lru.get('a'), lru.get('bb'), lru.get('cc'), lru.get('ddd')]).toEqual([undefined, undefined, 'cc', 'ddd']);
    // In the place of another, it weighs what it weighs now; and what is too heavy for all of it is not kept.
    lru.set('ddd', 'd');
    lru.set('ee', 'ee');
    expect(lru.size).toBe(3);
    lru.set('ffffff', 'ffffff');
    expect(lru.size).toBe(0);
  });
});
