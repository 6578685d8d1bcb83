import { spawn } from 'node:child_process';

/** A client that says nothing for so long hangs: it is ended before the test runs out of time, so that nothing is left. */
const patience = 250_000;

/** Runs a client to its end; what it wrote, or an error with all of it when it fails. Not blocking: we serve its DNS. */
export async function runClient(
  program: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  accepted: readonly number[] = [0],
): Promise<string> {
  const child = spawn(program, argv, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patience,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== null && accepted.includes(code)) return output;
  throw new Error(`${program} ${argv.join(' ')} ended with ${code}:\n${output}`);
}
