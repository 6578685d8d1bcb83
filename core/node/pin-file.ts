import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { fromUtf8, utf8 } from '../ports/bytes.ts';
import { CodedError } from '../ports/coded-error.ts';
import { atomicCreate } from './atomic-write.ts';

function refuse(file: string, message: string): CodedError {
  const remedy = 'Make it a plain file of your own that nobody else can read (chmod 600), holding the PIN on one line.';
  return new CodedError({ code: 'pin-file', message: `The PIN file ${file} ${message}.`, remedy, where: { file } });
}

/** Bytes: no device takes a longer PIN, and a share of one, in hex, is longer than that. */
const longest = { pin: 256, share: 1024 } as const;

/** Writes a secret for a script to read again, into a new file that only its owner can read. */
export async function writeSecretFile(file: string, secret: string): Promise<void> {
  const made = await atomicCreate(file, utf8(`${secret}\n`), 0o600).catch(() => undefined);
  if (made === undefined) throw refuse(file, 'cannot be written');
  if (!made) throw refuse(file, 'is there already');
}

/**
 * A PIN from a file that only its owner can read: for rehearsals and for the issuer. The one line end at the end is not
 * part of the PIN. Its content is never in an error.
 */
export function readPinFile(file: string): Promise<string> {
  return readSecretFile(file, longest.pin);
}

/** A share of a PIN, from such a file. */
export function readShareFile(file: string): Promise<string> {
  return readSecretFile(file, longest.share);
}

async function readSecretFile(file: string, most: number): Promise<string> {
  let handle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    throw refuse(file, 'cannot be opened, or is a link');
  }
  try {
    const facts = await handle.stat();
    if (!facts.isFile() || facts.size > most) throw refuse(file, 'is not a file with a PIN in it');
    if ((facts.mode & 0o077) !== 0) throw refuse(file, 'can be read by others');
    if (process.getuid !== undefined && facts.uid !== process.getuid()) throw refuse(file, 'belongs to somebody else');
    // A PIN whose bytes were replaced would use up a try.
    const text = fromUtf8(await handle.readFile());
    if (text === undefined || text.startsWith('\uFEFF')) throw refuse(file, 'is not UTF-8 without a byte order mark');
    const pin = text.replace(/\r?\n$/u, '');
    if (pin === '' || /\p{Cc}/u.test(pin)) throw refuse(file, 'is empty or has more than one line');
    return pin;
  } finally {
    await handle.close();
  }
}
