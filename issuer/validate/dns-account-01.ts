import { createHash } from 'node:crypto';
import { AcmeProblem } from '../acme/problems.ts';
import type { Dns } from './dns.ts';
import { requireTextRecord } from './text-records.ts';
import type { Validator } from './validator.ts';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const labelBytes = 10;

/** RFC 4648 §6 in lower case, of a multiple of five bytes: no padding. */
function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/gu) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join('');
}

/** draft-ietf-acme-dns-account-label §4: a label that each account has for itself. */
export function accountLabel(accountUrl: string): string {
  return `_${base32(createHash('sha256').update(accountUrl).digest().subarray(0, labelBytes))}`;
}

/** draft-ietf-acme-dns-account-label: as dns-01, at a name that several accounts can use side by side. */
export function dnsAccount01(dns: Dns): Validator {
  return async ({ account_url, identifier_value }, keyAuthorization, signal) => {
    const name = `${accountLabel(account_url)}._acme-challenge.${identifier_value}`;
    try {
      await requireTextRecord(dns, name, keyAuthorization, signal);
    } catch (error) {
      if (!(error instanceof AcmeProblem)) throw error;
      // Whoever has computed another label sees what it is to be computed from.
      const { type, message, remedy, options } = error;
      throw new AcmeProblem(type, `${message} The label is that of the account ${account_url}.`, remedy, options);
    }
  };
}
