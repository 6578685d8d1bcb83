import { fromBase64, toBase64 } from '../ports/base64.ts';
import { fromHex, toHex } from '../ports/hex.ts';
import { CodedError } from '../ports/coded-error.ts';
import type { KeyAttributes, KeySelector, Token, TokenInfo, TokenKey, TokenObject } from '../ports/token.ts';
import { dryBackup } from './dry-backup.ts';
import type { DryKeys } from './dry-keys.ts';
import type { BoundToken, CeremonyKey } from './state.ts';

const asGenerated: KeyAttributes = {
  token: true,
  private: true,
  sensitive: true,
  extractable: false,
  sign: true,
  decrypt: false,
  unwrap: false,
  derive: false,
  modifiable: false,
  local: true,
  alwaysSensitive: true,
  neverExtractable: true,
};

function missing(): CodedError {
  return new CodedError({
    code: 'token-key-missing',
    message: 'The key is not on the token.',
    remedy: 'Check the plan’s token names.',
  });
}

/** What the token would say. Which keys of earlier ceremonies may leave their token, the previous bundle tells. */
function attributesOf({ origin, wrappable }: CeremonyKey): KeyAttributes {
  const extractable = wrappable === true;
  const unwrap = origin === 'wrapping';
  return { ...asGenerated, extractable, modifiable: extractable, sign: !unwrap, unwrap };
}

/** CKA_ID of a key; for one of an earlier ceremony, which is not known yet, something that stands for it. */
function idOf({ id, spki }: CeremonyKey): string {
  return id ?? toHex(fromBase64(spki).subarray(-16));
}

/** A token that exists only for a dry run: it holds what the plan says the real one holds at that point. */
export function dryToken(bound: BoundToken, held: () => readonly CeremonyKey[], keys: DryKeys): Token {
  const info: TokenInfo = {
    ...bound,
    pinState: 'normal',
    pinInitialized: true,
    protectedPath: false,
    pinLength: { minimum: 0, maximum: 255 },
  };
  const there = (): readonly CeremonyKey[] => {
    const known = held();
    const restored = keys.restoredOn(bound.serial).filter(({ id }) => known.every((key) => key.id !== id));
    return [...known, ...restored].filter((key) => !keys.isDestroyed(idOf(key)));
  };
  const find = (selector: KeySelector): CeremonyKey => {
    const found = there().find(({ spki }) => spki === toBase64(selector.spki));
    if (found === undefined) throw missing();
    return found;
  };
  return {
    info: () => Promise.resolve(info),
    login: () => Promise.resolve(),
    objects: () =>
      Promise.resolve(
        there().map((key): TokenObject => {
          const { spki, algorithm } = key;
          return { kind: 'private-key', label: '', id: idOf(key), algorithm, spki: fromBase64(spki) };
        }),
      ),
    generateKey: async ({ algorithm, id, label, wrappable }): Promise<TokenKey> => {
      const { spki } = await keys.generate(algorithm);
      const extractable = wrappable === true;
      return { id, label, algorithm, spki, attributes: { ...asGenerated, extractable, modifiable: extractable } };
    },
    findKey: (selector) => {
      const key = find(selector);
      const { algorithm } = key;
      return Promise.resolve({
        id: selector.id ?? fromHex(idOf(key)),
        label: '',
        algorithm,
        spki: selector.spki,
        attributes: attributesOf(key),
      });
    },
    sign: async (selector, algorithm, message) => {
      const pair = await keys.pairFor(selector, find(selector).algorithm);
      return pair.sign(algorithm, message);
    },
    destroyKey: (id) => {
      const gone = there().filter((key) => idOf(key) === toHex(id)).length;
      keys.destroy(id);
      return Promise.resolve(2 * gone);
    },
    ...dryBackup({ keys, serial: bound.serial, find, attributesOf }),
    certificates: () => Promise.resolve([]),
    changePin: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
