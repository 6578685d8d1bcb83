/** One step of a state machine: from any of these to that. Everything not in a machine's table is impossible. */
export interface Transition<Status extends string = string> {
  readonly from: readonly Status[];
  readonly to: Status;
}

/** The status after an event, or undefined when it cannot happen now. */
export function after<Status extends string>({ from, to }: Transition<Status>, status: Status): Status | undefined {
  return from.includes(status) ? to : undefined;
}

/** SQL for "the row is where this step begins". The words are ours, from the tables beside this file: no quoting. */
export function beginning({ from }: Transition): string {
  return `IN (${from.map((status) => `'${status}'`).join(', ')})`;
}

/** SQL for the status this step ends in. */
export function ending({ to }: Transition): string {
  return `'${to}'`;
}
