import { CodedError } from '../ports/coded-error.ts';

const meanings = {
  'der-truncated': 'The DER ends in the middle of an element.',
  'der-trailing-bytes': 'Bytes follow where the DER should have ended.',
  'der-high-tag-number': 'The DER uses a tag number above 30.',
  'der-indefinite-length': 'The DER uses an indefinite length.',
  'der-length-not-minimal': 'A DER length is not in its shortest form.',
  'der-too-long': 'A DER element is longer than this place allows.',
  'der-too-deep': 'The DER is nested deeper than any certificate is.',
  'der-unexpected-tag': 'A DER element has another type than this place requires.',
  'der-boolean-malformed': 'A DER BOOLEAN is neither 00 nor FF.',
  'der-integer-malformed': 'A DER INTEGER is empty or not in its shortest form.',
  'der-integer-out-of-range': 'A DER INTEGER is outside the range this place allows.',
  'der-bit-string-malformed': 'A DER BIT STRING has an impossible count of unused bits, or unused bits that are set.',
  'der-null-malformed': 'A DER NULL has content.',
  'der-oid-malformed': 'A DER OBJECT IDENTIFIER is empty, cut off or not in its shortest form.',
  'der-string-malformed': 'A DER string holds characters its type does not allow.',
  'der-time-malformed': 'A DER time is not in the one form DER allows (UTC, seconds, no fraction).',
  'der-set-order': 'The elements of a DER SET OF are not in order.',
  'der-default-encoded': 'A DER element spells out its default value, which DER forbids.',
  'der-empty-list': 'A DER list that must hold something is empty.',
  'der-too-many': 'A DER list has more elements than this place allows.',
} as const;

export type DerErrorCode = keyof typeof meanings;

/** The error for a strict-DER violation; `offset` is the byte position in the outermost input. */
export function derError(code: DerErrorCode, offset: number): CodedError<DerErrorCode> {
  return new CodedError({
    code,
    message: `${meanings[code]} (byte ${offset})`,
    remedy: 'Ask whoever made the file to encode it again as strict DER (X.690 §10 and §11).',
  });
}
