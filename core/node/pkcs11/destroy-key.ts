import * as p11 from './constants.ts';
import type { Handle } from './cryptoki.ts';
import { tokenError } from './errors.ts';
import { findObjects, nameObjects } from './objects.ts';
import type { OpenToken } from './open-token.ts';

function halves(token: OpenToken, id: Uint8Array, kind: number): Handle[] {
  return findObjects(token.main, [
    { type: p11.CKA_CLASS, value: kind },
    { type: p11.CKA_ID, value: Buffer.from(id) },
  ]);
}

/**
 * Destroys the private and the public key with this CKA_ID and looks that they are gone; how many there were (0 to 2).
 * Where several share the CKA_ID nothing is destroyed, for one of them was not meant.
 */
export function destroyKey(token: OpenToken, id: Uint8Array): number {
  const kinds = [p11.CKO_PRIVATE_KEY, p11.CKO_PUBLIC_KEY];
  const found = kinds.map((kind) => halves(token, id, kind));
  if (found.some((handles) => handles.length > 1)) {
    throw tokenError(
      'token-key-ambiguous',
      `Several keys have this CKA_ID, nothing was destroyed: ${nameObjects(token.main, found.flat())}.`,
      'Destroy the right one with the vendor’s tool.',
    );
  }
  // Handles of other objects may change as well: whatever was remembered is looked up again.
  token.keys.clear();
  let destroyed = 0;
  for (const kind of kinds) {
    // Looked up again, for destroying the first half may have renumbered the other.
    for (const handle of halves(token, id, kind)) {
      token.cryptoki.C_DestroyObject(token.main.handle, handle);
      destroyed += 1;
    }
  }
  const left = kinds.flatMap((kind) => halves(token, id, kind));
  if (left.length === 0) return destroyed;
  throw tokenError(
    'token-key-not-destroyed',
    `The token says it destroyed the key but still shows it: ${nameObjects(token.main, left)}.`,
    'Do not take the key for destroyed. Ask the vendor, or destroy the token.',
  );
}
