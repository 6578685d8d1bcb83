import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { networkInterfaces, release, type } from 'node:os';
import path from 'node:path';
import type { RoomInspector } from '../ports/room.ts';

/** Files hashed at most: the program's own folder holds far fewer. */
const maximumFiles = 5000;

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((name) => !name.endsWith('.map'))
    .sort()
    .slice(0, maximumFiles);
}

/** SHA-256 over `hash  path` lines of every file of the program, sorted: as `sha256sum | sha256sum` would give. */
export async function softwareHash(folder: string): Promise<string> {
  const whole = createHash('sha256');
  for (const name of await filesUnder(folder)) {
    const hash = createHash('sha256')
      .update(await readFile(path.join(folder, name)))
      .digest('hex');
    whole.update(`${hash}  ${name}\n`);
  }
  return whole.digest('hex');
}

function connectedInterfaces(): string[] {
  return Object.entries(networkInterfaces())
    .filter(([, addresses]) => addresses?.some(({ internal }) => !internal) === true)
    .map(([name]) => name)
    .sort();
}

/** Looks around this machine. `program` is the folder the running program's files are in. */
export function roomInspector(program: string, version: string): RoomInspector {
  return async () => ({
    networkInterfaces: connectedInterfaces(),
    platform: `${type()} ${release()}, Node.js ${process.versions.node}, OpenSSL ${process.versions.openssl}`,
    version,
    softwareHash: await softwareHash(program),
  });
}
