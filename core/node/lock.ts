import { constants } from 'node:fs';
import { open, readFile, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { fromUtf8 } from '../ports/bytes.ts';
import { CodedError } from '../ports/coded-error.ts';
import { fileMedia } from './media.ts';

/** A folder held by this process alone. */
export interface Lock {
  /** Notes a process that works for this one and may outlive it: whoever takes the lock over waits for it to end. */
  note(pid: number): Promise<void>;
  release(): Promise<void>;
}

/** A PKCS#11 process may be generating an RSA key for a quarter of an hour after its parent was killed. */
const longestWaitSeconds = 16 * 60;
const pollMilliseconds = 50;
const longestSilenceMilliseconds = 2000;
/** A lock holds a few pids. */
const maximumBytes = 4096;

/** Locks this very process holds: their pid is alive and its own, so the file alone does not tell them from dead ones. */
const own = new Set<string>();

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether a noted process is still the one that was noted: pids are used again. */
async function stillWorks(pid: number): Promise<boolean> {
  if (!alive(pid)) return false;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return command === undefined ? process.platform !== 'linux' : command.includes('pkcs11');
}

async function create(file: string): Promise<boolean> {
  try {
    const handle = await open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    await handle.writeFile(`${process.pid}\n`);
    await handle.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function textOf(file: string): Promise<string | undefined> {
  const bytes = await fileMedia.read(file, maximumBytes).catch(() => undefined);
  return bytes === undefined ? undefined : fromUtf8(bytes);
}

function pidsOf(text: string | undefined): readonly number[] {
  return (text ?? '')
    .split('\n')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 0);
}

/** Who holds it, and who works for them. */
async function pidsIn(file: string): Promise<readonly number[]> {
  let text = await textOf(file);
  // Whoever has just created it has not written its pid yet; who was killed at that moment never will.
  for (let waited = 0; text === '' && waited < longestSilenceMilliseconds; waited += pollMilliseconds) {
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
    text = await textOf(file);
  }
  return pidsOf(text);
}

async function waitForHelpers(pids: readonly number[], onWait: () => void): Promise<void> {
  let told = false;
  for (let waited = 0; waited < (longestWaitSeconds * 1000) / pollMilliseconds; waited += 1) {
    const working = await Promise.all(pids.map(stillWorks));
    if (!working.includes(true)) return;
    if (!told) onWait();
    told = true;
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
}

/** Removes a lock whose holder is dead. Renaming is atomic: of two who try, one finds nothing left to rename. */
async function clear(file: string, holder: number | undefined): Promise<void> {
  const aside = `${file}.${process.pid}`;
  await rename(file, aside).catch(() => undefined);
  const [found] = pidsOf(await textOf(aside));
  // Somebody else may have taken over in between: then it is theirs and goes back.
  if (found !== holder && found !== undefined && alive(found)) await rename(aside, file).catch(() => undefined);
  else await unlink(aside).catch(() => undefined);
}

function taken(file: string): CodedError {
  return new CodedError({
    code: 'locked',
    message: 'Another program is holding this ceremony right now.',
    remedy: 'Close it there first. If there is none, remove the lock file.',
    where: { file },
  });
}

function held(file: string): Lock {
  return {
    note: async (pid) => {
      const handle = await open(file, constants.O_WRONLY | constants.O_APPEND);
      await handle.writeFile(`${pid}\n`);
      await handle.close();
    },
    release: async () => {
      own.delete(path.resolve(file));
      await unlink(file).catch(() => undefined);
    },
  };
}

/**
 * Takes a lock file for this process, or `locked` when another living process has it. A lock left by a killed process
 * is taken over once everything that still worked for that process has ended; `onWait` is called when that takes time.
 */
export async function lock(file: string, onWait: () => void = () => undefined): Promise<Lock> {
  // Twice: a dead lock is removed once; if there is one again, somebody else was quicker.
  for (let attempt = 0; attempt < 2; attempt += 1) {
    if (own.has(path.resolve(file))) break;
    if (await create(file)) {
      own.add(path.resolve(file));
      return held(file);
    }
    const [holder, ...helpers] = await pidsIn(file);
    if (holder !== undefined && holder !== process.pid && alive(holder)) break;
    await waitForHelpers(helpers, onWait);
    await clear(file, holder);
  }
  throw taken(file);
}
