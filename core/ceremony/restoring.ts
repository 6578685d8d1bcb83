import { z } from 'zod';
import { fromBase64 } from '../ports/base64.ts';
import { CodedError } from '../ports/coded-error.ts';
import { fromHex, toHex } from '../ports/hex.ts';
import type { TokenKey, TokenObject } from '../ports/token.ts';
import { slugSchema } from '../bundle/manifest.ts';
import type { ActPorts } from './act.ts';
import { maximumBackupBytes, readBackup, wrappedOf, type BackupFile } from './backup-file.ts';
import { ceremonyError } from './ceremony-error.ts';
import { digestFacts, fact, hashFact } from './facts.ts';
import { keyNamed } from './lookup.ts';
import type { Fact } from './prompt.ts';
import type { CeremonyState } from './state.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/u);

/** What will be restored, written ahead: the bytes of the file, and the CKA_ID the key is known by afterwards. */
export const restoreIntent = z.strictObject({
  /** SHA-256 of the file: what people confirmed is what is restored. */
  file: hash,
  label: slugSchema,
  id: z.string().regex(/^[0-9a-f]{32}$/u),
  spkiSha256: hash,
  /** SHA-256 of the wrapping key’s public half. */
  wrappingSha256: hash,
  /** Serial numbers: where the backup was made, and where it is restored. */
  from: z.string().max(64),
  to: z.string().max(64),
});
export type RestoreIntent = z.infer<typeof restoreIntent>;

/** Which key of which file is restored where. */
export interface RestoreOrder {
  readonly token: string;
  readonly key: string;
  readonly file: string;
}

async function backupIn(name: string, ports: ActPorts): Promise<{ bytes: Uint8Array; backup: BackupFile }> {
  const bytes = await ports.media.read(ports.file(name), maximumBackupBytes);
  const read = readBackup(bytes);
  if (!read.ok) throw new CodedError(read.refusal);
  return { bytes, backup: read.backup };
}

/** A backup of another key, hierarchy or kind of ceremony is refused by name before any token is asked. */
function refuseOther(backup: BackupFile, { key }: RestoreOrder, state: CeremonyState): void {
  const { plan, rehearsal } = state.beginning;
  const remedy = 'Give the right file in the binding.';
  if (backup.rehearsal !== rehearsal) {
    const [made, held] = backup.rehearsal ? ['a rehearsal', 'a ceremony'] : ['a ceremony', 'a rehearsal'];
    throw ceremonyError('backup-rehearsal', `The backup was made in ${made}, and this is ${held}.`, remedy);
  }
  if (backup.hierarchy !== plan.hierarchy) {
    throw ceremonyError('backup-other-hierarchy', `The backup is of the hierarchy ${backup.hierarchy}.`, remedy);
  }
  if (backup.key.spki !== keyNamed(state, key).spki) {
    const message = `The backup is of another key ("${backup.key.name}"), not of "${key}".`;
    throw ceremonyError('backup-other-key', message, remedy);
  }
}

/** Looks at the file and at the token, and says what would be restored; nothing is changed. */
export async function prepareRestore(
  order: RestoreOrder,
  label: string,
  state: CeremonyState,
  ports: ActPorts,
): Promise<RestoreIntent> {
  const { bytes, backup } = await backupIn(order.file, ports);
  refuseOther(backup, order, state);
  const device = await ports.token(order.token);
  const { serial } = await device.info();
  const wrapping = fromBase64(backup.to.spki);
  if (!(await device.holdsWrappingKey(wrapping))) {
    throw ceremonyError(
      'backup-other-token',
      `The backup was wrapped for token ${backup.to.serial}; token ${serial} does not hold that wrapping key.`,
      'Put the token in that the backup is for.',
    );
  }
  const digest = (data: Uint8Array): string => toHex(ports.digest('sha256', data));
  return {
    file: digest(bytes),
    label,
    id: toHex(ports.entropy.bytes(16)),
    spkiSha256: digest(fromBase64(backup.key.spki)),
    wrappingSha256: digest(wrapping),
    from: backup.from.serial,
    to: serial,
  };
}

/** Restores exactly what was confirmed: the same file, for the key that is known from elsewhere. */
export async function restore(
  order: RestoreOrder,
  made: RestoreIntent,
  state: CeremonyState,
  ports: ActPorts,
): Promise<TokenKey> {
  const { bytes, backup } = await backupIn(order.file, ports);
  if (toHex(ports.digest('sha256', bytes)) !== made.file) {
    throw ceremonyError(
      'backup-changed',
      'The file is not the one that people confirmed: it was changed since.',
      'Stop, keep the medium, and find out who changed it.',
    );
  }
  const device = await ports.token(order.token);
  return device.unwrapKey({
    wrapping: { spki: fromBase64(backup.to.spki) },
    oaep: backup.scheme.transport,
    wrapped: wrappedOf(backup),
    spki: fromBase64(keyNamed(state, order.key).spki),
    label: made.label,
    id: fromHex(made.id),
  });
}

/** Objects that carry the CKA_ID that was written ahead. */
export async function restoredTraces(
  token: string,
  { id }: RestoreIntent,
  ports: ActPorts,
): Promise<readonly TokenObject[]> {
  const device = await ports.token(token);
  return (await device.objects()).filter((object) => object.id === id);
}

export function traceFacts(traces: readonly TokenObject[]): readonly Fact[] {
  return traces.map(({ kind, label, id }) => fact(`found: ${kind}`, `"${label}", CKA_ID ${id}`));
}

/** What people compare before a key is restored. */
export function restoreFacts({ token, key }: RestoreOrder, made: RestoreIntent): readonly Fact[] {
  return [
    fact('key', key),
    fact('backup made on the token with serial', made.from),
    fact('restored on', `${token}, serial ${made.to}`),
    fact('CKA_ID', made.id),
    ...digestFacts('backup SHA-256', made.file),
    hashFact('public key SHA-256', made.spkiSha256),
    hashFact('wrapping key SHA-256', made.wrappingSha256),
  ];
}
