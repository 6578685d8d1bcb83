import { beforeEach, describe, expect, it } from 'vitest';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import { csrPem, newCsr } from '../../support/csr-file.ts';
import { edited } from '../../support/edited.ts';
import { sha256 } from '../../support/hierarchy.ts';
import type { MemoryRoom } from '../../support/memory/room.ts';
import { roomFor } from '../../support/memory/transcript.ts';
import { readShipped } from '../../support/ready-plans.ts';

/** The shipped plan without its own act that takes the file in. */
const fromCsr = edited(readShipped('intermediate-from-csr').text, [
  '  - { do: media-in, file: issuing-i1, by: [administrator, witness] }\n',
  '',
]);
const importing = '  - { do: import-csr';
const file = '/media/issuing-i1';
let room: MemoryRoom;
let csr: Uint8Array;

/** The shipped plan with an act before the request is read. */
function taking(act: string): string {
  return edited(fromCsr, [importing, `  - { ${act} }\n${importing}`]);
}

function said({ state }: Ceremony, headline: string): string {
  return JSON.stringify(state.completed.find((act) => act.headline.includes(headline))?.summary ?? []);
}

beforeEach(async () => {
  room = await roomFor('intermediate-from-csr');
  csr = csrPem(await newCsr());
  room.media.files.set(file, csr);
});

describe('a file that is taken in', () => {
  it('is told with its size, its hash, and who brought it', async () => {
    const held = await room.begin(taking(`do: media-in, file: issuing-i1, sha256: ${sha256(csr)}, by: [witness]`));
    expect(await room.play(held)).toEqual({ kind: 'finished' });
    const told = said(held, 'Take in the file');
    expect(told).toContain(`${csr.length} bytes`);
    expect(told).toContain(sha256(csr).slice(0, 8));
    expect(told).toContain('Ada Administrator');
    expect(held.state.media).toEqual({ 'issuing-i1': sha256(csr) });
  });

  it('is refused where the plan pins another hash, where it is not there, and where the binding does not name it', async () => {
    expect(await room.refusals(taking(`do: media-in, file: issuing-i1, sha256: ${'ab'.repeat(32)}`))).toEqual([
      'media-other-hash',
    ]);
    expect(await room.refusals(taking('do: media-in, file: another'))).toEqual(['binding-file-missing']);
    room.media.files.delete(file);
    expect(await room.refusals(taking('do: media-in, file: issuing-i1'))).toEqual(['media-missing']);
  });

  it('may be brought only by somebody who was named as present', async () => {
    const held = await room.begin(taking('do: media-in, file: issuing-i1'));
    const next = await room.playUntil(held, (at, act) => act === 'media-in' && at.kind === 'ask');
    if (next.kind !== 'ask') throw new Error(next.kind);
    expect(await held.answer(next.prompt.id, 'Mallory')).toMatchObject({ code: 'answer-refused' });
    expect(await held.answer(next.prompt.id, 'Olga One')).toBeUndefined();
  });

  it('and exchanged afterwards is read no more, by its own act or by a later one', async () => {
    for (const act of ['media-in', 'import-csr']) {
      room = await roomFor('intermediate-from-csr');
      room.media.files.set(file, csr);
      const held = await room.begin(taking('do: media-in, file: issuing-i1'));
      const first = act === 'media-in' ? 'confirm-administrator' : 'carrier';
      await room.playUntil(held, (at, name) => name === 'media-in' && at.kind === 'ask' && at.prompt.id === first);
      if (act === 'import-csr') {
        // Taken in whole; exchanged between the two acts.
        room.journal.onAppend = ({ kind, body }) => {
          if (kind === 'did' && body['act'] === 2) room.media.files.set(file, utf8('something else'));
        };
      } else room.media.files.set(file, csrPem(await newCsr()));
      expect(await room.play(held)).toMatchObject({ kind: 'failed', failure: { code: 'media-changed' } });
    }
  });
});

describe('a file that is given out', () => {
  const { text: intermediate } = readShipped('intermediate');
  const issued = /do: issue-intermediate, profile: issuing-1, issuer: root-r1, subject-key: issuing-i1,/u;
  const plan = intermediate.replace(
    issued,
    'do: make-csr, key: issuing-i1, profile: issuing-1 }\n  - { do: media-out, artefact: issuing-i1.csr.pem, file: courier,',
  );
  const target = '/usb/issuing-i1.csr.pem';

  beforeEach(async () => {
    room = await roomFor('intermediate');
    room.setting = { ...room.setting, files: { courier: target } };
  });

  it('is written whole where the binding says, read back, and told with its hash and who carries it', async () => {
    const held = await room.begin(plan);
    expect(await room.play(held)).toEqual({ kind: 'finished' });
    const given = room.media.files.get(target) ?? new Uint8Array();
    expect(given).toEqual(room.media.files.get(`${room.setting.output}/issuing-i1.csr.pem`));
    expect(said(held, 'Give out')).toContain(sha256(given).slice(0, 8));
    expect(said(held, 'Give out')).toContain('carried by');
  });

  it('is refused where nothing of that name was made, and where another file is in the way', async () => {
    expect(await room.refusals(edited(plan, ['artefact: issuing-i1.csr.pem', 'artefact: none.pem']))).toEqual([
      'media-missing',
    ]);
    expect(await room.refusals(edited(plan, ['artefact: issuing-i1.csr.pem', 'artefact: ../root.pem']))).not.toEqual(
      [],
    );
    room.media.files.set(target, utf8('old'));
    expect(await room.refusals(plan)).toEqual(['media-exists']);
  });

  it('that was changed since its hash was read aloud does not leave', async () => {
    const held = await room.begin(plan);
    await room.playUntil(
      held,
      (at, act) => act === 'media-out' && at.kind === 'ask' && at.prompt.id === 'confirm-administrator',
    );
    room.media.files.set(`${room.setting.output}/issuing-i1.csr.pem`, utf8('something else'));
    expect(await room.play(held)).toMatchObject({ kind: 'failed', failure: { code: 'media-changed' } });
    expect(room.media.files.has(target)).toBe(false);
  });

  it('to a medium that gives back other bytes is no success', async () => {
    const held = await room.begin(plan);
    const write = room.media.write.bind(room.media);
    room.media.write = async (path, bytes) => {
      await write(path, path === target ? utf8('bad medium') : bytes);
    };
    expect(await room.play(held)).toMatchObject({ kind: 'failed', failure: { code: 'media-differs' } });
  });
});
