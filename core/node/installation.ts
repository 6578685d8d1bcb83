import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fromUtf8 } from '../ports/bytes.ts';
import { CodedError } from '../ports/coded-error.ts';
import { compareFiles, readFileList, type Installation } from '../ports/installation.ts';
import { fileMedia } from './media.ts';

/** The list of an installation, made with the package (deploy/package), in sha256sum's own format. */
const listName = 'SHA256SUMS';
const maximumListBytes = 4 * 1024 * 1024;
/** Files looked at most: an installation with Electron holds a tenth of it. */
const maximumFiles = 20_000;

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Everything below the folder that is no folder, with its hash; a link or special file has none: it is as no list says. */
async function filesBelow(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = (await readdir(folder, { withFileTypes: true, recursive: true })).filter(
    (entry) => !entry.isDirectory(),
  );
  if (entries.length > maximumFiles) {
    throw new CodedError({
      code: 'installation-too-large',
      message: `${folder} holds more than ${maximumFiles} files.`,
      remedy: 'Remove what is not Coldroot’s from it, or install again.',
    });
  }
  const files = new Map<string, string>();
  for (const entry of entries) {
    const file = path.join(entry.parentPath, entry.name);
    files.set(path.relative(folder, file), entry.isFile() ? await sha256(file) : '');
  }
  files.delete(listName);
  return files;
}

/**
 * Compares every file below `folder` with the list that lies in it. Undefined where there is no list, as in a checkout of
 * the sources: such a program cannot say whether it is what was reviewed.
 */
export async function readInstallation(folder: string): Promise<Installation | undefined> {
  const file = path.join(folder, listName);
  const names = await readdir(folder);
  if (!names.includes(listName)) return undefined;
  const bytes = await fileMedia.read(file, maximumListBytes);
  const listed = readFileList(fromUtf8(bytes) ?? '');
  if (listed === undefined) {
    throw new CodedError({
      code: 'installation-list',
      message: `${file} is not a list of files as sha256sum writes it.`,
      remedy: 'Install the package again, from a medium that was checked.',
      where: { file },
    });
  }
  const list = createHash('sha256').update(bytes).digest('hex');
  return { list, files: listed.size, ...compareFiles(listed, await filesBelow(folder)) };
}
