import { beforeEach, describe, expect, it } from 'vitest';
import { readBackup } from '../../../core/ceremony/backup-file.ts';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { sha256 } from '../../support/hierarchy.ts';
import type { MemoryRoom } from '../../support/memory/room.ts';
import { roomFor } from '../../support/memory/transcript.ts';
import { readShipped } from '../../support/ready-plans.ts';
import { edited as changed, type Edit } from '../../support/edited.ts';

const shipped = readShipped('backup-and-restore-drill').text;

const edited = (...edits: readonly Edit[]): string => changed(shipped, ...edits);

let room: MemoryRoom;
beforeEach(async () => {
  room = await roomFor('backup-and-restore-drill');
});

const labels = (at: 'root' | 'issuing') => room[at].keys.map(({ label }) => label);

describe('a backup for the wrapping key of an earlier ceremony', () => {
  const issuing = `profiles:
  issuing-1:
    type: intermediate
    subject: { C: US, O: Example Corp, CN: Example Corp Issuing I1 }
    key: ec-p256
    valid: { from: ceremony-day, for: 5y }
    pathLen: 0
    eku: [serverAuth]
    permitted: { dns: [example.internal] }
    crl: http://pki.example.internal/root-r1.crl
    issuance: { maxValidity: 90d, keys: [ec-p256] }
`;
  const made = (to: string): string => `  - { do: generate-key, token: root, key: issuing-i1, backup: wrap }
  - { do: issue-intermediate, profile: issuing-1, issuer: root-r1, subject-key: issuing-i1 }
  - { do: backup-key, token: root, key: issuing-i1, to: ${to}, oaep: sha1, file: issuing-i1-backup }
  - { do: restore-drill, token: backup, key: issuing-i1, file: issuing-i1-backup }
  - { do: seal-key, token: root, key: issuing-i1 }
`;
  const planFor = (to: string): string =>
    readShipped('restore-drill')
      .text.replace('profiles: {}\n', issuing)
      .replace(/ {2}- \{ do: restore-drill.*\n/u, made(to));

  beforeEach(async () => {
    room = await roomFor('restore-drill');
    room.setting = { ...room.setting, files: { 'issuing-i1-backup': '/backups/issuing-i1-backup' } };
  });

  it('is made and drilled, because the bundle tells of that key', async () => {
    const ceremony = await room.begin(planFor('backup-w1'));
    expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
    const read = readBackup(room.media.files.get('/backups/issuing-i1-backup') ?? new Uint8Array());
    expect(read).toMatchObject({ ok: true, backup: { key: { name: 'issuing-i1' }, scheme: { transport: 'sha1' } } });
    expect(labels('issuing')).toEqual(['backup-w1']);
  });

  it('is refused for a key that the plan does not name, and for one with a certificate', async () => {
    expect(await room.refusals(planFor('backup-w2'))).toEqual(['plan-wrapping-key-unknown']);
    const named = planFor('backup-w1').replace('certified: false }', 'certified: true }');
    expect(await room.refusals(named)).toContain('plan-wrapping-key-unknown');
  });
});

describe('the manifest', () => {
  const sealing = '  - { do: seal-key, token: root, key: root-r1, by: [administrator, officer] }\n';

  /** Holds the plan, and opens the ceremony after it: the yearly drill. */
  async function thenDrill(plan: string): Promise<Ceremony> {
    const held = await room.begin(plan);
    expect(await room.play(held)).toEqual({ kind: 'finished' });
    const { files } = room.setting;
    room.continueFrom(held, sha256(fromBase64(held.state.certificates['root-r1']?.der ?? '')));
    const tokens = { root: 'pkcs11:serial=00000000000000r1', backup: 'pkcs11:serial=00000000000000i1' };
    room.setting = { ...room.setting, files, tokens };
    return room.begin(readShipped('restore-drill').text);
  }

  it('tells every later ceremony of a key that may leave its token, and of no sealed one', async () => {
    const next = await thenDrill(edited([sealing, '']));
    expect(next.state.keys['root-r1']).toMatchObject({ wrappable: true });
    room = await roomFor('backup-and-restore-drill');
    expect((await thenDrill(shipped)).state.keys['root-r1']).not.toHaveProperty('wrappable');
  });

  it('has another backup of a sealed key refused before the day', async () => {
    const again = '  - { do: backup-key, token: root, key: root-r1, to: backup-w1, file: other }\n';
    const plan = readShipped('restore-drill')
      .text.replace('  - { do: restore-drill', `${again}  - { do: restore-drill`)
      .replace('file: root-r1-backup', 'file: other');
    for (const [first, codes] of [
      [shipped, ['key-not-wrappable']],
      [edited([sealing, '']), []],
    ] as const) {
      room = await roomFor('backup-and-restore-drill');
      await thenDrill(first);
      room.setting = { ...room.setting, files: { other: '/backups/other' } };
      expect(await room.refusals(plan)).toEqual(codes);
    }
  });
});
