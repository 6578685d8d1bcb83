import { mkdir, open, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { MediaSource } from './media-source.ts';
import { unmount } from './eject.ts';
import { removableMedia } from './removable.ts';

/** What is plugged into this machine. */
export function pluggedMedia(root = '/'): MediaSource {
  return { standIn: false, find: () => removableMedia(root), eject: unmount };
}

async function flush(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A folder that stands for a medium, where there is none: in rehearsals and tests. Every screen says so. */
export function standInMedia(folder: string): MediaSource {
  const place = path.resolve(folder);
  return {
    standIn: true,
    find: async () => {
      await mkdir(place, { recursive: true });
      const { bsize, bavail, blocks } = await statfs(place);
      const facts = { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
      const target = { device: place, label: path.basename(place), folder: place, ...facts, standIn: true };
      return { targets: [target], unmounted: [] };
    },
    eject: () => flush(place),
  };
}
