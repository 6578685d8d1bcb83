import type { SignatureAlgorithmName } from '../../ports/algorithm-names.ts';
import * as der from '../../der/writer.ts';
import { signatureAlgorithms } from '../algorithms.ts';
import { oids } from '../oids.ts';

const successful = 0;

/** RFC 6960 §4.2.1: the answers that are none. They carry no signature and no reason. */
const errorStatuses = { malformedRequest: 1, internalError: 2, tryLater: 3, unauthorized: 6 } as const;
export type OcspErrorStatus = keyof typeof errorStatuses;

/**
 * DER of an OCSPResponse around a signed ResponseData. `certificates` (DER) are what a client needs to trust the
 * signer: none where the CA itself signs.
 */
export function encodeOcspResponse(
  responseData: Uint8Array,
  algorithm: SignatureAlgorithmName,
  signature: Uint8Array,
  certificates: readonly Uint8Array[],
): Uint8Array {
  const carried = certificates.length === 0 ? [] : [der.explicit(0, der.sequenceOf(certificates))];
  const { identifier } = signatureAlgorithms[algorithm];
  const basic = der.sequence(responseData, identifier, der.bitString(signature), ...carried);
  const bytes = der.sequence(der.oid(oids.ocspBasic), der.octetString(basic));
  return der.encode(der.sequence(der.enumerated(successful), der.explicit(0, bytes)));
}

/** DER of an OCSPResponse that only says why there is no answer. */
export function encodeOcspError(status: OcspErrorStatus): Uint8Array {
  return der.encode(der.sequence(der.enumerated(errorStatuses[status])));
}
