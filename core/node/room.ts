import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { networkInterfaces, release, type } from 'node:os';
import path from 'node:path';
import { CodedError } from '../ports/coded-error.ts';
import type { RoomInspector } from '../ports/room.ts';
import { readInstallation } from './installation.ts';

/** Files hashed at most: the program's own folder holds far fewer. */
const maximumFiles = 5000;

function unhashable(message: string): CodedError {
  const remedy = 'Start the program from a folder that holds it and nothing else.';
  return new CodedError({ code: 'room-software', message, remedy });
}

/** Every file of the program. What could not be hashed could be anything: it is refused, not passed over. */
async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const odd = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
  if (odd !== undefined) throw unhashable(`The program’s folder holds a link or a special file, "${odd.name}".`);
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((name) => !name.endsWith('.map'))
    .sort();
  if (names.length > maximumFiles) throw unhashable(`The program’s folder holds more than ${maximumFiles} files.`);
  return names;
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

/** Flags of an interface in Linux (netdevice(7)). */
const interfaceUp = 0x1;
const interfaceLoopback = 0x8;

/** Interfaces that are up, with or without an address: a radio may listen before it has one. Linux only, else none. */
export async function interfacesUp(folder = '/sys/class/net'): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const up = await Promise.all(
    names.map(async (name) => {
      const flags = Number(await readFile(path.join(folder, name, 'flags'), 'utf8').catch(() => '0'));
      return (flags & interfaceUp) !== 0 && (flags & interfaceLoopback) === 0;
    }),
  );
  return names.filter((_, index) => up[index]);
}

function addressedInterfaces(): readonly string[] {
  return Object.entries(networkInterfaces())
    .filter(([, addresses]) => addresses?.some(({ internal }) => !internal) === true)
    .map(([name]) => name);
}

/**
 * Looks around this machine. `program` is the folder the running program's files are in; an installation's list lies
 * beside that folder.
 */
export function roomInspector(program: string, version: string): RoomInspector {
  return async () => ({
    networkInterfaces: [...new Set([...(await interfacesUp()), ...addressedInterfaces()])].sort(),
    platform: `${type()} ${release()}, Node.js ${process.versions.node}, OpenSSL ${process.versions.openssl}`,
    version,
    softwareHash: await softwareHash(program),
    installation: (await readInstallation(path.dirname(program))) ?? 'unlisted',
  });
}
