import type { References } from './act.ts';
import type { Plan } from './plan-types.ts';

export type Fault = readonly [code: string, message: string];

/** What is known of backups at one point of a plan. */
export interface KnownBackups {
  /** Wrapping keys, and the token each is on. */
  readonly wrapping: Map<string, string>;
  /** Keys this plan makes to be backed up that are not yet. */
  readonly waiting: Set<string>;
  /** Keys that never leave their token: made so by this plan, or sealed. */
  readonly kept: Set<string>;
  /** Files of backups that nobody has restored yet. */
  readonly untested: Set<string>;
}

/**
 * What is known before the first act. A key of an earlier ceremony without a certificate may be a wrapping key: whether it is
 * one is known from its bundle, in preflight.
 */
export function knownBackups({ existing }: Plan): KnownBackups {
  const wrapping = Object.entries(existing).flatMap(([name, { token, certified }]) =>
    certified || token === undefined ? [] : [[name, token] as const],
  );
  return { wrapping: new Map(wrapping), waiting: new Set(), kept: new Set(), untested: new Set() };
}

function wrapFaults(
  { wraps, backupFile = '' }: References,
  keys: ReadonlyMap<string, string | undefined>,
  known: KnownBackups,
): Fault[] {
  if (wraps === undefined) return [];
  const { key, token, to } = wraps;
  const faults: Fault[] = [];
  const wrappingToken = known.wrapping.get(to);
  if (wrappingToken === undefined) {
    faults.push([
      'plan-wrapping-key-unknown',
      `there is no wrapping key "${to}" by then (generate-wrapping-key makes one)`,
    ]);
  }
  if (wrappingToken === token) {
    faults.push(['plan-backup-same-token', `the wrapping key "${to}" is on the token of the key: that is no backup`]);
  }
  if (keys.get(key) !== token) faults.push(['plan-key-elsewhere', `the key "${key}" is not on the token "${token}"`]);
  if (known.kept.has(key)) {
    faults.push([
      'plan-key-kept',
      `the key "${key}" never leaves its token: it was not made with "backup: wrap", or is sealed`,
    ]);
  }
  if (known.untested.has(backupFile)) faults.push(['plan-backup-file', `the file "${backupFile}" is written twice`]);
  known.waiting.delete(key);
  known.untested.add(backupFile);
  return faults;
}

function restoreFaults(
  { restores, backupFile = '' }: References,
  keys: Map<string, string | undefined>,
  known: KnownBackups,
): Fault[] {
  if (restores === undefined) return [];
  const { key, as, token } = restores;
  known.untested.delete(backupFile);
  if (keys.get(key) === token) return [['plan-key-exists', `the key "${key}" is on the token "${token}" already`]];
  if (as === undefined) return [];
  if (as === key ? keys.get(key) !== undefined : keys.has(as) || known.wrapping.has(as)) {
    const message = `there is a key "${as}" on a token already: give the copy a name of its own ("as")`;
    return [['plan-key-exists', message]];
  }
  keys.set(as, token);
  known.kept.add(as);
  return [];
}

/** What is wrong with an act that has to do with backups; `keys` and `known` are brought up to date. */
export function backupFaults(
  references: References,
  keys: Map<string, string | undefined>,
  known: KnownBackups,
): readonly Fault[] {
  const faults: Fault[] = [];
  const { makesWrappingKey: made, makesKey, importsKey, sealsKey } = references;
  for (const name of [makesKey?.key, importsKey]) {
    if (name !== undefined && known.wrapping.has(name))
      faults.push(['plan-key-exists', `there is a key "${name}" already`]);
  }
  if (made !== undefined) {
    if (keys.has(made.key) || known.wrapping.has(made.key)) {
      faults.push(['plan-key-exists', `there is a key "${made.key}" already`]);
    }
    known.wrapping.set(made.key, made.token);
  }
  if (makesKey !== undefined) (makesKey.wrappable === true ? known.waiting : known.kept).add(makesKey.key);
  faults.push(...wrapFaults(references, keys, known), ...restoreFaults(references, keys, known));
  if (sealsKey !== undefined) known.kept.add(sealsKey);
  return faults;
}

/** What is still open at the end of a plan. */
export function openFaults({ waiting, untested }: KnownBackups): readonly Fault[] {
  return [
    ...[...waiting].map((key): Fault => [
      'plan-key-not-backed-up',
      `The key "${key}" is made to leave its token, and no act backs it up.`,
    ]),
    ...[...untested].map((file): Fault => [
      'plan-backup-untested',
      `The backup "${file}" is never restored: nobody would know whether it can be (restore-drill).`,
    ]),
  ];
}
