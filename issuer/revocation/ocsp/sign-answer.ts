import { CodedError } from '../../../core/ports/coded-error.ts';
import type { Verifier } from '../../../core/ports/verifier.ts';
import type { CertId } from '../../../core/x509/ocsp/cert-id.ts';
import { encodeOcspResponse } from '../../../core/x509/ocsp/response.ts';
import { encodeResponseData, type CertificateStatus } from '../../../core/x509/ocsp/response-data.ts';
import type { OcspSigner } from './authority.ts';

/** What is to be said, by whom and for how long. */
export interface AnswerContents {
  readonly questions: readonly CertId[];
  /** In the order of the questions. */
  readonly statuses: readonly CertificateStatus[];
  readonly nonce: Uint8Array | undefined;
  readonly signer: OcspSigner;
  /** When the statuses were looked up. */
  readonly thisUpdate: number;
  readonly lifetime: number;
}

export interface SignedAnswer {
  readonly der: Uint8Array;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
}

/** Signs an answer; it is given out only when the signature verifies in software with the key of the certificate. */
export async function signAnswer(contents: AnswerContents, verify: Verifier): Promise<SignedAnswer> {
  const { questions, statuses, nonce, signer, thisUpdate, lifetime } = contents;
  const { certificate, keyHash, algorithm, carried } = signer;
  // An answer is worth nothing after the certificate of whoever signed it.
  const nextUpdate = Math.min(thisUpdate + lifetime, certificate.tbs.notAfter);
  const data = encodeResponseData({
    responderKeyHash: keyHash,
    producedAt: thisUpdate,
    responses: questions.map(({ raw }, index) => ({
      certId: raw,
      status: statuses[index] ?? { kind: 'unknown' },
      thisUpdate,
      nextUpdate,
    })),
    ...(nonce === undefined ? {} : { nonce }),
  });
  const signature = await signer.sign(algorithm, data);
  if (!verify(certificate.tbs.spki, algorithm, data, signature)) {
    throw new CodedError({
      code: 'ocsp-signature-wrong',
      message: 'The signature over an OCSP answer does not verify with the key in the signer’s certificate.',
      remedy: 'Another key signed, or the token is faulty: compare the token’s keys with the bundle.',
    });
  }
  return { der: encodeOcspResponse(data, algorithm, signature, carried), thisUpdate, nextUpdate };
}
