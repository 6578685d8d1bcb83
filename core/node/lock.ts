import { CodedError, isCoded } from '../ports/coded-error.ts';
import { kernelLock, unusable } from './kernel-lock.ts';
import { addLockNote, clearLockNotes, readLockNotes } from './lock-notes.ts';
import { livenessOf, markOf, type ProcessMark } from './process-mark.ts';

/** A folder held by this process alone. */
export interface Lock {
  /** Notes a process that works for this one and may outlive it: whoever takes the lock over waits for it to end. */
  note(pid: number): void;
  release(): Promise<void>;
}

/** A PKCS#11 process may be generating an RSA key for a quarter of an hour after its parent was killed. */
const longestWaitSeconds = 16 * 60;
const pollMilliseconds = 50;

/** What to do about whoever holds it. A pid is only named where it is that of the holder and of nobody since. */
function taken(file: string, holder: ProcessMark | undefined): CodedError {
  const alive = holder === undefined ? 'ended' : livenessOf(holder);
  const [who, remedy] =
    holder === undefined || alive === 'ended'
      ? ['Another program', 'Close it there first. Nothing needs to be removed: what ends that program lets go of it.']
      : alive === 'elsewhere'
        ? ['A program in another container', 'Close it there first.']
        : holder.pid === process.pid
          ? ['This program itself', 'Go on where it is open, or close it there first.']
          : [
              `Another program, process ${holder.pid},`,
              `Close it there first. If nobody can, end it (kill ${holder.pid}); what it was doing can be taken up again.`,
            ];
  return new CodedError({ code: 'locked', message: `${who} is using this folder right now.`, remedy, where: { file } });
}

function stillWorking(file: string, { pid }: ProcessMark): CodedError {
  return new CodedError({
    code: 'locked-by-helper',
    message: `Process ${pid}, which works for a run that was interrupted, has not ended: the HSM may still be busy.`,
    remedy: `Wait and try again. If the HSM hangs, end that process (kill -9 ${pid}); what it did is looked for on the token.`,
    where: { file },
  });
}

/**
 * Waits for all of them, and no longer than any should take. One that can be seen to live then is for people to judge;
 * one in another container cannot be seen, and nobody could end it from here.
 */
async function waitForHelpers(
  file: string,
  helpers: readonly ProcessMark[],
  onWait: () => void,
  longest: number,
): Promise<void> {
  let working = helpers;
  for (let waited = 0; ; waited += pollMilliseconds) {
    working = working.filter((helper) => livenessOf(helper) !== 'ended');
    if (working.length === 0) return;
    if (waited === 0) onWait();
    if (waited >= longest * 1000) break;
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
  const seen = working.find((helper) => livenessOf(helper) === 'alive');
  if (seen !== undefined) throw stillWorking(file, seen);
}

/**
 * Takes a lock for this process, or `locked` when a living process has it. A lock left by a killed process is taken over
 * once everything that still worked for that process has ended; `onWait` is called when that takes time.
 *
 * `FILE.held` is what the operating system locks, and alone decides who holds it. `FILE` says for people who that is, and
 * names the helpers; only the holder writes it (docs/decisions/lock.md).
 */
export async function lock(
  file: string,
  onWait: () => void = () => undefined,
  longest = longestWaitSeconds,
): Promise<Lock> {
  const kernel = kernelLock(`${file}.held`);
  if (kernel === undefined) throw taken(file, (await readLockNotes(file)).holder);
  try {
    const { helpers } = await readLockNotes(file);
    if (helpers.length > 0) {
      // Whoever comes meanwhile is told of us; and if we are killed, the next still finds the helpers.
      addLockNote(file, 'holder', markOf(process.pid));
      await waitForHelpers(file, helpers, onWait, longest);
    }
    clearLockNotes(file);
    addLockNote(file, 'holder', markOf(process.pid));
  } catch (error) {
    kernel.release();
    throw isCoded(error) ? error : unusable(file, error);
  }
  let ours = true;
  return {
    note: (pid) => {
      const mark = markOf(pid);
      if (ours && livenessOf(mark) !== 'ended') addLockNote(file, 'helper', mark);
    },
    release: async () => {
      if (!ours) return;
      ours = false;
      try {
        clearLockNotes(file);
      } finally {
        kernel.release();
      }
    },
  };
}
