import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { writeDeb, writeTarball } from './archives.ts';
import { listName, root } from './places.ts';
import { stage, sumsOf } from './stage.ts';

/** What was made, for whoever prints it. */
export interface Made {
  readonly files: readonly string[];
  /** SHA-256 of the list inside the installation: what `coldroot self-check` shows. */
  readonly list: string;
}

/** Time of the commit that is packaged, or what SOURCE_DATE_EPOCH says. Never the time of day. */
function sourceTime(): number {
  const given = process.env['SOURCE_DATE_EPOCH'];
  const text = given ?? execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  return z.coerce.number().int().min(0).parse(text.trim());
}

/** Bundles into `dist`; the folders of the npm packages that went into the offline program. */
function bundle(dist: string): readonly string[] {
  execFileSync(process.execPath, [path.join(root, 'deploy/build.ts'), dist], { cwd: root, stdio: 'inherit' });
  const lists = z
    .record(z.string(), z.array(z.string()))
    .parse(JSON.parse(readFileSync(`${dist}.packages.json`, 'utf8')));
  return Object.entries(lists).flatMap(([program, folders]) => (program === 'coldroot-issuer' ? [] : folders));
}

/** Makes the offline installation in the folder `out`: as a tar, as a Debian package, its bill of materials, its list. */
export function makePackage(out: string): Made {
  const { version } = z
    .looseObject({ version: z.string() })
    .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
  const seconds = sourceTime();
  mkdirSync(out, { recursive: true });
  const work = mkdtempSync(path.join(tmpdir(), 'coldroot-package-'));
  try {
    const dist = path.join(work, 'dist');
    const bundled = bundle(dist);
    const name = `coldroot-${version}`;
    const folder = path.join(work, name);
    mkdirSync(folder);
    const list = stage(folder, {
      version,
      seconds,
      dist,
      bundled,
      electron: process.env['ELECTRON_OVERRIDE_DIST_PATH'],
    });
    const tarball = `${name}-linux-x64.tar.gz`;
    const deb = `coldroot_${version}_amd64.deb`;
    writeTarball(folder, path.join(out, tarball), seconds);
    writeDeb(folder, path.join(out, deb), { version, seconds, work });
    const bill = `${name}.cdx.json`;
    const inside = `${name}.files.sha256`;
    writeFileSync(path.join(out, bill), readFileSync(path.join(folder, 'sbom.cdx.json')));
    writeFileSync(path.join(out, inside), readFileSync(path.join(folder, listName)));
    const files = [tarball, deb, bill, inside].sort();
    writeFileSync(path.join(out, 'SHA256SUMS'), sumsOf(out, files));
    return { files: [...files, 'SHA256SUMS'], list };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
