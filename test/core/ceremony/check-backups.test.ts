import { beforeEach, describe, expect, it } from 'vitest';
import { utf8 } from '../../../core/ports/bytes.ts';
import type { MemoryRoom } from '../../support/memory/room.ts';
import { roomFor } from '../../support/memory/transcript.ts';
import { readShipped } from '../../support/ready-plans.ts';
import { edited as changed, type Edit } from '../../support/edited.ts';

const shipped = readShipped('backup-and-restore-drill').text;
const drill =
  '{ do: restore-drill, token: backup, key: root-r1, file: root-r1-backup, by: [administrator, officer, witness] }';
const file = '/backups/root-r1-backup';

const edited = (...edits: readonly Edit[]): string => changed(shipped, ...edits);

let room: MemoryRoom;
beforeEach(async () => {
  room = await roomFor('backup-and-restore-drill');
});

describe('a plan with a backup', () => {
  it('passes as it ships', async () => {
    expect(await room.refusals(shipped)).toEqual([]);
  });

  const cases: readonly (readonly [what: string, code: string, plan: string])[] = [
    ['a backup that nobody restores', 'plan-backup-untested', edited([`  - ${drill}\n`, ''])],
    [
      'a key made to leave that is not backed up',
      'plan-key-not-backed-up',
      edited(['key: bundle-signer-b1 }', 'key: bundle-signer-b1, backup: wrap }']),
    ],
    ['a backup of a key that never leaves', 'plan-key-kept', edited([', backup: wrap', ''])],
    [
      'a backup after the seal',
      'plan-key-kept',
      edited(
        ['  - { do: seal-key, token: root, key: root-r1, by: [administrator, officer] }\n', ''],
        ['  - { do: backup-key', '  - { do: seal-key, token: root, key: root-r1 }\n  - { do: backup-key'],
      ),
    ],
    [
      'a backup for a key that is no wrapping key',
      'plan-wrapping-key-unknown',
      edited(['to: backup-w1', 'to: root-r1']),
    ],
    [
      'a backup for the token the key is on',
      'plan-backup-same-token',
      edited(['generate-wrapping-key, token: backup', 'generate-wrapping-key, token: root']),
    ],
    [
      'a wrapping key with the name of another key',
      'plan-key-exists',
      edited(['key: backup-w1', 'key: root-r1'], ['to: backup-w1', 'to: root-r1']),
    ],
    [
      'a restored key with the name of the original',
      'plan-key-exists',
      edited([drill, '{ do: restore-key, token: backup, key: root-r1, file: root-r1-backup }']),
    ],
    [
      'a drill on the token the key is on',
      'plan-key-exists',
      edited([drill, '{ do: restore-drill, token: root, key: root-r1, file: root-r1-backup }']),
    ],
    [
      'an envelope other than the wrapping key was proved with',
      'wrapping-key-oaep',
      edited(['file: root-r1-backup, by', 'oaep: sha256, file: root-r1-backup, by']),
    ],
    [
      'a single person',
      'plan-single-person',
      edited(
        ['  officer: { of: 3, quorum: 2 }\n  witness: 1\n', ''],
        [/, by: \[administrator, officer[^\]]*\]/gu.exec(shipped)?.[0] ?? '', ''],
      ),
    ],
  ];
  it.each(cases)('%s: %s', async (_, code, plan) => {
    expect(await room.refusals(plan)).toContain(code);
    expect([room.root.keys, room.issuing.keys]).toEqual([[], []]);
  });

  it.each(['root', 'issuing'] as const)(
    'that the token "%s" cannot do is refused, with the token untouched',
    async (at) => {
      room[at].lacks = ['CKM_AES_KEY_WRAP_PAD to wrap'];
      const checked = await room.check(shipped);
      expect(checked).toMatchObject({ ok: false, refusals: [{ code: 'token-cannot-wrap' }] });
      expect(JSON.stringify(checked)).toContain('CKM_AES_KEY_WRAP_PAD to wrap');
      expect(new Set(room[at].calls)).toEqual(new Set(['info', 'objects']));
    },
  );

  it('that the binding has no file for is refused', async () => {
    room.setting = { ...room.setting, files: {} };
    expect(await room.refusals(shipped)).toEqual(['binding-file-missing']);
  });

  it('over another file is refused before anything is made', async () => {
    room.media.files.set(file, utf8('the backup of last year'));
    expect(await room.refusals(shipped)).toEqual(['media-exists']);
  });
});
