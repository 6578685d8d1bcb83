import type { TokenObject } from '../../ports/token.ts';
import type { Attribute, Handle } from './cryptoki.ts';
import type { Session } from './session.ts';
import { keyAttributesOf, keyAttributeTypes, numberOf, readAttributes, textOf } from './attributes.ts';
import * as p11 from './constants.ts';
import { tokenError } from './errors.ts';
import { describePublicKey, publicKeyTypes } from './public-key.ts';

const batch = 64;
/** More objects than any CA's token holds; an inventory of more would be a library gone wrong. */
const maximumObjects = 4096;

/** Handles of all objects that match the template. */
export function findObjects(session: Session, template: readonly Attribute[]): Handle[] {
  const { cryptoki, handle } = session;
  cryptoki.C_FindObjectsInit(handle, [...template]);
  let failed = true;
  try {
    const found: Handle[] = [];
    for (;;) {
      const some = cryptoki.C_FindObjects(handle, batch);
      found.push(...some);
      if (some.length === 0) break;
      if (found.length > maximumObjects) {
        throw tokenError(
          'token-too-many-objects',
          `The token shows more than ${maximumObjects} objects.`,
          'Use a token or partition that is kept for this CA.',
        );
      }
    }
    failed = false;
    return found;
  } finally {
    finishSearch(session, failed);
  }
}

/** A search must be ended even after it failed; then only the first error matters. */
function finishSearch(session: Session, failed: boolean): void {
  try {
    session.cryptoki.C_FindObjectsFinal(session.handle);
  } catch (error) {
    if (!failed) throw error;
  }
}

const kinds: Readonly<Record<number, TokenObject['kind']>> = {
  [p11.CKO_DATA]: 'data',
  [p11.CKO_CERTIFICATE]: 'certificate',
  [p11.CKO_PUBLIC_KEY]: 'public-key',
  [p11.CKO_PRIVATE_KEY]: 'private-key',
  [p11.CKO_SECRET_KEY]: 'secret-key',
};

interface Read {
  readonly object: TokenObject;
  readonly keyType?: number;
}

function readObject(session: Session, handle: Handle): Read {
  const values = readAttributes(session, handle, [p11.CKA_CLASS, p11.CKA_LABEL]);
  const kind = kinds[numberOf(values, p11.CKA_CLASS) ?? -1] ?? 'other';
  const label = textOf(values, p11.CKA_LABEL);
  // Data objects have no CKA_ID; asking a key for what only keys have saves the token a failed call on each of the rest.
  if (kind === 'data' || kind === 'other') return { object: { kind, label, id: '' } };
  const isKey = kind !== 'certificate';
  const more = readAttributes(session, handle, isKey ? [p11.CKA_ID, p11.CKA_KEY_TYPE] : [p11.CKA_ID]);
  const id = (more.get(p11.CKA_ID) ?? Buffer.alloc(0)).toString('hex');
  const keyType = numberOf(more, p11.CKA_KEY_TYPE);
  if (!isKey) return { object: { kind, label, id } };
  const common = { kind, label, id, algorithm: keyTypeName(keyType) };
  const typed = (object: TokenObject): Read => (keyType === undefined ? { object } : { object, keyType });
  if (kind === 'private-key') {
    const attributes = keyAttributesOf(readAttributes(session, handle, keyAttributeTypes));
    return typed({ ...common, attributes });
  }
  if (kind === 'secret-key') return typed(common);
  const described = describePublicKey(keyType, readAttributes(session, handle, publicKeyTypes(keyType)));
  return typed({ ...common, ...described });
}

const keyTypeNames: Readonly<Record<number, string>> = {
  [p11.CKK_RSA]: 'rsa',
  0x1: 'dsa',
  0x2: 'dh',
  [p11.CKK_EC]: 'ec',
  0x10: 'generic-secret',
  0x15: 'des3',
  0x1f: 'aes',
  0x40: 'ec-edwards',
  0x41: 'ec-montgomery',
};

function keyTypeName(keyType: number | undefined): string {
  if (keyType === undefined) return 'unknown';
  return keyTypeNames[keyType] ?? `0x${keyType.toString(16)}`;
}

/** Everything on the token that this session may see. */
export function inventory(session: Session): TokenObject[] {
  const all = findObjects(session, []).map((handle) => readObject(session, handle));
  return all.map(({ object, keyType }) => {
    if (object.kind !== 'private-key' || object.id === '') return object;
    const halves = all.filter(
      (other) => other.object.kind === 'public-key' && other.object.id === object.id && other.keyType === keyType,
    );
    // Two public keys with one CKA_ID say nothing of which is the private key's.
    const half = halves.length === 1 ? halves[0]?.object : undefined;
    if (half?.spki === undefined || half.algorithm === undefined) return object;
    return { ...object, algorithm: half.algorithm, spki: half.spki };
  });
}

/** What to call an object by in a message. */
function nameObject(session: Session, handle: Handle): string {
  const values = readAttributes(session, handle, [p11.CKA_CLASS, p11.CKA_LABEL, p11.CKA_ID]);
  const kind = kinds[numberOf(values, p11.CKA_CLASS) ?? -1] ?? 'object';
  const id = (values.get(p11.CKA_ID) ?? Buffer.alloc(0)).toString('hex');
  return `${kind} "${textOf(values, p11.CKA_LABEL)}" with CKA_ID ${id === '' ? '(none)' : id}`;
}

/** The same for several, in one line that stays readable. */
export function nameObjects(session: Session, handles: readonly Handle[]): string {
  const shown = handles.slice(0, 8).map((handle) => nameObject(session, handle));
  const left = handles.length - shown.length;
  return shown.length === 0 ? 'none' : `${shown.join('; ')}${left > 0 ? `; and ${left} more` : ''}`;
}
