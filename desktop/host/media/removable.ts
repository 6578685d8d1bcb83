import { readdir, readFile, readlink, realpath, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { MediaFound, MediaTarget } from './media-source.ts';

/** A line of /proc/self/mounts. */
interface Mount {
  readonly device: string;
  readonly folder: string;
  readonly readOnly: boolean;
}

/** Spaces and the like are octal there (fstab(5)). */
function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/gu, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 8)));
}

function mountOf(line: string): Mount | undefined {
  const [device = '', folder = '', , options = ''] = line.split(' ');
  if (!device.startsWith('/dev/')) return undefined;
  return { device: unescaped(device), folder: unescaped(folder), readOnly: options.split(',').includes('ro') };
}

/** Folders whose disk is the machine's own, whatever it says of itself. */
const ownFolders: ReadonlySet<string> = new Set(['/', '/boot', '/boot/efi', '/home', '/usr', '/var', '/opt', '/srv']);

async function textOf(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).trim();
}

/** Disks that can be taken out: the kernel says so, or they hang on USB (sticks and card readers often deny it). */
async function removableDisks(root: string): Promise<readonly string[]> {
  const folder = path.join(root, 'sys/block');
  const names = await readdir(folder).catch(() => []);
  const removable = await Promise.all(
    names.map(async (name) => {
      if ((await textOf(path.join(folder, name, 'removable'))) === '1') return true;
      const device = await realpath(path.join(folder, name)).catch(() => '');
      return /\/usb\d+\//u.test(device);
    }),
  );
  // A drive without a medium in it has the size 0.
  const sizes = await Promise.all(names.map((name) => textOf(path.join(folder, name, 'size'))));
  return names.filter((_, index) => removable[index] === true && Number(sizes[index]) > 0).sort();
}

/** A disk and its partitions, as device files. */
async function partsOf(root: string, disk: string): Promise<readonly string[]> {
  const names = await readdir(path.join(root, 'sys/block', disk)).catch(() => []);
  const parts = names.filter((name) => name.startsWith(disk)).sort();
  return [...(parts.length === 0 ? [disk] : parts)].map((name) => `/dev/${name}`);
}

/** Names file systems were given, by device. */
async function labels(root: string): Promise<ReadonlyMap<string, string>> {
  const folder = path.join(root, 'dev/disk/by-label');
  const names = await readdir(folder).catch(() => []);
  const pairs = await Promise.all(
    names.map(async (name) => {
      const target = await readlink(path.join(folder, name)).catch(() => '');
      const label = name.replaceAll(/\\x([0-9a-f]{2})/gu, (_, hex: string) =>
        String.fromCodePoint(Number.parseInt(hex, 16)),
      );
      return [`/dev/${path.basename(target)}`, label] as const;
    }),
  );
  return new Map(pairs);
}

async function targetAt({ device, folder }: Mount, label: string): Promise<MediaTarget | undefined> {
  const facts = await statfs(folder).catch(() => undefined);
  if (facts === undefined) return undefined;
  const { bsize, bavail, blocks } = facts;
  return { device, label, folder, freeBytes: bavail * bsize, totalBytes: blocks * bsize, standIn: false };
}

/**
 * Removable media of this Linux machine. A disk that holds any of the machine's own folders is never one. `root` is
 * where /sys, /proc and /dev are.
 */
export async function removableMedia(root = '/'): Promise<MediaFound> {
  const lines = (await textOf(path.join(root, 'proc/self/mounts'))).split('\n');
  const mounts = lines.flatMap((line) => mountOf(line) ?? []);
  const named = await labels(root);
  const targets: MediaTarget[] = [];
  const unmounted: { device: string; label: string }[] = [];
  for (const disk of await removableDisks(root)) {
    const devices = await partsOf(root, disk);
    const here = mounts.filter(({ device }) => devices.includes(device));
    if (here.some(({ folder }) => ownFolders.has(folder))) continue;
    const model = await textOf(path.join(root, 'sys/block', disk, 'device/model'));
    for (const device of devices) {
      const label = named.get(device) ?? (model === '' ? disk : model);
      const mount = here.find((candidate) => candidate.device === device && !candidate.readOnly);
      const target = mount === undefined ? undefined : await targetAt(mount, label);
      if (target === undefined) unmounted.push({ device, label });
      else targets.push(target);
    }
  }
  return { targets, unmounted };
}
