import { equalBytes } from '../../ports/bytes.ts';
import type { KeySelector, TokenKey } from '../../ports/token.ts';
import { keyAttributesOf, keyAttributeTypes, numberOf, readAttributes, textOf } from './attributes.ts';
import type { Handle } from './cryptoki.ts';
import * as p11 from './constants.ts';
import { tokenError } from './errors.ts';
import { keyMechanisms } from './mechanisms.ts';
import { findObjects, nameObjects } from './objects.ts';
import { describePublicKey, publicKeyTypes, readPublicKey, type PublicKey } from './public-key.ts';
import type { Session } from './session.ts';

/** Both halves of a key pair on a token. */
export interface KeyPair extends PublicKey {
  readonly publicKey: Handle;
  readonly privateKey: Handle;
  readonly id: Buffer;
}

const missingRemedy =
  'Check that this is the right token and that you are logged in; the inventory shows which keys it holds.';
const ambiguousRemedy =
  'Remove or rename what does not belong there with the vendor’s tool; nothing is chosen by guess.';

function publicTemplate(id: Uint8Array | undefined) {
  const byClass = { type: p11.CKA_CLASS, value: p11.CKO_PUBLIC_KEY };
  return id === undefined ? [byClass] : [byClass, { type: p11.CKA_ID, value: Buffer.from(id) }];
}

function readPublic(session: Session, handle: Handle): { keyType: number | undefined; id: Buffer } {
  const values = readAttributes(session, handle, [p11.CKA_KEY_TYPE, p11.CKA_ID]);
  return { keyType: numberOf(values, p11.CKA_KEY_TYPE), id: values.get(p11.CKA_ID) ?? Buffer.alloc(0) };
}

/** The one private key with this CKA_ID and type. */
function privateHalf(session: Session, id: Buffer, keyType: number): Handle {
  const found = findObjects(session, [
    { type: p11.CKA_CLASS, value: p11.CKO_PRIVATE_KEY },
    { type: p11.CKA_KEY_TYPE, value: keyType },
    { type: p11.CKA_ID, value: id },
  ]);
  const [handle] = found;
  if (handle === undefined) {
    throw tokenError(
      'token-key-missing',
      `The token shows no private key with CKA_ID ${id.toString('hex')}.`,
      missingRemedy,
    );
  }
  if (found.length > 1) {
    const names = nameObjects(session, found);
    throw tokenError('token-key-ambiguous', `Several private keys have the same CKA_ID: ${names}.`, ambiguousRemedy);
  }
  return handle;
}

/**
 * The one key pair with this public key, and this CKA_ID where it is known. `token-key-missing` or
 * `token-key-ambiguous`, naming the candidates, when it is not exactly one.
 */
export function locateKey(session: Session, selector: KeySelector): KeyPair {
  const candidates = findObjects(session, publicTemplate(selector.id));
  const matching: (PublicKey & { handle: Handle; id: Buffer })[] = [];
  for (const handle of candidates) {
    const { keyType, id } = readPublic(session, handle);
    const { algorithm, spki } = describePublicKey(keyType, readAttributes(session, handle, publicKeyTypes(keyType)));
    if (algorithm !== undefined && spki !== undefined && equalBytes(spki, selector.spki)) {
      matching.push({ algorithm, spki, handle, id });
    }
  }
  const [match] = matching;
  if (match === undefined || match.id.length === 0) {
    const what = match === undefined ? 'The token does not hold this public key' : 'The public key has no CKA_ID';
    const names = nameObjects(session, candidates);
    throw tokenError('token-key-missing', `${what}. Candidates: ${names}.`, missingRemedy);
  }
  if (matching.length > 1) {
    const handles = matching.map(({ handle }) => handle);
    const names = nameObjects(session, handles);
    throw tokenError('token-key-ambiguous', `The public key is there more than once: ${names}.`, ambiguousRemedy);
  }
  const privateKey = privateHalf(session, match.id, keyMechanisms[match.algorithm].keyType);
  return { algorithm: match.algorithm, spki: match.spki, publicKey: match.handle, privateKey, id: match.id };
}

/** The one key pair with this CKA_ID, its public key checked: for reading back what was just generated. */
export function locateKeyById(session: Session, id: Uint8Array): KeyPair {
  const found = findObjects(session, publicTemplate(id));
  const [publicKey] = found;
  const hex = Buffer.from(id).toString('hex');
  if (publicKey === undefined) {
    throw tokenError('token-key-missing', `The token shows no public key with CKA_ID ${hex}.`, missingRemedy);
  }
  if (found.length > 1) {
    const names = nameObjects(session, found);
    throw tokenError('token-key-ambiguous', `Several public keys have the same CKA_ID: ${names}.`, ambiguousRemedy);
  }
  const { keyType } = readPublic(session, publicKey);
  const key = readPublicKey(keyType, readAttributes(session, publicKey, publicKeyTypes(keyType)));
  const privateKey = privateHalf(session, Buffer.from(id), keyMechanisms[key.algorithm].keyType);
  return { ...key, publicKey, privateKey, id: Buffer.from(id) };
}

/** A key pair in the words of the token port, its attributes and label read anew. */
export function describeKey(session: Session, pair: KeyPair): TokenKey {
  const label = textOf(readAttributes(session, pair.privateKey, [p11.CKA_LABEL]), p11.CKA_LABEL);
  const attributes = keyAttributesOf(readAttributes(session, pair.privateKey, keyAttributeTypes));
  return { id: pair.id, label, algorithm: pair.algorithm, spki: pair.spki, attributes };
}
