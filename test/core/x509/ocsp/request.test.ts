import { describe, expect, it } from 'vitest';
import * as der from '../../../../core/der/writer.ts';
import { nodeDigest } from '../../../../core/node/crypto.ts';
import { oids } from '../../../../core/x509/oids.ts';
import { readOcspRequest } from '../../../../core/x509/ocsp/request.ts';
import { readSpki } from '../../../../core/x509/spki.ts';
import { issuer, leaf, requestOf } from './openssl-ocsp.ts';
import {
  type RequestParts,
  acceptableResponses,
  certId,
  extensionsOf,
  many,
  nonce,
  request,
  signature,
  twenty,
  unknownOid,
} from './request-parts.ts';

describe('the requests that openssl ocsp makes are read', () => {
  it.each(['sha1', 'sha256'] as const)('with a CertID by %s: its hashes, its serial and its own bytes', (hash) => {
    const raw = requestOf(hash, ['-no_nonce']);
    const read = readOcspRequest(raw);
    expect(read.nonce).toBeUndefined();
    expect(read.requests).toEqual([
      {
        raw: expect.any(Uint8Array) as Uint8Array,
        hash,
        issuerNameHash: Uint8Array.from(nodeDigest(hash, issuer.subject)),
        issuerKeyHash: Uint8Array.from(nodeDigest(hash, readSpki(issuer.spki).publicKey)),
        serial: leaf.parts.serial,
      },
    ]);
    const [{ raw: certIdBytes } = { raw: new Uint8Array() }] = read.requests;
    expect(raw).toEqual(request({ questions: [der.sequence(certIdBytes)] }));
  });

  it('with a nonce, which is what stands inside its OCTET STRING', () => {
    const raw = requestOf('sha1', ['-nonce']);
    const read = readOcspRequest(raw);
    expect(read.nonce?.length).toBeGreaterThanOrEqual(16);
    expect(Buffer.from(raw).subarray(-(read.nonce?.length ?? 0))).toEqual(Buffer.from(read.nonce ?? []));
  });

  it('about several certificates at once, in their order', () => {
    const read = readOcspRequest(requestOf('sha1', ['-serial', '0x1234', '-sha256', '-serial', '7', '-no_nonce']));
    expect(read.requests.map(({ hash, serial }) => [hash, ...serial]).slice(1)).toEqual([
      ['sha1', 0x12, 0x34],
      ['sha256', 7],
    ]);
  });

  it('signed and with the name of its sender', () => {
    const raw = requestOf('sha256', ['-signer', 'leaf.pem', '-signkey', 'leaf.key', '-no_nonce']);
    expect(raw.length).toBeGreaterThan(requestOf('sha256', ['-no_nonce']).length + 500);
    expect(readOcspRequest(raw).requests[0]?.serial).toEqual(leaf.parts.serial);
  });
});

describe('what changes no answer is read over', () => {
  it.each<readonly [string, RequestParts]>([
    ['version 1, spelled out', { before: [der.explicit(0, der.integer(0))] }],
    ['a requestorName', { before: [der.explicit(1, der.implicit(2, Uint8Array.of(0x61)))] }],
    ['an unknown extension that is not critical', { after: [der.explicit(2, extensionsOf(unknownOid, false))] }],
    [
      'acceptableResponses that are not critical',
      { after: [der.explicit(2, extensionsOf(acceptableResponses, false, der.sequence(der.oid(oids.ocspBasic))))] },
    ],
    [
      'an unknown extension of one question',
      { questions: [der.sequence(certId(), der.explicit(0, extensionsOf(unknownOid, false)))] },
    ],
    ['a signature', { outside: [signature] }],
    ['hash parameters left out', { questions: [der.sequence(certId({ hash: der.sequence(der.oid(oids.sha1)) }))] }],
  ])('%s', (_, parts) => {
    const { requests, nonce: read } = readOcspRequest(request(parts));
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ hash: 'sha1', serial: Uint8Array.of(5), issuerKeyHash: twenty });
    expect(read).toBeUndefined();
  });

  it.each([1, 32, 128])('a nonce of %i octets, critical or not', (length) => {
    for (const critical of [true, false]) {
      expect(readOcspRequest(request({ after: [nonce(length, critical)] })).nonce).toHaveLength(length);
    }
  });

  it('sixteen questions are answered', () => {
    expect(readOcspRequest(request({ questions: many(16) })).requests).toHaveLength(16);
  });
});
