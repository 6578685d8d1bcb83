import type { KeySelector, TokenKey } from '../../ports/token.ts';
import * as p11 from './constants.ts';
import { tokenError } from './errors.ts';
import { describeKey, locateKey } from './find-key.ts';
import type { OpenToken } from './open-token.ts';

/** Takes from a key the leave to leave its token, and looks that it is taken. Done again it finds that and says so. */
export function sealKey(token: OpenToken, selector: KeySelector): TokenKey {
  const pair = locateKey(token.main, selector);
  const before = describeKey(token.main, pair);
  if (!before.attributes.extractable) return before;
  token.cryptoki.C_SetAttributeValue(token.main.handle, pair.privateKey, [{ type: p11.CKA_EXTRACTABLE, value: false }]);
  const key = describeKey(token.main, locateKey(token.main, selector));
  if (!key.attributes.extractable) return key;
  throw tokenError(
    'token-key-not-sealed',
    'The token says it sealed the key but still shows it as one that may leave.',
    'Do not take it for sealed. Ask the vendor, or make a new key that never may leave.',
  );
}
