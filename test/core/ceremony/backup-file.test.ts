import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  backupBytes,
  maximumBackupBytes,
  readBackup,
  wrappedOf,
  wrappedText,
  type BackupFile,
} from '../../../core/ceremony/backup-file.ts';
import { toBase64 } from '../../../core/ports/base64.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import type { JsonObject } from '../../../core/ports/json.ts';
import { canonicalBytes } from '../../../core/journal/canonical.ts';
import { testKey } from '../../vectors/test-keys.ts';

const spki = toBase64(testKey('root').spki);
const wrappingSpki = toBase64(testKey('rsa-wrapping').spki);

const backup: BackupFile = {
  format: 'coldroot-key-backup-1',
  hierarchy: 'example-corp',
  rehearsal: false,
  plan: 'ab'.repeat(32),
  created: 1_795_000_000,
  key: { name: 'root-r1', algorithm: 'ec-p384', spki },
  from: { serial: '00000000000000r1' },
  to: { serial: '00000000000000i1', algorithm: 'rsa-3072', spki: wrappingSpki },
  scheme: { transport: 'sha256', key: 'aes-256-wrap-pad' },
  wrapped: { transport: toBase64(new Uint8Array(384)), check: '0a1b2c', key: toBase64(new Uint8Array(88)) },
};

function refused(value: JsonObject): string {
  const read = readBackup(canonicalBytes(value));
  return read.ok ? 'taken' : `${read.refusal.code} ${read.refusal.message}`;
}

/** Everything that must be in it, by its place. */
const places: readonly (readonly string[])[] = [
  ['format'],
  ['hierarchy'],
  ['rehearsal'],
  ['plan'],
  ['created'],
  ['key', 'name'],
  ['key', 'algorithm'],
  ['key', 'spki'],
  ['from', 'serial'],
  ['to', 'serial'],
  ['to', 'algorithm'],
  ['to', 'spki'],
  ['scheme', 'transport'],
  ['scheme', 'key'],
  ['wrapped', 'transport'],
  ['wrapped', 'check'],
  ['wrapped', 'key'],
];

function changed(place: readonly string[], to: JsonObject[string] | undefined): JsonObject {
  const copy = structuredClone(backup) as unknown as Record<string, Record<string, unknown>>;
  const [first = '', second] = place;
  const holder = second === undefined ? (copy as Record<string, unknown>) : (copy[first] ?? {});
  const name = second ?? first;
  if (to === undefined) Reflect.deleteProperty(holder, name);
  else holder[name] = to;
  return copy as unknown as JsonObject;
}

describe('the file of a backup', () => {
  it('is read as it was written, with and without a check value', () => {
    expect(readBackup(backupBytes(backup))).toEqual({ ok: true, backup });
    const silent = { ...backup, wrapped: { ...backup.wrapped, check: null } };
    expect(readBackup(backupBytes(silent))).toEqual({ ok: true, backup: silent });
    expect(wrappedText(wrappedOf(backup))).toEqual(backup.wrapped);
    expect(wrappedText(wrappedOf(silent))).toEqual(silent.wrapped);
  });

  it.each(places.map((place) => [place.join('.'), place] as const))('is refused without %s', (name, place) => {
    expect(refused(changed(place, undefined))).toContain('backup-malformed');
    expect(refused(changed(place, { not: 'this' }))).toContain(name.split('.')[0]);
  });

  it.each([
    ['another format', changed(['format'], 'coldroot-key-backup-2')],
    ['another wrapping', changed(['scheme', 'key'], 'aes-256-cbc-pad')],
    ['another envelope', changed(['scheme', 'transport'], 'md5')],
    ['a key that is not what it says', changed(['key', 'algorithm'], 'ec-p256')],
    ['a wrapping key that is too short', changed(['to', 'spki'], toBase64(testKey('rsa-root').spki))],
    ['a wrapping key of another size than it says', changed(['to', 'algorithm'], 'rsa-4096')],
    [
      'an envelope of another length than the wrapping key',
      changed(['wrapped', 'transport'], toBase64(new Uint8Array(512))),
    ],
    ['a wrapped key that is no whole number of blocks', changed(['wrapped', 'key'], toBase64(new Uint8Array(89)))],
    ['a wrapped key of nothing', changed(['wrapped', 'key'], toBase64(new Uint8Array(16)))],
    ['a word more', { ...backup, comment: 'hello' }],
  ])('is refused with %s', (_, value) => {
    expect(refused(value)).toMatch(/^backup-malformed /u);
  });

  it('is refused when it is longer than any backup', () => {
    expect(readBackup(new Uint8Array(maximumBackupBytes + 1))).toMatchObject({
      ok: false,
      refusal: { code: 'backup-malformed' },
    });
  });

  it('is refused, and never throws, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(readBackup(bytes).ok).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), (text) => {
        expect(readBackup(utf8(text)).ok).toBe(false);
      }),
    );
  });

  it('with any one byte changed is refused, or is another backup of the same shape', () => {
    const bytes = backupBytes(backup);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const other = bytes.map((byte, index) => (index === at ? byte ^ by : byte));
        const read = readBackup(other);
        expect(read.ok ? backupBytes(read.backup) : other).toEqual(other);
      }),
      { numRuns: 1000 },
    );
  });
});
