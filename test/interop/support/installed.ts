import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ClientRecord } from './features.ts';

const modules = path.resolve(import.meta.dirname, '../../../node_modules');
/** Where set-up unpacks packages that would start a service if they were installed. */
const unpacked = path.join(modules, '.debian/usr/bin');

/** The program of a name as it is run: from what set-up unpacked, or from the PATH. */
export function programPath(name: string): string {
  const there = path.join(unpacked, name);
  return existsSync(there) ? there : name;
}

/** Why a client cannot be tested here, or undefined. */
export function clientMissing({ program, name, from }: ClientRecord): string | undefined {
  if (program === undefined || !('debian' in from)) return undefined;
  const { error } = spawnSync(programPath(program), ['--version']);
  return error === undefined ? undefined : `${name} is not installed (Debian: apt-get install ${from.debian})`;
}

/** The upstream version that is installed here, or undefined where nobody can say. */
export function installedVersion({ from }: ClientRecord): string | undefined {
  if ('npm' in from) {
    const description = JSON.parse(readFileSync(path.join(modules, from.npm, 'package.json'), 'utf8')) as unknown;
    return (description as { version: string }).version;
  }
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Version}', from.debian], { encoding: 'utf8' });
  const version = /^(?:\d+:)?(.+?)(?:-[^-]*)?$/u.exec(stdout ?? '')?.[1];
  return version === '' ? undefined : version;
}
