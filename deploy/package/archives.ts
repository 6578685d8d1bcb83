// The two forms of the installation. Both are made by Debian's own tools, told to leave out everything that differs
// from one run to the next: order of files, times, owners, the compressor's name and time, its number of threads.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installedAt } from './places.ts';

/** What Debian wants to know. Node.js needs the libraries of C and C++; OpenSSL is the third reader of what is made. */
const control = (version: string, kilobytes: number): string => `Package: coldroot
Version: ${version}
Architecture: amd64
Maintainer: Coldroot <coldroot@example.invalid>
Installed-Size: ${kilobytes}
Depends: libc6 (>= 2.28), libgcc-s1, libstdc++6
Recommends: openssl
Suggests: softhsm2
Section: utils
Priority: optional
Description: offline root key ceremonies on an HSM
 Scripted key ceremonies for roots and intermediates on a machine without a
 network. Brings its own Node.js; needs nothing else to be downloaded.
`;

function tool(command: string, args: readonly string[], seconds: number): void {
  const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC', SOURCE_DATE_EPOCH: String(seconds) };
  execFileSync(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Writes `folder` as a gzipped tar, in which everything is below the folder's own name. */
export function writeTarball(folder: string, file: string, seconds: number): void {
  const fixed = ['--format=ustar', '--sort=name', '--owner=0', '--group=0', '--numeric-owner', `--mtime=@${seconds}`];
  const into = ['--use-compress-program=gzip -n -6', '-cf', file];
  tool('tar', [...fixed, ...into, '-C', path.dirname(folder), path.basename(folder)], seconds);
}

/** Writes a Debian package that puts `folder` at /opt/coldroot and the launcher on everybody's path. */
export function writeDeb(
  folder: string,
  file: string,
  about: { version: string; seconds: number; work: string },
): void {
  const tree = path.join(about.work, 'deb');
  for (const name of ['DEBIAN', 'usr/bin', path.dirname(installedAt)]) {
    mkdirSync(path.join(tree, name), { recursive: true });
  }
  for (const name of ['.', 'DEBIAN', 'usr', 'usr/bin', path.dirname(installedAt)]) {
    chmodSync(path.join(tree, name), 0o755);
  }
  // Links, not copies: the same files twice.
  tool('cp', ['-al', folder, path.join(tree, installedAt)], about.seconds);
  symlinkSync(`../../${installedAt}/bin/coldroot`, path.join(tree, 'usr/bin/coldroot'));
  writeFileSync(path.join(tree, 'DEBIAN/control'), control(about.version, kilobytesOf(folder)));
  chmodSync(path.join(tree, 'DEBIAN/control'), 0o644);
  const plain = ['--root-owner-group', '-Zgzip', '-z6', '--threads-max=1', '--build', tree, file];
  tool('dpkg-deb', plain, about.seconds);
}

function kilobytesOf(folder: string): number {
  const sizes = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(path.join(folder, name)))
    .map((entry) => (entry.isFile() ? Math.ceil(entry.size / 1024) : 1));
  return sizes.reduce((sum, size) => sum + size, 0);
}
