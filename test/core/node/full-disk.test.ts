import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../../support/folder.ts';
import { projectRoot } from '../../support/programs.ts';

const folder = testFolder();
const namespace = ['--user', '--map-root-user', '--mount'];
const mountable = spawnSync('unshare', [...namespace, 'true']).status === 0;
if (!mountable) console.warn('NOT CHECKED: what a full disk does. No file system can be mounted here (unshare).');

describe.skipIf(!mountable)('on a disk that is full', () => {
  it('nothing is half written, everything is refused by code, and it goes on once there is room', () => {
    const script = 'mount -t tmpfs -o size=256k tmpfs "$1" && exec "$2" "$3" "$1"';
    const program = path.join(projectRoot, 'test/support/full-disk.ts');
    const { stdout, stderr } = spawnSync(
      'unshare',
      [...namespace, 'sh', '-c', script, 'sh', folder.path(), process.execPath, program],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      append: 'journal-write',
      records: 1,
      onDisk: 1,
      media: 'media-write',
      secret: 'pin-file',
      lock: 'lock-unusable',
      files: ['filler', 'journal.db', 'lock', 'lock.held'],
      appendAgain: 'done',
      onDiskAgain: 2,
      mediaAgain: 'done',
      lockAgain: 'done',
    });
  });
});
