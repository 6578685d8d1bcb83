import type { Digest } from '../ports/digest.ts';
import { toHex } from '../ports/hex.ts';
import type { SecondReading } from '../ports/second-opinion.ts';

/** Extensions in the form in which readings are compared. */
export function extensionList(
  extensions: readonly { readonly oid: string; readonly critical: boolean; readonly value: Uint8Array }[],
  digest: Digest,
): NonNullable<SecondReading['extensions']> {
  return extensions.map(({ oid, critical, value }) => ({ oid, critical, sha256: toHex(digest('sha256', value)) }));
}
