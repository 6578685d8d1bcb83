import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../support/rehearsal-room.ts';

const bundle = path.join(projectRoot, 'dist/coldroot.js');

/** Time of the newest source that goes into `dist/coldroot.js`. */
function newestSource(): number {
  const files = ['core', 'tui'].flatMap((folder) =>
    readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/u.test(name))
      .map((name) => path.join(projectRoot, folder, name)),
  );
  return Math.max(...[...files, path.join(projectRoot, 'deploy/build.ts')].map((file) => statSync(file).mtimeMs));
}

/** Builds `dist` if it is missing or older than what it is made of; the path of the offline program. */
export async function freshDist(): Promise<string> {
  if (!existsSync(bundle) || statSync(bundle).mtimeMs < newestSource()) {
    await promisify(execFile)(process.execPath, [path.join(projectRoot, 'deploy/build.ts')], { cwd: projectRoot });
  }
  return bundle;
}
