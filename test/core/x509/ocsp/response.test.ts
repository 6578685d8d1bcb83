import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeDigest } from '../../../../core/node/crypto.ts';
import { DerReader } from '../../../../core/der/reader.ts';
import { contextConstructedTag, tags } from '../../../../core/der/tags.ts';
import type { SignatureAlgorithmName } from '../../../../core/ports/algorithm-names.ts';
import { toHex } from '../../../../core/ports/hex.ts';
import { revocationReasons, type RevocationReason } from '../../../../core/x509/extensions/crl-extensions.ts';
import { readOcspRequest } from '../../../../core/x509/ocsp/request.ts';
import {
  encodeResponseData,
  type CertificateStatus,
  type SingleResponse,
} from '../../../../core/x509/ocsp/response-data.ts';
import { encodeOcspError, encodeOcspResponse } from '../../../../core/x509/ocsp/response.ts';
import { readSpki } from '../../../../core/x509/spki.ts';
import { utc, type Authority } from '../../../vectors/lint-world.ts';
import { openssl } from '../openssl.ts';
import { delegate, inForce, issuer, requestOf, verdictOn, verdictOnAnswer } from './openssl-ocsp.ts';

interface Signing {
  readonly signer: Authority;
  readonly algorithm: SignatureAlgorithmName;
  readonly certificates: readonly Uint8Array[];
}
const byIssuer: Signing = { signer: issuer, algorithm: 'ecdsa-sha256', certificates: [] };
const byDelegate: Signing = { signer: delegate, algorithm: 'rsa-sha256', certificates: [delegate.certificate] };

function keyHash(signer: Authority): Uint8Array {
  return Uint8Array.from(nodeDigest('sha1', readSpki(signer.spki).publicKey));
}

/** The answer to a request: the same status for everything it asks about. */
function answer(
  request: Uint8Array,
  status: CertificateStatus,
  { signer, algorithm, certificates }: Signing,
): Uint8Array {
  const { requests, nonce } = readOcspRequest(request);
  const data = encodeResponseData({
    responderKeyHash: keyHash(signer),
    producedAt: utc('2026-11-22'),
    responses: requests.map(({ raw }) => ({ certId: raw, status, ...inForce })),
    ...(nonce === undefined ? {} : { nonce }),
  });
  return encodeOcspResponse(data, algorithm, signer.key.sign(algorithm, data), certificates);
}

const plain = { sha1: requestOf('sha1', ['-no_nonce']), sha256: requestOf('sha256', ['-no_nonce']) };
const revokedAt = utc('2026-10-01T12:34:56Z');

describe('openssl ocsp verifies our answers and says the same', () => {
  const signings: readonly (readonly [string, Signing])[] = [
    ['the CA itself', byIssuer],
    ['a delegated signer', byDelegate],
    ['a delegated signer, RSASSA-PSS', { ...byDelegate, algorithm: 'rsa-pss-sha256' }],
  ];
  const statuses: readonly (readonly [string, CertificateStatus, RegExp])[] = [
    ['good', { kind: 'good' }, /leaf\.pem: good\n/u],
    ['unknown', { kind: 'unknown' }, /leaf\.pem: unknown\n/u],
    [
      'revoked with its reason',
      { kind: 'revoked', at: revokedAt, reason: 'keyCompromise' },
      /leaf\.pem: revoked\n[^]*Reason: keyCompromise\n[^]*Revocation Time: Oct {2}1 12:34:56 2026 GMT/u,
    ],
  ];
  const cases = signings.flatMap(([who, signing]) =>
    statuses.map(([what, status, said]) => ({ who, what, signing, status, said })),
  );

  it.each(cases)('$what, signed by $who', ({ signing, status, said }) => {
    const verdict = verdictOn(answer(plain.sha1, status, signing));
    expect(verdict).toContain('Response verify OK');
    expect(verdict).toMatch(said);
    expect(verdict).toMatch(/This Update: Jan {2}1 00:00:00 2020 GMT\n\s+Next Update: Jan {2}1 00:00:00 2090 GMT/u);
    expect(verdict).not.toMatch(/warning|error/iu);
  });

  it('to a CertID by SHA-256', () => {
    const response = answer(plain.sha256, { kind: 'good' }, byDelegate);
    expect(verdictOn(response, 'sha256')).toMatch(/Response verify OK[^]*leaf\.pem: good\n/u);
    expect(verdictOn(response, 'sha1')).toContain('No Status found');
  });

  it.each<CertificateStatus>([
    { kind: 'revoked', at: revokedAt },
    { kind: 'revoked', at: revokedAt, reason: 'unspecified' },
  ])('a reason that is not given or unspecified is left out', (status) => {
    const verdict = verdictOn(answer(plain.sha1, status, byIssuer));
    expect(verdict).toMatch(/Response verify OK[^]*leaf\.pem: revoked\n/u);
    expect(verdict).not.toContain('Reason:');
  });

  it('a nonce is repeated', () => {
    const request = requestOf('sha1', ['-nonce']);
    const verdict = verdictOnAnswer(request, answer(request, { kind: 'good' }, byIssuer));
    expect(verdict).toContain('Response verify OK');
    expect(verdict).toContain('Cert Status: good');
    expect(verdict).not.toMatch(/warning|error/iu);
  });

  it('the responder is named by its key, and is who signs', () => {
    const verdict = verdictOnAnswer(plain.sha1, answer(plain.sha1, { kind: 'good' }, byDelegate));
    expect(verdict).toContain(`Responder Id: ${toHex(keyHash(delegate)).toUpperCase()}`);
    expect(verdict).toContain('Response Type: Basic OCSP Response');
  });
});

describe('openssl ocsp refuses what is not our answer', () => {
  it('another nonce, and none where there was one', () => {
    const request = requestOf('sha1', ['-nonce']);
    const other = answer(requestOf('sha1', ['-nonce']), { kind: 'good' }, byIssuer);
    expect(verdictOnAnswer(request, other)).toContain('Nonce Verify error');
    expect(verdictOnAnswer(request, answer(plain.sha1, { kind: 'good' }, byIssuer))).toContain('no nonce in response');
  });

  it('a delegated signer whose certificate is not carried', () => {
    const verdict = verdictOn(answer(plain.sha1, { kind: 'good' }, { ...byDelegate, certificates: [] }));
    expect(verdict).toMatch(/Response Verify Failure[^]*signer certificate not found/u);
  });

  it('an answer whose status was exchanged after it was signed', () => {
    const good = answer(plain.sha1, { kind: 'good' }, byIssuer);
    const spoiled = Uint8Array.from(good);
    // good [0] and unknown [2] differ in the one octet that follows the CertID.
    const { raw } = readOcspRequest(plain.sha1).requests[0] ?? { raw: new Uint8Array() };
    const at = Buffer.from(good).indexOf(raw) + raw.length;
    expect(spoiled[at]).toBe(0x80);
    spoiled[at] = 0x82;
    expect(verdictOn(spoiled)).toContain('Response Verify Failure');
  });
});

describe('answers that are none say why', () => {
  it.each([
    ['malformedRequest', 1],
    ['internalError', 2],
    ['tryLater', 3],
    ['unauthorized', 6],
  ] as const)('%s', (status, number) => {
    const response = encodeOcspError(status);
    expect(toHex(response)).toBe(`30030a010${number}`);
    expect(verdictOn(response).toLowerCase()).toContain(`responder error: ${status} (${number})`.toLowerCase());
  });
});

describe('a ResponseData holds what was put in', () => {
  const time = fc.integer({ min: utc('1990-01-01'), max: utc('2100-01-01') });
  const reason = fc.constantFrom(...(Object.keys(revocationReasons) as RevocationReason[]));
  const status = fc.oneof(
    fc.constant<CertificateStatus>({ kind: 'good' }),
    fc.constant<CertificateStatus>({ kind: 'unknown' }),
    fc.record({ kind: fc.constant('revoked' as const), at: time, reason }),
  );
  const { raw: certId } = readOcspRequest(plain.sha1).requests[0] ?? { raw: new Uint8Array() };

  function readStatus(single: DerReader): CertificateStatus {
    if (single.peek() !== contextConstructedTag(1)) {
      const { tag, content } = single.element();
      expect(content).toHaveLength(0);
      return tag === 0x80 ? { kind: 'good' } : { kind: 'unknown' };
    }
    const revoked = single.enter(contextConstructedTag(1));
    expect(revoked.peek()).toBe(tags.generalizedTime);
    const at = revoked.time();
    const code = revoked.enterOptional(contextConstructedTag(0))?.smallInteger(10, tags.enumerated) ?? 0;
    revoked.end();
    const name = (Object.keys(revocationReasons) as RevocationReason[]).find((key) => revocationReasons[key] === code);
    return { kind: 'revoked', at, ...(name === undefined ? {} : { reason: name }) };
  }

  function readSingle(list: DerReader): SingleResponse {
    const single = list.enter();
    const { raw } = single.element();
    const read = readStatus(single);
    expect(single.peek()).toBe(tags.generalizedTime);
    const thisUpdate = single.time();
    const until = single.enter(contextConstructedTag(0));
    expect(until.peek()).toBe(tags.generalizedTime);
    const nextUpdate = until.time();
    single.end();
    return { certId: raw, status: read, thisUpdate, nextUpdate };
  }

  it('any answers, in their order, every time a GeneralizedTime', () => {
    const single = fc.record({ certId: fc.constant(certId), status, thisUpdate: time, nextUpdate: time });
    const property = fc.property(fc.array(single, { minLength: 1, maxLength: 16 }), time, (responses, producedAt) => {
      const responderKeyHash = keyHash(issuer);
      const data = DerReader.over(encodeResponseData({ responderKeyHash, producedAt, responses })).enter();
      expect(data.enter(contextConstructedTag(2)).octetString()).toEqual(responderKeyHash);
      expect(data.peek()).toBe(tags.generalizedTime);
      expect(data.time()).toBe(producedAt);
      expect(data.enter().list(16, readSingle)).toEqual(responses);
      data.end();
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('openssl can take apart what is not signed yet', () => {
    const data = encodeResponseData({
      responderKeyHash: keyHash(issuer),
      producedAt: utc('2026-11-22'),
      responses: [{ certId, status: { kind: 'good' }, ...inForce }],
      nonce: new Uint8Array(32),
    });
    expect(openssl(['asn1parse', '-inform', 'DER'], data)).toContain('OCSP Nonce');
  });

  it('a time that has no four digits of year is refused', () => {
    const responses = [{ certId, status: { kind: 'good' }, ...inForce }] as const;
    const encode = (): unknown =>
      encodeResponseData({ responderKeyHash: keyHash(issuer), producedAt: utc('9999-12-31') + 86_400, responses });
    expect(encode).toThrowError(expect.objectContaining({ code: 'time-out-of-range' }));
  });
});
