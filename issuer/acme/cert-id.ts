import { fromBase64Url } from '../../core/ports/base64.ts';
import { isCoded } from '../../core/ports/coded-error.ts';

/** The name of a certificate (RFC 9773 §4.1): whose it is, and its serial number, content octets of the INTEGER. */
export interface CertId {
  readonly keyIdentifier: Uint8Array;
  readonly serial: Uint8Array;
}

const form = /^([A-Za-z0-9_-]{1,86})\.([A-Za-z0-9_-]{1,27})$/u;

/** Reads one; undefined when it is none. Padding is not allowed, and a leading zero octet of the serial belongs to it. */
export function parseCertId(text: string): CertId | undefined {
  const [, keyIdentifier, serial] = form.exec(text) ?? [];
  if (keyIdentifier === undefined || serial === undefined) return undefined;
  try {
    return { keyIdentifier: fromBase64Url(keyIdentifier), serial: fromBase64Url(serial) };
  } catch (error) {
    if (isCoded(error)) return undefined;
    throw error;
  }
}
