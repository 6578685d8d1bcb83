import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as der from '../../../../core/der/writer.ts';
import { nodeDigest } from '../../../../core/node/crypto.ts';
import { isCoded } from '../../../../core/ports/coded-error.ts';
import { oids } from '../../../../core/x509/oids.ts';
import { readOcspRequest } from '../../../../core/x509/ocsp/request.ts';
import { certId, extensionsOf, nonce, question, request, signature, unknownOid } from './request-parts.ts';

describe('whatever bytes come, a request or a coded error comes of them', () => {
  const whole = request({
    before: [der.explicit(0, der.integer(0))],
    questions: [question, der.sequence(certId(), der.explicit(0, extensionsOf(unknownOid, false)))],
    after: [nonce(16)],
    outside: [signature],
  });
  const noise = fc.uint8Array({ maxLength: 300 });
  const likely = fc
    .array(fc.oneof(fc.constantFrom(0x30, 0x02, 0x04, 0x05, 0x06, 0xa0, 0xa1, 0xa2), fc.nat(24)), { maxLength: 300 })
    .map((bytes) => Uint8Array.from(bytes));
  /** A good request with a few of its bytes exchanged. */
  const spoiled = fc
    .array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map((changes) => {
      const bytes = Uint8Array.from(whole);
      for (const [at, value] of changes) bytes[at] = value;
      return bytes;
    });

  it('and a request that is read is within its bounds', () => {
    const seen = { read: 0, refused: 0 };
    const property = fc.property(fc.oneof(noise, likely, { arbitrary: spoiled, weight: 4 }), (bytes) => {
      try {
        const { requests, nonce: read } = readOcspRequest(bytes);
        seen.read += 1;
        expect(requests.length).toBeGreaterThan(0);
        expect(requests.length).toBeLessThanOrEqual(16);
        expect(read === undefined || (read.length > 0 && read.length <= 128)).toBe(true);
      } catch (error) {
        if (!isCoded(error)) throw error;
        seen.refused += 1;
      }
    });
    fc.assert(property, { numRuns: 3000 });
    // Both ends are reached, or the property would say nothing.
    expect(seen.read).toBeGreaterThan(50);
    expect(seen.refused).toBeGreaterThan(500);
  });

  it('any question that is asked is read as it was asked', () => {
    const asked = fc.record({
      hash: fc.constantFrom('sha1' as const, 'sha256' as const),
      seed: fc.uint8Array({ minLength: 1, maxLength: 8 }),
      serial: fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => {
        bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
        return bytes;
      }),
    });
    const property = fc.property(
      fc.array(asked, { minLength: 1, maxLength: 16 }),
      fc.option(fc.uint8Array({ minLength: 1, maxLength: 128 }), { nil: undefined }),
      (all, sent) => {
        const questions = all.map(({ hash, seed, serial }) => {
          const digest = nodeDigest(hash, seed);
          const identifier = der.sequence(der.oid(oids[hash]));
          return der.sequence(
            certId({ hash: identifier, nameHash: digest, keyHash: digest, serial: der.integerContent(serial) }),
          );
        });
        const after =
          sent === undefined ? [] : [der.explicit(2, extensionsOf(oids.ocspNonce, false, der.octetString(sent)))];
        const read = readOcspRequest(request({ questions, after }));
        expect(read.requests.map(({ hash, serial }) => ({ hash, serial }))).toEqual(
          all.map(({ hash, serial }) => ({ hash, serial })),
        );
        expect(read.requests.map(({ raw }) => der.encode(der.sequence(raw)))).toEqual(questions.map(der.encode));
        expect(read.nonce).toEqual(sent);
      },
    );
    fc.assert(property, { numRuns: 200 });
  });
});
