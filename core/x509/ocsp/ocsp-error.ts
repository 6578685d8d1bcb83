import { CodedError } from '../../ports/coded-error.ts';

/** Something in an OCSP request that RFC 6960 or RFC 9654 does not allow, or that we do not answer. */
export function ocspError(code: `ocsp-request-${string}`, message: string, remedy: string): CodedError {
  return new CodedError({ code, message, remedy });
}
