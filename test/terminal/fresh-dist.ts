import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { programs, projectRoot } from '../support/programs.ts';

/** The rooms that the programs in `dist` are made of. */
const rooms = ['core', 'tui', 'desktop', 'issuer'];

/** Time of the newest source that goes into `dist`. */
function newestSource(): number {
  const files = rooms.flatMap((folder) =>
    readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:tsx?|sql|css|html)$/u.test(name))
      .map((name) => path.join(projectRoot, folder, name)),
  );
  return Math.max(...[...files, path.join(projectRoot, 'deploy/build.ts')].map((file) => statSync(file).mtimeMs));
}

/** Builds `dist` if it is missing or older than what it is made of; the path of the offline program. */
export async function freshDist(): Promise<string> {
  if (!existsSync(programs.coldroot) || statSync(programs.coldroot).mtimeMs < newestSource()) {
    await promisify(execFile)(process.execPath, [path.join(projectRoot, 'deploy/build.ts')], { cwd: projectRoot });
  }
  return programs.coldroot;
}
