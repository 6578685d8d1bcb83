import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { removableMedia } from '../../../desktop/host/media/removable.ts';
import { testFolder } from '../../support/folder.ts';

const folder = testFolder();

interface Disk {
  readonly removable: boolean;
  readonly parts: readonly string[];
  readonly size?: number;
  readonly model?: string;
  /** Hangs on USB, whatever it says of itself. */
  readonly usb?: boolean;
}

/** A machine's /sys, /proc and /dev, as Linux shows them. */
function machine(
  disks: Readonly<Record<string, Disk>>,
  mounts: readonly string[],
  labels: Readonly<Record<string, string>> = {},
): string {
  const root = folder.path('root');
  mkdirSync(path.join(root, 'sys/block'), { recursive: true });
  for (const [name, { removable, parts, size = 1000, model, usb }] of Object.entries(disks)) {
    const device = path.join(root, 'sys/devices', usb === true ? 'pci0/usb1/1-1' : 'pci0/ata1', name);
    mkdirSync(path.join(device, 'device'), { recursive: true });
    writeFileSync(path.join(device, 'removable'), removable ? '1\n' : '0\n');
    writeFileSync(path.join(device, 'size'), `${size}\n`);
    if (model !== undefined) writeFileSync(path.join(device, 'device/model'), `${model}\n`);
    for (const part of parts) mkdirSync(path.join(device, part));
    symlinkSync(device, path.join(root, 'sys/block', name));
  }
  mkdirSync(path.join(root, 'proc/self'), { recursive: true });
  writeFileSync(path.join(root, 'proc/self/mounts'), `${mounts.join('\n')}\n`);
  mkdirSync(path.join(root, 'dev/disk/by-label'), { recursive: true });
  for (const [label, device] of Object.entries(labels))
    symlinkSync(`../../${device}`, path.join(root, 'dev/disk/by-label', label));
  return root;
}

/** A folder something is mounted at, as the mount table writes it. */
function mountPoint(name: string): string {
  mkdirSync(folder.path(name), { recursive: true });
  return folder.path(name).replaceAll(' ', '\\040');
}

test('a stick that is mounted is offered by its label, with its free space', async () => {
  const at = mountPoint('MY STICK');
  const root = machine({ sdb: { removable: true, parts: ['sdb1'] } }, [`/dev/sdb1 ${at} vfat rw,nosuid 0 0`], {
    'MY\\x20STICK': 'sdb1',
  });
  const { targets, unmounted } = await removableMedia(root);
  expect(unmounted).toEqual([]);
  expect(targets).toMatchObject([
    { device: '/dev/sdb1', label: 'MY STICK', folder: folder.path('MY STICK'), standIn: false },
  ]);
  expect(targets[0]?.freeBytes).toBeGreaterThan(0);
});

test('a disk of the machine is never offered: not a fixed one, nor one it runs from whatever it says of itself', async () => {
  const at = mountPoint('data');
  const root = machine(
    { sda: { removable: false, parts: ['sda1'] }, sdb: { removable: true, parts: ['sdb1', 'sdb2'] } },
    [
      `/dev/sda1 ${at} ext4 rw 0 0`,
      '/dev/sdb1 / ext4 rw 0 0',
      `/dev/sdb2 ${at} ext4 rw 0 0`,
      `tmpfs ${at} tmpfs rw 0 0`,
    ],
  );
  expect(await removableMedia(root)).toEqual({ targets: [], unmounted: [] });
});

test('a USB disk that says it cannot be taken out can be', async () => {
  const at = mountPoint('usb');
  const root = machine({ sdc: { removable: false, parts: ['sdc1'], usb: true } }, [`/dev/sdc1 ${at} exfat rw 0 0`]);
  expect((await removableMedia(root)).targets.map(({ device }) => device)).toEqual(['/dev/sdc1']);
});

test('what nothing can be written to now is named and not offered: not mounted, mounted read-only, or no medium in', async () => {
  const at = mountPoint('locked');
  const root = machine(
    {
      sdb: { removable: true, parts: ['sdb1'], model: 'Flash Disk' },
      sdc: { removable: true, parts: ['sdc1'] },
      sdd: { removable: true, parts: [], size: 0 },
    },
    [`/dev/sdc1 ${at} vfat ro,nosuid 0 0`],
  );
  expect(await removableMedia(root)).toEqual({
    targets: [],
    unmounted: [
      { device: '/dev/sdb1', label: 'Flash Disk' },
      { device: '/dev/sdc1', label: 'sdc' },
    ],
  });
});
