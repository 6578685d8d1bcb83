import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { CodedError } from '../../core/ports/coded-error.ts';

const maximumBytes = 4096;

function refuse(code: string, file: string, message: string, remedy: string): CodedError {
  return new CodedError({ code, message, remedy, where: { file } });
}

/**
 * Reads a secret (a PIN, a database URL) from a file that nobody else can read: ours, mode 0600 or 0400, no link. The
 * secret is the first line. It is never kept here, logged, or part of an error.
 */
export function readSecretFile(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch {
    throw refuse('secret-unreadable', file, 'Cannot read it, or it is a link.', 'Give a file that this user may read.');
  }
  try {
    const facts = fstatSync(descriptor);
    if (!facts.isFile() || facts.size > maximumBytes) {
      throw refuse('secret-not-a-file', file, 'It is not an ordinary small file.', 'Put the secret alone into it.');
    }
    if ((facts.mode & 0o177) !== 0 || facts.uid !== process.getuid?.()) {
      throw refuse('secret-exposed', file, 'Others may read or replace it.', 'chown it to this user and chmod 0600.');
    }
    const [secret = ''] = readFileSync(descriptor, 'utf8').split(/\r?\n/u);
    if (secret === '') throw refuse('secret-empty', file, 'Its first line is empty.', 'Write the secret into it.');
    return secret;
  } finally {
    closeSync(descriptor);
  }
}
