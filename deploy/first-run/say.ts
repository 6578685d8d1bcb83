import { spawnSync } from 'node:child_process';
import { CodedError } from '../../core/ports/coded-error.ts';

/** A line for the person watching. */
export function say(text = ''): void {
  process.stdout.write(`${text}\n`);
}

let step = 0;
const steps = 6;

/** The heading of the next of the six steps. */
export function heading(text: string): void {
  step += 1;
  say(`\n== ${step}/${steps}  ${text}`);
}

/** Runs a command where the person can see it, and stops everything when it fails. */
export function runShown(command: string, args: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status === 0) return;
  throw new CodedError({
    code: 'first-run-step',
    message: `${command} ${args[0] ?? ''} ended with ${status ?? error?.name ?? 'a signal'}.`,
    remedy: 'Its last lines above say why. npm start goes on where it stopped; npm start -- --fresh starts over.',
  });
}
