import { beforeEach, describe, expect, it } from 'vitest';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { wordRows } from '../../../core/ceremony/words.ts';
import { edited } from '../../support/edited.ts';
import { sha256 } from '../../support/hierarchy.ts';
import type { MemoryRoom } from '../../support/memory/room.ts';
import { roomFor } from '../../support/memory/transcript.ts';
import { readShipped } from '../../support/ready-plans.ts';

const { text: shipped } = readShipped('backup-and-restore-drill');
const ofCertificate = 'do: read-aloud, certificate: root-r1,';

let room: MemoryRoom;
beforeEach(async () => {
  room = await roomFor('backup-and-restore-drill');
});

describe('what is read aloud', () => {
  it('is the hash of the very key and the very certificate, in words, heard by each who must say so', async () => {
    const held = await room.begin(shipped);
    const heard: string[] = [];
    await room.playUntil(held, (next, act) => {
      if (act === 'read-aloud' && next.kind === 'ask') {
        const words = next.prompt.show?.find(({ style }) => style === 'words')?.value ?? '';
        heard.push(`${next.prompt.by} ${words}`);
      }
      return false;
    });
    const words = (base64: string): string => wordRows(sha256(fromBase64(base64))).join('\n');
    const [key, certificate] = [held.state.keys['backup-w1']?.spki, held.state.certificates['root-r1']?.der];
    expect(heard).toEqual([
      `administrator ${words(key ?? '')}`,
      `witness ${words(key ?? '')}`,
      `administrator ${words(certificate ?? '')}`,
      `witness ${words(certificate ?? '')}`,
    ]);
  });

  it.each([
    ['both', 'do: read-aloud, certificate: root-r1, key: backup-w1,', 'plan-read-aloud-what'],
    ['neither', 'do: read-aloud,', 'plan-read-aloud-what'],
    ['a key that nobody makes', 'do: read-aloud, key: backup-w2,', 'plan-key-unknown'],
    ['a certificate that nobody makes', 'do: read-aloud, certificate: root-r2,', 'plan-certificate-unknown'],
  ])('is one thing that there is: %s is refused', async (_, act, code) => {
    expect(await room.refusals(edited(shipped, [ofCertificate, act]))).toEqual([code]);
  });

  it('may be a key of an earlier ceremony that has no certificate', async () => {
    const { text } = readShipped('restore-drill');
    room = await roomFor('restore-drill');
    const drill = '  - { do: restore-drill,';
    expect(await room.refusals(edited(text, [drill, `  - { do: read-aloud, key: backup-w1 }\n${drill}`]))).toEqual([]);
  });
});
