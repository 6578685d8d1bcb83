import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { interfacesUp, roomInspector, softwareHash } from '../../../core/node/room.ts';
import { testFolder } from '../../support/folder.ts';

const folder = testFolder();

function program(): string {
  mkdirSync(folder.path('program/sub'), { recursive: true });
  writeFileSync(folder.path('program/main.js'), 'one');
  writeFileSync(folder.path('program/sub/child.js'), 'two');
  return folder.path('program');
}

describe('the software hash', () => {
  it('is what sha256sum says of the files, in the order of their names', async () => {
    const command = 'find . -type f -printf "%P\\n" | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d" " -f1';
    const expected = execFileSync('sh', ['-c', command], { cwd: program(), encoding: 'utf8' }).trim();
    expect(await softwareHash(program())).toBe(expected);
    expect(await softwareHash(program())).toBe(expected);
  });

  const changes: readonly (readonly [string, () => void])[] = [
    ['a file changes', () => writeFileSync(folder.path('program/sub/child.js'), 'twO')],
    ['a file is added', () => writeFileSync(folder.path('program/sub/more.js'), '')],
    ['a file goes', () => rmSync(folder.path('program/main.js'))],
    [
      'a file moves',
      () => {
        rmSync(folder.path('program/main.js'));
        writeFileSync(folder.path('program/sub/main.js'), 'one');
      },
    ],
    [
      'two files change places',
      () => {
        writeFileSync(folder.path('program/main.js'), 'two');
        writeFileSync(folder.path('program/sub/child.js'), 'one');
      },
    ],
  ];
  it.each(changes)('changes when %s', async (_, change) => {
    const before = await softwareHash(program());
    change();
    expect(await softwareHash(folder.path('program'))).not.toBe(before);
  });

  it('does not change with source maps, which are never run', async () => {
    const before = await softwareHash(program());
    writeFileSync(folder.path('program/main.js.map'), '{}');
    expect(await softwareHash(folder.path('program'))).toBe(before);
  });

  it('is refused where it would not cover everything: a link, a FIFO, thousands of files', async () => {
    symlinkSync('/etc/hostname', `${program()}/linked.js`);
    await expect(softwareHash(folder.path('program'))).rejects.toMatchObject({ code: 'room-software' });
    rmSync(folder.path('program/linked.js'));
    execFileSync('mkfifo', [folder.path('program/fifo')]);
    await expect(softwareHash(folder.path('program'))).rejects.toMatchObject({ code: 'room-software' });
    rmSync(folder.path('program/fifo'));
    for (let index = 0; index < 5000; index += 1) writeFileSync(folder.path(`program/${index}.js`), '');
    await expect(softwareHash(folder.path('program'))).rejects.toMatchObject({ code: 'room-software' });
  });
});

describe('a look around the room', () => {
  it('finds interfaces that are up, whether they have an address or not, but not the loopback', async () => {
    for (const [name, flags] of Object.entries({
      lo: '0x9',
      eth0: '0x1003',
      wlan0: '0x1043',
      eth1: '0x1002',
      odd: 'x',
    })) {
      mkdirSync(folder.path('net', name), { recursive: true });
      writeFileSync(folder.path('net', name, 'flags'), `${flags}\n`);
    }
    expect([...(await interfacesUp(folder.path('net')))].sort()).toEqual(['eth0', 'wlan0']);
    expect(await interfacesUp(folder.path('none'))).toEqual([]);
  });

  it('reports version, platform and hash', async () => {
    const report = await roomInspector(program(), '1.2.3')();
    expect(report).toMatchObject({ version: '1.2.3', softwareHash: await softwareHash(folder.path('program')) });
    expect(report.platform).toMatch(/Node\.js \d+.*OpenSSL \d/u);
    expect(report.networkInterfaces).not.toContain('lo');
  });
});
