import { readFileSync, readlinkSync } from 'node:fs';

/** A process, told from any later one that gets the same pid. What a system does not say is `-`. */
export interface ProcessMark {
  readonly pid: number;
  /** When it started, in ticks since the machine did. */
  readonly start: string;
  /** Where its pid means something: this run of the machine, and there the pid namespace (a container has its own). */
  readonly boot: string;
  readonly namespace: string;
}

/** `elsewhere`: of this run of the machine, but in another container, where it cannot be looked for. */
export type Liveness = 'alive' | 'ended' | 'elsewhere';

const unknown = '-';

function textOr(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return unknown;
  }
}

/** State and start of a process: fields 3 and 22 of proc_pid_stat(5). Its name, field 2, may hold anything. */
function statOf(pid: number): { readonly state: string; readonly start: string } {
  const text = textOr(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? unknown, start: fields[19] ?? unknown };
}

function place(): Pick<ProcessMark, 'boot' | 'namespace'> {
  return {
    boot: textOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1')),
    namespace: textOr(() => readlinkSync('/proc/self/ns/pid')),
  };
}

export function markOf(pid: number): ProcessMark {
  return { pid, start: statOf(pid).start, ...place() };
}

/** Whether there is a process of that pid, whichever it is. */
export function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether a marked process is still there. A zombie is not: it does nothing any more. */
export function livenessOf({ pid, start, boot, namespace }: ProcessMark): Liveness {
  const here = place();
  if (boot !== here.boot) return 'ended';
  if (namespace !== here.namespace) return 'elsewhere';
  if (!answers(pid)) return 'ended';
  const now = statOf(pid);
  const another = start !== unknown && now.start !== unknown && start !== now.start;
  return another || now.state === 'Z' || now.state === 'X' ? 'ended' : 'alive';
}
