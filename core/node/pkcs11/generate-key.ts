import { utf8 } from '../../ports/bytes.ts';
import { CodedError } from '../../ports/coded-error.ts';
import type { KeyAttributes, KeyRequest, TokenKey } from '../../ports/token.ts';
import { keyAlgorithms } from '../../x509/algorithms.ts';
import { nodeDigest, nodeVerifier } from '../crypto.ts';
import { attributeDifferences } from './attributes.ts';
import type { Attribute } from './cryptoki.ts';
import * as p11 from './constants.ts';
import { returned, tokenError } from './errors.ts';
import { describeKey, locateKeyById } from './find-key.ts';
import { chooseKeyMechanism, type KeyMechanism } from './mechanisms.ts';
import { findObjects, nameObjects } from './objects.ts';
import type { OpenToken } from './open-token.ts';
import { sign } from './sign.ts';

interface Templates {
  readonly publicKey: Attribute[];
  readonly privateKey: Attribute[];
}

/** Attributes that some tokens refuse in a template although they mean what is wanted anyway. */
function optional(attributes: Attribute[], strict: boolean): Attribute[] {
  return strict ? attributes : [];
}

function templatesOf(request: KeyRequest, way: KeyMechanism, strict: boolean): Templates {
  const wrappable = request.wrappable === true;
  const common: Attribute[] = [
    { type: p11.CKA_TOKEN, value: true },
    { type: p11.CKA_ID, value: Buffer.from(request.id) },
    { type: p11.CKA_LABEL, value: Buffer.from(utf8(request.label)) },
  ];
  return {
    publicKey: [
      ...common,
      ...way.parameters,
      { type: p11.CKA_PRIVATE, value: false },
      { type: p11.CKA_VERIFY, value: true },
      { type: p11.CKA_ENCRYPT, value: false },
      { type: p11.CKA_WRAP, value: false },
      ...optional([{ type: p11.CKA_VERIFY_RECOVER, value: false }], strict),
      ...optional([{ type: p11.CKA_MODIFIABLE, value: false }], strict),
    ],
    privateKey: [
      ...common,
      { type: p11.CKA_PRIVATE, value: true },
      { type: p11.CKA_SENSITIVE, value: true },
      { type: p11.CKA_EXTRACTABLE, value: wrappable },
      { type: p11.CKA_SIGN, value: true },
      { type: p11.CKA_DECRYPT, value: false },
      { type: p11.CKA_UNWRAP, value: false },
      { type: p11.CKA_DERIVE, value: false },
      ...optional([{ type: p11.CKA_SIGN_RECOVER, value: false }], strict),
      // What cannot be modified could not be sealed after its backup.
      ...optional([{ type: p11.CKA_MODIFIABLE, value: wrappable }], strict),
    ],
  };
}

/** Refuses a CKA_ID or label that something on the token has already. */
export function refuseTakenNames(token: OpenToken, request: Pick<KeyRequest, 'id' | 'label'>): void {
  const sameId = findObjects(token.main, [{ type: p11.CKA_ID, value: Buffer.from(request.id) }]);
  if (sameId.length > 0) {
    throw tokenError(
      'token-key-id-exists',
      `The CKA_ID is taken on this token: ${nameObjects(token.main, sameId)}.`,
      'Look at the inventory: it may be a key left by an interrupted ceremony, to be adopted or destroyed.',
    );
  }
  const label = { type: p11.CKA_LABEL, value: Buffer.from(utf8(request.label)) };
  const sameLabel = [p11.CKO_PRIVATE_KEY, p11.CKO_PUBLIC_KEY, p11.CKO_SECRET_KEY].flatMap((kind) =>
    findObjects(token.main, [{ type: p11.CKA_CLASS, value: kind }, label]),
  );
  if (sameLabel.length === 0) return;
  throw tokenError(
    'token-key-label-exists',
    `A key of this label is on the token already: ${nameObjects(token.main, sameLabel)}.`,
    'Choose another label, or destroy the old key in an act of its own.',
  );
}

/** True when the token refused the template, by the standard before anything was generated. */
export function refusedTemplate(error: unknown): boolean {
  return returned(
    error,
    p11.CKR_ATTRIBUTE_READ_ONLY,
    p11.CKR_ATTRIBUTE_TYPE_INVALID,
    p11.CKR_ATTRIBUTE_VALUE_INVALID,
    p11.CKR_TEMPLATE_INCONSISTENT,
  );
}

/**
 * Generates, and returns which attributes had to be left out of the template. Nothing is ever generated twice: only a
 * refused template is put again, without what the token may dispense with, and only once the token shows nothing there.
 */
async function generate(
  token: OpenToken,
  request: KeyRequest,
  way: KeyMechanism,
): Promise<readonly (keyof KeyAttributes)[]> {
  const attempt = async (strict: boolean) => {
    const { publicKey, privateKey } = templatesOf(request, way, strict);
    await token.cryptoki.C_GenerateKeyPairAsync(token.main.handle, way.mechanism, publicKey, privateKey);
  };
  try {
    await attempt(true);
    return [];
  } catch (error) {
    if (!refusedTemplate(error)) throw error;
    refuseTakenNames(token, request);
    await attempt(false);
    return ['modifiable'];
  }
}

/** Refuses a key that is not as asked for. A shortened label is, too: two keys could come to look alike. */
function checkKey(request: KeyRequest, key: TokenKey, tolerated: readonly (keyof KeyAttributes)[]): void {
  const freely: readonly (keyof KeyAttributes)[] = request.wrappable ? ['extractable', 'modifiable'] : [];
  const differences = attributeDifferences(key.attributes, [...tolerated, ...freely]);
  if (request.wrappable && !key.attributes.extractable)
    differences.push('CKA_EXTRACTABLE is false: it cannot be backed up');
  if (key.algorithm !== request.algorithm) differences.unshift(`it is ${key.algorithm}, not ${request.algorithm}`);
  if (key.label !== request.label && request.label.startsWith(key.label)) {
    differences.push(`CKA_LABEL was cut to ${JSON.stringify(key.label)}`);
  }
  if (differences.length === 0) return;
  throw tokenError(
    'token-key-attributes',
    `The new key is not as asked for: ${differences.join(', ')}.`,
    'Do not use the key: destroy it with approval, change the label or use another token.',
  );
}

/** Signs something of no other use, and verifies it with the public key as read back. */
export async function proveTwins(token: OpenToken, key: TokenKey): Promise<void> {
  const algorithm = keyAlgorithms[key.algorithm].signatures[0];
  const message = nodeDigest('sha512', Buffer.concat([utf8('coldroot proof of a new key\0'), key.id, key.spki]));
  const signature = await sign(token, { spki: key.spki, id: key.id }, algorithm, message);
  if (nodeVerifier(key.spki, algorithm, message, signature)) return;
  throw tokenError(
    'token-wrong-key',
    'A signature by the new private key does not verify with its public key.',
    'Do not use the key or this token. Stop and ask the vendor.',
  );
}

/**
 * Generates a key pair, reads it back by its CKA_ID and checks attributes, public key and that the halves belong
 * together. An error after generation says that a key may be on the token: what becomes of it is for people to decide.
 */
export async function generateKey(token: OpenToken, request: KeyRequest): Promise<TokenKey> {
  const way = chooseKeyMechanism(request.algorithm, token.mechanisms);
  refuseTakenNames(token, request);
  const tolerated = await generate(token, request, way).catch((error: unknown) => {
    throw error instanceof CodedError ? duringGeneration(error, request) : error;
  });
  try {
    const key = describeKey(token.main, locateKeyById(token.main, request.id));
    checkKey(request, key, tolerated);
    await proveTwins(token, key);
    return key;
  } catch (error) {
    throw error instanceof CodedError ? afterGeneration(error, request) : error;
  }
}

function duringGeneration(error: CodedError, request: KeyRequest): CodedError {
  const id = Buffer.from(request.id).toString('hex');
  const remedy = `${error.remedy} Before you repeat it, see whether the token holds a key with CKA_ID ${id}.`;
  return new CodedError({ code: error.code, message: error.message, remedy });
}

function afterGeneration(error: CodedError, request: KeyRequest): CodedError {
  const id = Buffer.from(request.id).toString('hex');
  return new CodedError({
    code: error.code,
    message: `The key pair was generated, but then: ${error.message}`,
    remedy: `${error.remedy} The token may hold a key with CKA_ID ${id}.`,
  });
}
