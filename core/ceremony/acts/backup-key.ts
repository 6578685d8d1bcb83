import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { fromBase64 } from '../../ports/base64.ts';
import { equalBytes } from '../../ports/bytes.ts';
import { isCoded } from '../../ports/coded-error.ts';
import { fromHex, toHex } from '../../ports/hex.ts';
import { oaepHashes, wrappingAlgorithms } from '../../ports/key-backup.ts';
import type { KeySelector } from '../../ports/token.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { backupBytes, maximumBackupBytes, readBackup, wrappedText, type BackupFile } from '../backup-file.ts';
import { ceremonyError, impossible } from '../ceremony-error.ts';
import { confirmWord, digestFacts, fact, hashFact } from '../facts.ts';
import { keyNamed, plannedTokenOf } from '../lookup.ts';
import { actBase } from '../plan-types.ts';
import type { CeremonyState } from '../state.ts';

const config = z.strictObject({
  do: z.literal('backup-key'),
  /** The token the key is on. */
  token: slugSchema,
  key: slugSchema,
  /** The wrapping key of the token the backup is for: made in this plan, or of an earlier ceremony. */
  to: slugSchema,
  /** Hash of the envelope, where the wrapping key is of an earlier ceremony; SHA-256 where nothing is said. */
  oaep: z.enum(oaepHashes).optional(),
  /** The file, by the name the binding gives it: on a medium of its own, and never on the one that leaves with the bundle. */
  file: slugSchema,
  ...actBase,
});
type Config = z.infer<typeof config>;

const hash = z.string().regex(/^[0-9a-f]{64}$/u);
const intent = z.strictObject({
  spkiSha256: hash,
  wrappingSha256: hash,
  algorithm: z.enum(wrappingAlgorithms),
  oaep: z.enum(oaepHashes),
  /** Serial numbers. */
  from: z.string().max(64),
  to: z.string().max(64),
  /** When it was prepared. */
  at: z.int().min(0),
});
type Intent = z.infer<typeof intent>;

const outcome = z.strictObject({ sha256: hash, bytes: z.int().min(1).max(maximumBackupBytes), adopted: z.boolean() });

function selectorOf(state: CeremonyState, name: string): KeySelector {
  const { spki, id } = keyNamed(state, name);
  return { spki: fromBase64(spki), ...(id === undefined ? {} : { id: fromHex(id) }) };
}

/** The wrapping key’s token, where that is another one. */
function others(wrapping: string | undefined, token: string): readonly string[] {
  return wrapping === undefined || wrapping === token ? [] : [wrapping];
}

async function prepare(own: Config, state: CeremonyState, ports: ActPorts): Promise<Intent> {
  const wrapping = keyNamed(state, own.to);
  const { algorithm, token } = wrapping;
  if (token === undefined) throw impossible(`The wrapping key ${own.to} is on no token`);
  if (algorithm !== 'rsa-3072' && algorithm !== 'rsa-4096') {
    const message = `The key "${own.to}" is ${algorithm}: keys are wrapped for RSA keys of 3072 or 4096 bits.`;
    throw ceremonyError('wrapping-key-type', message, 'Name the wrapping key that an earlier ceremony made.');
  }
  if (own.oaep !== undefined && wrapping.oaep !== undefined && own.oaep !== wrapping.oaep) {
    const message = `The wrapping key "${own.to}" was proved with ${wrapping.oaep}, and the plan says ${own.oaep} here.`;
    throw ceremonyError('wrapping-key-oaep', message, 'Say it once, where the wrapping key is made.');
  }
  const key = selectorOf(state, own.key);
  const device = await ports.token(own.token);
  const { attributes } = await device.findKey(key);
  if (!attributes.extractable) {
    throw ceremonyError(
      'key-not-wrappable',
      `The key "${own.key}" was made never to leave its token, or was sealed since: it cannot be backed up.`,
      'Take the act out of the plan. Only a key generated with "backup: wrap" can be backed up, until it is sealed.',
    );
  }
  // The other half is looked for where people were told it is: a public key alone could be anybody’s.
  const other = await ports.token(token);
  if (!(await other.holdsWrappingKey(fromBase64(wrapping.spki)))) {
    throw ceremonyError(
      'wrapping-key-missing',
      `The token "${token}" does not hold the wrapping key "${own.to}".`,
      'Stop, and find out what became of it: nothing is wrapped for a key that nobody can show.',
    );
  }
  const digest = (spki: Uint8Array): string => toHex(ports.digest('sha256', spki));
  return {
    spkiSha256: digest(key.spki),
    wrappingSha256: digest(fromBase64(wrapping.spki)),
    algorithm,
    oaep: wrapping.oaep ?? own.oaep ?? 'sha256',
    from: (await device.info()).serial,
    to: (await other.info()).serial,
    at: ports.clock.now(),
  };
}

/** Everything of the file but what the token makes. */
function frame(own: Config, made: Intent, state: CeremonyState): Omit<BackupFile, 'wrapped'> {
  const { plan, planHash, rehearsal } = state.beginning;
  const { algorithm, spki } = keyNamed(state, own.key);
  return {
    format: 'coldroot-key-backup-1',
    hierarchy: plan.hierarchy,
    rehearsal,
    plan: planHash,
    created: made.at,
    key: { name: own.key, algorithm, spki },
    from: { serial: made.from },
    to: { serial: made.to, algorithm: made.algorithm, spki: keyNamed(state, own.to).spki },
    scheme: { transport: made.oaep, key: 'aes-256-wrap-pad' },
  };
}

/** The backup on the medium, where it is this one: after a crash another wrapping would be another file. */
async function existing(own: Config, made: Intent, state: CeremonyState, ports: ActPorts) {
  try {
    const bytes = await ports.media.read(ports.file(own.file), maximumBackupBytes);
    const read = readBackup(bytes);
    if (!read.ok) return undefined;
    const { wrapped } = read.backup;
    return equalBytes(backupBytes({ ...frame(own, made, state), wrapped }), bytes) ? bytes : undefined;
  } catch (error) {
    if (isCoded(error)) return undefined;
    throw error;
  }
}

async function wrap(own: Config, made: Intent, state: CeremonyState, ports: ActPorts): Promise<Uint8Array> {
  const device = await ports.token(own.token);
  const wrappingSpki = fromBase64(keyNamed(state, own.to).spki);
  const wrapped = await device.wrapKey({ key: selectorOf(state, own.key), wrappingSpki, oaep: made.oaep });
  const bytes = backupBytes({ ...frame(own, made, state), wrapped: wrappedText(wrapped) });
  // A backup that we could not read again would be none.
  const read = readBackup(bytes);
  if (!read.ok) throw impossible(read.refusal.message);
  await ports.media.write(ports.file(own.file), bytes);
  return bytes;
}

/** Wraps a key for another token, into a file that only that token can open. The key itself stays where it is. */
export const backupKey = defineAct({
  name: 'backup-key',
  config,
  intent,
  outcome,
  looksFirst: true,
  references: ({ token, key, to, file }, plan) => ({
    tokens: [token, ...others(plannedTokenOf(plan, to), token)],
    usesKeys: [key],
    wraps: { key, token, to },
    backupFile: file,
  }),
  describe: ({ token, key, to }) => ({
    headline: `Back up the key "${key}" of the token "${token}", wrapped for "${to}"`,
    why: 'If this token is lost, the other one can take its place. A backup counts once a drill has restored it.',
    onToken: 'Wraps the key under a new AES key, and that under the wrapping key. The AES key is destroyed at once.',
  }),
  questions: () => [],
  prepare,
  confirmations: (own, made) =>
    confirmWord(
      own,
      'BACKUP',
      `Compare the wrapping key with what was read aloud when it was made. Back up "${own.key}"?`,
      [
        fact('key', `${own.key}, on ${own.token}, serial ${made.from}`),
        fact('for', `the token with serial ${made.to}, and no other`),
        fact('file', own.file),
        hashFact('public key SHA-256', made.spkiSha256),
        ...digestFacts('wrapping key (SPKI) SHA-256', made.wrappingSha256),
      ],
    ),
  perform: async (own, made, state, ports) => {
    const there = await existing(own, made, state, ports);
    const bytes = there ?? (await wrap(own, made, state, ports));
    return { sha256: toHex(ports.digest('sha256', bytes)), bytes: bytes.length, adopted: there !== undefined };
  },
  apply: () => ({}),
  summary: ({ key, file }, { from, to, oaep, wrappingSha256 }, { sha256, adopted }) => [
    fact('backed up', `${key}, from serial ${from} for serial ${to}`),
    fact('how', `AES-256 key wrap with padding (RFC 5649), its key under RSA-OAEP with ${oaep}`),
    hashFact('wrapping key SHA-256', wrappingSha256),
    fact('file', adopted ? `${file}: written before an interruption` : file),
    ...digestFacts('backup SHA-256', sha256),
  ],
});
