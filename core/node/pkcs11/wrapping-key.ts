import { equalBytes, utf8 } from '../../ports/bytes.ts';
import { CodedError, isCoded } from '../../ports/coded-error.ts';
import type { OaepHash, WrappingKeyRequest } from '../../ports/key-backup.ts';
import type { KeyAttributes, TokenKey } from '../../ports/token.ts';
import { attributeDifferences } from './attributes.ts';
import { oaepMechanism, refuseLacking } from './backup-mechanisms.ts';
import type { Attribute, Handle } from './cryptoki.ts';
import * as p11 from './constants.ts';
import { tokenError } from './errors.ts';
import { describeKey, locateKey, locateKeyById, type KeyPair } from './find-key.ts';
import { refuseTakenNames, refusedTemplate } from './generate-key.ts';
import { chooseKeyMechanism } from './mechanisms.ts';
import type { OpenToken } from './open-token.ts';
import {
  checkValueOf,
  importWrappingKey,
  newTransportKey,
  openTransportKey,
  withForgotten,
  wrapOne,
} from './transport-key.ts';

function templates(
  { id, label, algorithm }: WrappingKeyRequest,
  token: OpenToken,
  strict: boolean,
): [Attribute[], Attribute[]] {
  const common: Attribute[] = [
    { type: p11.CKA_TOKEN, value: true },
    { type: p11.CKA_ID, value: Buffer.from(id) },
    { type: p11.CKA_LABEL, value: Buffer.from(utf8(label)) },
  ];
  const fixed: Attribute[] = strict ? [{ type: p11.CKA_MODIFIABLE, value: false }] : [];
  const forPublic: Attribute[] = [
    ...common,
    ...chooseKeyMechanism(algorithm, token.mechanisms).parameters,
    { type: p11.CKA_PRIVATE, value: false },
    { type: p11.CKA_WRAP, value: true },
    { type: p11.CKA_VERIFY, value: false },
    { type: p11.CKA_ENCRYPT, value: false },
    ...fixed,
  ];
  const forPrivate: Attribute[] = [
    ...common,
    { type: p11.CKA_PRIVATE, value: true },
    { type: p11.CKA_SENSITIVE, value: true },
    { type: p11.CKA_EXTRACTABLE, value: false },
    { type: p11.CKA_UNWRAP, value: true },
    { type: p11.CKA_SIGN, value: false },
    { type: p11.CKA_DECRYPT, value: false },
    { type: p11.CKA_DERIVE, value: false },
    ...fixed,
  ];
  return [forPublic, forPrivate];
}

/** Generates; a refused template, of which nothing was made, is put once more without what a token may dispense with. */
async function generate(token: OpenToken, request: WrappingKeyRequest): Promise<readonly (keyof KeyAttributes)[]> {
  const { mechanism } = chooseKeyMechanism(request.algorithm, token.mechanisms);
  const attempt = (strict: boolean) =>
    token.cryptoki.C_GenerateKeyPairAsync(token.main.handle, mechanism, ...templates(request, token, strict));
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

/** What is not as a wrapping key's attributes have to be, in words. */
function wrappingKeyFaults(attributes: KeyAttributes, tolerated: readonly (keyof KeyAttributes)[] = []): string[] {
  const faults = attributeDifferences(attributes, [...tolerated, 'sign', 'unwrap']);
  if (attributes.sign) faults.push('CKA_SIGN is true');
  if (!attributes.unwrap) faults.push('CKA_UNWRAP is false');
  return faults;
}

/** Whether the pair with this public half is here, and unwraps. */
export function holdsWrappingKey({ main }: OpenToken, spki: Uint8Array): boolean {
  try {
    return describeKey(main, locateKey(main, { spki })).attributes.unwrap;
  } catch (error) {
    if (isCoded(error, 'token-key-missing')) return false;
    throw error;
  }
}

/** Wraps a key that is made for this and forgotten, and has the new pair unwrap it. */
async function prove(token: OpenToken, pair: KeyPair, oaep: OaepHash): Promise<void> {
  await withForgotten(token, (remember) => {
    const sample = remember(newTransportKey(token));
    const publicHalf: Handle = remember(importWrappingKey(token, pair.spki));
    const envelope = wrapOne(token, oaepMechanism(oaep), publicHalf, sample);
    const opened = remember(openTransportKey(token, pair.privateKey, oaep, envelope));
    const [before, after] = [checkValueOf(token, sample), checkValueOf(token, opened)];
    if (before === undefined || after === undefined || equalBytes(before, after)) return;
    throw tokenError(
      'token-wrong-key',
      'The new wrapping key unwraps another key than was wrapped for it.',
      'Do not use the key or this token. Stop and ask the vendor.',
    );
  });
}

/**
 * Generates the pair that keys of other tokens are wrapped for, reads it back, checks it, and proves that it unwraps. As
 * with any key, nothing is generated twice, and nothing destroyed unasked.
 */
export async function generateWrappingKey(token: OpenToken, request: WrappingKeyRequest): Promise<TokenKey> {
  refuseLacking(token, 'restore');
  refuseLacking(token, 'wrap');
  refuseTakenNames(token, request);
  try {
    const tolerated = await generate(token, request);
    const pair = locateKeyById(token.main, request.id);
    const key = describeKey(token.main, pair);
    const faults = wrappingKeyFaults(key.attributes, tolerated);
    if (key.label !== request.label) faults.push(`CKA_LABEL is ${JSON.stringify(key.label)}`);
    if (faults.length > 0) {
      const remedy = 'Do not use the key: destroy it, or use another token.';
      throw tokenError('token-key-attributes', `The new key is not as asked for: ${faults.join(', ')}.`, remedy);
    }
    await prove(token, pair, request.oaep);
    return key;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    const id = Buffer.from(request.id).toString('hex');
    const remedy = `${error.remedy} The token may hold a key with CKA_ID ${id}.`;
    throw new CodedError({ code: error.code, message: error.message, remedy });
  }
}
