import { toBase64 } from '../ports/base64.ts';
import { utf8 } from '../ports/bytes.ts';
import { CodedError } from '../ports/coded-error.ts';
import { toHex } from '../ports/hex.ts';
import type { KeyBackup } from '../ports/key-backup.ts';
import type { KeyAttributes, KeySelector, TokenKey } from '../ports/token.ts';
import { keyAlgorithms } from '../x509/algorithms.ts';
import { readSpki } from '../x509/spki.ts';
import type { DryKeys } from './dry-keys.ts';
import type { CeremonyKey } from './state.ts';

/** What of a dry token its backups need. */
export interface DryBackupToken {
  readonly keys: DryKeys;
  /** Serial number of the device. */
  readonly serial: string;
  readonly find: (selector: KeySelector) => CeremonyKey;
  readonly attributesOf: (key: CeremonyKey) => KeyAttributes;
}

function unextractable(): CodedError {
  return new CodedError({
    code: 'token-key-unextractable',
    message: 'The key never leaves its token: it was not generated with "backup: wrap", or was sealed.',
    remedy: 'Correct the plan, have it reviewed again, and rehearse it.',
  });
}

/** Backups in a dry run: sizes are right, and which key may go where; nothing is wrapped, for there is nothing to wrap. */
export function dryBackup({ keys, serial, find, attributesOf }: DryBackupToken): KeyBackup {
  return {
    // The real token was asked before.
    backupLacks: () => Promise.resolve([]),
    generateWrappingKey: async ({ algorithm, id, label }): Promise<TokenKey> => {
      const { spki } = await keys.generate(algorithm);
      const made: CeremonyKey = { id: toHex(id), algorithm, spki: toBase64(spki), origin: 'wrapping' };
      return { id, label, algorithm, spki, attributes: attributesOf(made) };
    },
    // Which wrapping keys are on a token of an earlier ceremony, nobody knows before the login.
    holdsWrappingKey: () => Promise.resolve(true),
    wrapKey: ({ key, wrappingSpki }) => {
      if (!attributesOf(find(key)).extractable) return Promise.reject(unextractable());
      return Promise.resolve({
        transport: new Uint8Array(keyAlgorithms[readSpki(wrappingSpki).algorithm].bits / 8),
        key: utf8('dry run.'.repeat(16)),
      });
    },
    unwrapKey: ({ spki, label, id }) => {
      const algorithm = readSpki(spki).algorithm;
      const restored: CeremonyKey = { id: toHex(id), algorithm, spki: toBase64(spki), origin: 'restored' };
      keys.restore(serial, restored);
      return Promise.resolve({ id, label, algorithm, spki, attributes: attributesOf(restored) });
    },
    sealKey: (selector) => {
      const key = find(selector);
      const { algorithm } = key;
      const attributes = { ...attributesOf(key), extractable: false };
      return Promise.resolve({
        id: selector.id ?? new Uint8Array(),
        label: '',
        algorithm,
        spki: selector.spki,
        attributes,
      });
    },
  };
}
