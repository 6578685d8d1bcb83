import type { Workspace } from './workspace.ts';

/**
 * Notes every PKCS#11 process in the ceremony's lock: after a crash, the resume waits until what the HSM was doing is
 * done. Processes may start before the folder is open; they are kept until then.
 */
export class ProcessNotes {
  #waiting: number[] = [];
  #workspace: Workspace | undefined;

  readonly add = (pid: number): void => {
    if (this.#workspace === undefined) {
      this.#waiting.push(pid);
      return;
    }
    try {
      this.#workspace.note(pid);
    } catch {
      // Without its note a resume waits less: no reason to stop a ceremony for.
    }
  };

  openedIn(workspace: Workspace): void {
    this.#workspace = workspace;
    for (const pid of this.#waiting.splice(0)) workspace.note(pid);
  }
}
