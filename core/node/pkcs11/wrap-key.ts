import type { WrapOrder } from '../../ports/key-backup.ts';
import { keyAttributesOf, keyAttributeTypes, readAttributes } from './attributes.ts';
import { keyWrapMechanism, oaepMechanism, refuseLacking } from './backup-mechanisms.ts';
import * as p11 from './constants.ts';
import { tokenError } from './errors.ts';
import { locateKey } from './find-key.ts';
import type { OpenToken } from './open-token.ts';
import { checkValueOf, importWrappingKey, newTransportKey, withForgotten, wrapOne } from './transport-key.ts';

interface Wrapped {
  readonly transport: Uint8Array<ArrayBuffer>;
  readonly check?: Uint8Array<ArrayBuffer>;
  readonly key: Uint8Array<ArrayBuffer>;
}

/** RFC 5649: whole blocks of eight octets and one more. */
function isWrapped(bytes: Uint8Array): boolean {
  return bytes.length >= 24 && bytes.length % 8 === 0;
}

/**
 * Wraps a private key for the token that holds the other half of `wrappingSpki`: under a new AES key, and that under RSA.
 * The AES key is a session object, and is gone when this is done. The key itself stays as it is.
 */
export async function wrapKey(token: OpenToken, order: WrapOrder): Promise<Wrapped> {
  refuseLacking(token, 'wrap');
  const { privateKey } = locateKey(token.main, order.key);
  if (!keyAttributesOf(readAttributes(token.main, privateKey, keyAttributeTypes)).extractable) {
    throw tokenError(
      'token-key-unextractable',
      'This key was made never to leave its token, or was sealed since: it cannot be backed up.',
      'Only a key that the plan generated with "backup: wrap" can be wrapped, and only until it is sealed.',
    );
  }
  return withForgotten(token, (remember) => {
    const wrapping = remember(importWrappingKey(token, order.wrappingSpki));
    const transportKey = remember(newTransportKey(token));
    const transport = wrapOne(token, oaepMechanism(order.oaep), wrapping, transportKey);
    const key = wrapOne(token, keyWrapMechanism(token, p11.CKF_WRAP), transportKey, privateKey);
    if (!isWrapped(key)) {
      throw tokenError(
        'token-wrap-malformed',
        `The token wrapped the key into ${key.length} bytes, which cannot be RFC 5649.`,
        'Do not use it. Stop and ask the vendor what its mechanism does.',
      );
    }
    const check = checkValueOf(token, transportKey);
    return check === undefined ? { transport, key } : { transport, key, check };
  });
}
