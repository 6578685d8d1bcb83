import { equalBytes, utf8 } from '../../ports/bytes.ts';
import { CodedError } from '../../ports/coded-error.ts';
import type { UnwrapOrder } from '../../ports/key-backup.ts';
import type { KeyAttributes, TokenKey } from '../../ports/token.ts';
import { DerReader } from '../../der/reader.ts';
import * as der from '../../der/writer.ts';
import { readSpki } from '../../x509/spki.ts';
import { attributeDifferences } from './attributes.ts';
import { keyWrapMechanism, refuseLacking } from './backup-mechanisms.ts';
import type { Attribute, Handle } from './cryptoki.ts';
import * as p11 from './constants.ts';
import { tokenError } from './errors.ts';
import { describeKey, locateKey, locateKeyById } from './find-key.ts';
import { proveTwins, refusedTemplate, refuseTakenNames } from './generate-key.ts';
import { curveParameters, keyMechanisms } from './mechanisms.ts';
import { inventory } from './objects.ts';
import type { OpenToken } from './open-token.ts';
import { checkValueOf, openTransportKey, unwrapOne, withForgotten } from './transport-key.ts';

function namesOf({ id, label, spki }: UnwrapOrder): Attribute[] {
  return [
    { type: p11.CKA_KEY_TYPE, value: keyMechanisms[readSpki(spki).algorithm].keyType },
    { type: p11.CKA_TOKEN, value: true },
    { type: p11.CKA_ID, value: Buffer.from(id) },
    { type: p11.CKA_LABEL, value: Buffer.from(utf8(label)) },
  ];
}

/** The restored key signs and does nothing else; that it may not leave again is not for its backup to say. */
function privateTemplate(order: UnwrapOrder, strict: boolean): Attribute[] {
  const fixed: Attribute[] = [
    { type: p11.CKA_SIGN_RECOVER, value: false },
    { type: p11.CKA_MODIFIABLE, value: false },
  ];
  return [
    { type: p11.CKA_CLASS, value: p11.CKO_PRIVATE_KEY },
    ...namesOf(order),
    { type: p11.CKA_PRIVATE, value: true },
    { type: p11.CKA_SENSITIVE, value: true },
    { type: p11.CKA_EXTRACTABLE, value: false },
    { type: p11.CKA_SIGN, value: true },
    { type: p11.CKA_DECRYPT, value: false },
    { type: p11.CKA_UNWRAP, value: false },
    { type: p11.CKA_DERIVE, value: false },
    ...(strict ? fixed : []),
  ];
}

function publicParameters(spki: Uint8Array): Attribute[] {
  const { algorithm, publicKey } = readSpki(spki);
  if (algorithm === 'ec-p256' || algorithm === 'ec-p384') {
    return [
      { type: p11.CKA_EC_PARAMS, value: curveParameters(algorithm) },
      { type: p11.CKA_EC_POINT, value: Buffer.from(der.encode(der.octetString(publicKey))) },
    ];
  }
  const modulus = DerReader.over(publicKey, 4096).enter().integer().subarray(1);
  return [
    { type: p11.CKA_MODULUS, value: Buffer.from(modulus) },
    { type: p11.CKA_PUBLIC_EXPONENT, value: Buffer.from([1, 0, 1]) },
  ];
}

function publicTemplate(order: UnwrapOrder, strict: boolean): Attribute[] {
  const fixed: Attribute[] = [
    { type: p11.CKA_VERIFY_RECOVER, value: false },
    { type: p11.CKA_MODIFIABLE, value: false },
  ];
  return [
    { type: p11.CKA_CLASS, value: p11.CKO_PUBLIC_KEY },
    ...namesOf(order),
    ...publicParameters(order.spki),
    { type: p11.CKA_PRIVATE, value: false },
    { type: p11.CKA_VERIFY, value: true },
    { type: p11.CKA_ENCRYPT, value: false },
    { type: p11.CKA_WRAP, value: false },
    ...(strict ? fixed : []),
  ];
}

/** With everything, or without what a token may dispense with: a refused template has made nothing. */
function strictOrNot<T>(attempt: (strict: boolean) => T): { readonly made: T; readonly strict: boolean } {
  try {
    return { made: attempt(true), strict: true };
  } catch (error) {
    if (!refusedTemplate(error)) throw error;
    return { made: attempt(false), strict: false };
  }
}

function refusePresent(token: OpenToken, { spki }: UnwrapOrder): void {
  const there = inventory(token.main).find((object) => object.spki !== undefined && equalBytes(object.spki, spki));
  if (there === undefined) return;
  throw tokenError(
    'token-key-there-already',
    `The token holds this key already: ${there.kind} "${there.label}" with CKA_ID ${there.id}.`,
    'Nothing needs to be restored. If it is the copy of a drill that was broken off, destroy it first.',
  );
}

function refuseOtherTransport(token: OpenToken, key: Handle, { wrapped: { check } }: UnwrapOrder): void {
  const found = checkValueOf(token, key);
  if (check === undefined || found === undefined || equalBytes(check, found)) return;
  throw tokenError(
    'token-backup-unreadable',
    'The token unwrapped another transport key than the backup was made with.',
    'The backup was changed, or the token’s unwrapping fails silently. Try another copy; then ask the vendor.',
  );
}

/** Puts the private key on the token; which attributes it could not be given. */
async function restorePrivate(token: OpenToken, order: UnwrapOrder): Promise<readonly (keyof KeyAttributes)[]> {
  const wrapping = locateKey(token.main, order.wrapping);
  return withForgotten(token, (remember) => {
    const { oaep, wrapped } = order;
    const transport = remember(openTransportKey(token, wrapping.privateKey, oaep, wrapped.transport));
    refuseOtherTransport(token, transport, order);
    const mechanism = keyWrapMechanism(token, p11.CKF_UNWRAP);
    const { strict } = strictOrNot((all) =>
      unwrapOne(token, mechanism, transport, wrapped.key, privateTemplate(order, all)),
    );
    return strict ? [] : ['modifiable'];
  });
}

/**
 * Restores a private key from its backup, creates the public half beside it, reads both back, checks them and proves with a
 * signature that they are twins: the public key is the caller's and never the backup's. Nothing is destroyed unasked.
 */
export async function unwrapKey(token: OpenToken, order: UnwrapOrder): Promise<TokenKey> {
  refuseLacking(token, 'restore');
  refuseTakenNames(token, order);
  refusePresent(token, order);
  const tolerated = await restorePrivate(token, order);
  try {
    strictOrNot((all) => token.cryptoki.C_CreateObject(token.main.handle, publicTemplate(order, all)));
    const key = describeKey(token.main, locateKeyById(token.main, order.id));
    const faults = attributeDifferences(key.attributes, tolerated);
    if (!equalBytes(key.spki, order.spki)) faults.push('its public key is another one');
    if (key.label !== order.label) faults.push(`CKA_LABEL is ${JSON.stringify(key.label)}`);
    if (faults.length > 0) {
      const remedy = 'Do not use the key: destroy it, or use another token.';
      throw tokenError('token-key-attributes', `The restored key is not as asked for: ${faults.join(', ')}.`, remedy);
    }
    await proveTwins(token, key);
    return key;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    const id = Buffer.from(order.id).toString('hex');
    throw new CodedError({
      code: error.code,
      message: `A key was restored, but then: ${error.message}`,
      remedy: `${error.remedy} The token holds it with CKA_ID ${id}.`,
    });
  }
}
