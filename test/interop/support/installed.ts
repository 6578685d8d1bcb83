import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ClientRecord } from './features.ts';

const modules = path.resolve(import.meta.dirname, '../../../node_modules');
/** Why a client cannot be tested here, or undefined. */
export function clientMissing({ program, name, from }: ClientRecord): string | undefined {
  if (program === undefined || !('debian' in from)) return undefined;
  const { error } = spawnSync(program, ['--version']);
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
