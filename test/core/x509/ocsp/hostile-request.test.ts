import { describe, expect, it } from 'vitest';
import * as der from '../../../../core/der/writer.ts';
import { encodeExtension } from '../../../../core/x509/extensions/extension.ts';
import { oids } from '../../../../core/x509/oids.ts';
import { readOcspRequest } from '../../../../core/x509/ocsp/request.ts';
import {
  acceptableResponses,
  certId,
  extensionsOf,
  many,
  nonce,
  question,
  request,
  sha1,
  signature,
  twenty,
  unknownOid,
} from './request-parts.ts';

describe('hostile requests are refused by name', () => {
  const asked = (parts: Parameters<typeof certId>[0]): Uint8Array =>
    request({ questions: [der.sequence(certId(parts))] });
  const sha384 = der.sequence(der.oid(oids.sha384));
  const sha256 = der.sequence(der.oid(oids.sha256));
  const bare = encodeExtension({ oid: oids.ocspNonce, critical: false, value: Uint8Array.of(1, 2, 3) });
  const twice = der.encode(der.octetString(twenty));
  const repeated = encodeExtension({ oid: oids.ocspNonce, critical: false, value: twice });
  const padding = der.explicit(1, der.implicit(2, new Uint8Array(4096)));

  it.each<readonly [string, Uint8Array, string]>([
    ['nothing at all', new Uint8Array(), 'der-truncated'],
    ['more than 4096 octets', request({ before: [padding] }), 'ocsp-request-too-long'],
    ['seventeen questions', request({ questions: many(17) }), 'ocsp-request-too-many'],
    ['no question', request({ questions: [] }), 'ocsp-request-empty'],
    ['version 2', request({ before: [der.explicit(0, der.integer(1))] }), 'ocsp-request-version'],
    [
      'two versions in one',
      request({ before: [der.explicit(0, der.integer(0), der.integer(0))] }),
      'der-trailing-bytes',
    ],
    ['CertIDs by SHA-384', asked({ hash: sha384 }), 'ocsp-request-hash'],
    [
      'hash parameters other than NULL',
      asked({ hash: der.sequence(der.oid(oids.sha1), der.sequence()) }),
      'der-unexpected-tag',
    ],
    ['a name hash of 19 octets', asked({ nameHash: new Uint8Array(19) }), 'ocsp-request-hash-length'],
    ['a key hash of 32 octets by SHA-1', asked({ keyHash: new Uint8Array(32) }), 'ocsp-request-hash-length'],
    ['hashes of 20 octets by SHA-256', asked({ hash: sha256 }), 'ocsp-request-hash-length'],
    ['a serial number in padding', asked({ serial: der.element(0x02, Uint8Array.of(0, 5)) }), 'der-integer-malformed'],
    [
      'a CertID with a fifth part',
      request({
        questions: [
          der.sequence(
            der.sequence(sha1, der.octetString(twenty), der.octetString(twenty), der.integer(5), der.nullValue()),
          ),
        ],
      }),
      'der-trailing-bytes',
    ],
    ['a nonce of no octets', request({ after: [nonce(0)] }), 'ocsp-request-nonce'],
    ['a nonce of 129 octets', request({ after: [nonce(129)] }), 'ocsp-request-nonce'],
    [
      'a nonce outside an OCTET STRING',
      request({ after: [der.explicit(2, der.sequence(bare))] }),
      'der-unexpected-tag',
    ],
    ['two nonces', request({ after: [der.explicit(2, der.sequence(repeated, repeated))] }), 'x509-extension-repeated'],
    ['an empty list of extensions', request({ after: [der.explicit(2, der.sequence())] }), 'der-empty-list'],
    [
      'an unknown critical extension',
      request({ after: [der.explicit(2, extensionsOf(unknownOid, true))] }),
      'ocsp-request-critical',
    ],
    [
      'acceptableResponses that are critical',
      request({ after: [der.explicit(2, extensionsOf(acceptableResponses, true))] }),
      'ocsp-request-critical',
    ],
    [
      'an unknown critical extension of one question',
      request({ questions: [question, der.sequence(certId(), der.explicit(0, extensionsOf(unknownOid, true)))] }),
      'ocsp-request-critical',
    ],
    [
      'a critical nonce for one question',
      request({ questions: [der.sequence(certId(), der.explicit(0, extensionsOf(oids.ocspNonce, true)))] }),
      'ocsp-request-critical',
    ],
    [
      'a question with a third part',
      request({ questions: [der.sequence(certId(), der.nullValue())] }),
      'der-trailing-bytes',
    ],
    [
      'a TBSRequest with more behind its extensions',
      request({ after: [nonce(8), der.nullValue()] }),
      'der-trailing-bytes',
    ],
    ['something behind the signature', request({ outside: [signature, der.nullValue()] }), 'der-trailing-bytes'],
    [
      'two signatures in one',
      request({ outside: [der.explicit(0, der.sequence(), der.sequence())] }),
      'der-trailing-bytes',
    ],
    ['bytes behind the request', Uint8Array.from([...request(), 0]), 'der-trailing-bytes'],
    ['an indefinite length', Uint8Array.from([0x30, 0x80, 0, 0]), 'der-indefinite-length'],
    ['a request cut off', request().subarray(0, -1), 'der-truncated'],
  ])('%s', (_, raw, code) => {
    expect(() => readOcspRequest(raw)).toThrowError(expect.objectContaining({ code }));
  });
});
