import { CodedError } from '../ports/coded-error.ts';

/** Something in a certificate, CSR, CRL or name that RFC 5280 or RFC 2986 does not allow, or that we do not support. */
export function x509Error(code: `x509-${string}`, message: string, remedy: string): CodedError {
  return new CodedError({ code, message, remedy });
}
