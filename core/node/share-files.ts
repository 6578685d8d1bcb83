import { access } from 'node:fs/promises';
import { readShare } from '../ceremony/share.ts';
import { CodedError } from '../ports/coded-error.ts';
import type { Digest } from '../ports/digest.ts';
import { readShareFile, writeSecretFile } from './pin-file.ts';

/** Handed out more often than this in one ceremony, something else is wrong. */
const most = 20;

/** Where a share handed out for the n-th time is: the named file, then `.2`, `.3` and so on. */
function nth(file: string, attempt: number): string {
  return attempt === 1 ? file : `${file}.${attempt}`;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/**
 * Keeps a share beside those that an attempt before handed out: none is overwritten, since any of them may be the one that
 * opens the token.
 */
export async function keepShareFile(file: string, share: string): Promise<void> {
  let attempt = 1;
  while (attempt < most && (await exists(nth(file, attempt)))) attempt += 1;
  await writeSecretFile(nth(file, attempt), share);
}

/** The share of this set, among those kept in one file's place. */
export async function readShareOfSet(file: string, set: string, digest: Digest): Promise<string> {
  for (let attempt = most; attempt >= 1; attempt -= 1) {
    if (!(await exists(nth(file, attempt)))) continue;
    const share = await readShareFile(nth(file, attempt));
    if (readShare(share, digest).set === set) return share;
  }
  throw new CodedError({
    code: 'answers-share-missing',
    message: `There is no share of set ${set} in ${file}, nor in those numbered after it.`,
    remedy: 'Name the files the shares were written to (new-shares), or hold this ceremony at the terminal.',
    where: { file },
  });
}
