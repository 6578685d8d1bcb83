import * as der from '../../der/writer.ts';
import { contextConstructedTag } from '../../der/tags.ts';
import { revocationReasons, type RevocationReason } from '../extensions/crl-extensions.ts';
import { encodeExtension, extension } from '../extensions/extension.ts';
import { oids } from '../oids.ts';

/** What is said of one certificate. `unspecified` is left out, as CRLs leave it out (RFC 5280 §5.3.1). */
export type CertificateStatus =
  | { readonly kind: 'good' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'revoked'; readonly at: number; readonly reason?: RevocationReason };

/** The answer to one question. Times are seconds since the epoch. */
export interface SingleResponse {
  /** DER of the CertID, as the request had it. */
  readonly certId: Uint8Array;
  readonly status: CertificateStatus;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
}

/** What goes into a ResponseData, version 1 (RFC 6960 §4.2.1). */
export interface ResponseData {
  /** SHA-1 of the bits of the responder's public key, without tag, length and unused bits: RFC 6960 fixes the hash. */
  readonly responderKeyHash: Uint8Array;
  readonly producedAt: number;
  readonly responses: readonly SingleResponse[];
  /** The request's, repeated (RFC 9654 §2.1). */
  readonly nonce?: Uint8Array;
}

function encodeStatus(status: CertificateStatus): der.Der {
  if (status.kind === 'good') return der.implicit(0, new Uint8Array());
  if (status.kind === 'unknown') return der.implicit(2, new Uint8Array());
  const { at, reason = 'unspecified' } = status;
  const reasons = reason === 'unspecified' ? [] : [der.explicit(0, der.enumerated(revocationReasons[reason]))];
  return der.element(contextConstructedTag(1), der.generalizedTime(at), ...reasons);
}

function encodeSingleResponse({ certId, status, thisUpdate, nextUpdate }: SingleResponse): der.Der {
  const until = der.explicit(0, der.generalizedTime(nextUpdate));
  return der.sequence(certId, encodeStatus(status), der.generalizedTime(thisUpdate), until);
}

/** DER of a ResponseData: the bytes that are signed. */
export function encodeResponseData({ responderKeyHash, producedAt, responses, nonce }: ResponseData): Uint8Array {
  const extensions =
    nonce === undefined
      ? []
      : [der.explicit(1, der.sequence(encodeExtension(extension(oids.ocspNonce, false, der.octetString(nonce)))))];
  return der.encode(
    der.sequence(
      der.explicit(2, der.octetString(responderKeyHash)),
      der.generalizedTime(producedAt),
      der.sequenceOf(responses.map(encodeSingleResponse)),
      ...extensions,
    ),
  );
}
