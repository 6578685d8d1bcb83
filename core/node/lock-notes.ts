import { closeSync, constants, lstatSync, openSync, rmSync, writeSync } from 'node:fs';
import { fromUtf8 } from '../ports/bytes.ts';
import { isCoded } from '../ports/coded-error.ts';
import { fileMedia } from './media.ts';
import type { ProcessMark } from './process-mark.ts';

/** What the holder of a lock writes down beside it: who it is, and which processes work for it. */
export interface LockNotes {
  readonly holder: ProcessMark | undefined;
  readonly helpers: readonly ProcessMark[];
}

type Kind = 'holder' | 'helper';

/** A library that is started again and again adds a line each time. */
const maximumBytes = 1024 * 1024;
const line = /^(holder|helper) ([1-9]\d{0,9}) (\d{1,20}|-) ([0-9a-f-]{1,36}) (pid:\[\d{1,20}\]|-)$/u;

function parseLine(text: string): { readonly kind: Kind; readonly mark: ProcessMark } | undefined {
  const [, kind, pid, start, boot, namespace] = line.exec(text) ?? [];
  if (start === undefined || boot === undefined || namespace === undefined) return undefined;
  return { kind: kind === 'holder' ? 'holder' : 'helper', mark: { pid: Number(pid), start, boot, namespace } };
}

/** The notes in a file; what is no line of ours says nothing, and a file that is missing or a link holds none. */
export async function readLockNotes(file: string): Promise<LockNotes> {
  const bytes = await fileMedia.read(file, maximumBytes).catch((error: unknown) => {
    if (isCoded(error, 'media-missing') || isCoded(error, 'media-not-a-file')) return new Uint8Array();
    throw error;
  });
  const lines = (fromUtf8(bytes) ?? '').split('\n').flatMap((text) => parseLine(text) ?? []);
  const marks = (wanted: Kind): ProcessMark[] => lines.filter(({ kind }) => kind === wanted).map(({ mark }) => mark);
  return { holder: marks('holder').at(-1), helpers: marks('helper') };
}

/**
 * Adds a line, before this returns: no work for a helper can come earlier than the note of it. It is in one write, which a
 * kill does not tear; it is not flushed, since what ends the machine ends the helpers too.
 */
export function addLockNote(file: string, kind: Kind, { pid, start, boot, namespace }: ProcessMark): void {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  const descriptor = openSync(file, flags, 0o600);
  try {
    writeSync(descriptor, `${kind} ${pid} ${start} ${boot} ${namespace}\n`);
  } finally {
    closeSync(descriptor);
  }
}

/** Forgets all notes. A folder in its place is not ours to remove. */
export function clearLockNotes(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false })?.isDirectory() !== true) rmSync(file, { force: true });
}
