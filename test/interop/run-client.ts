import { spawn, spawnSync } from 'node:child_process';

/** Why a client cannot be tested here, or undefined. */
export function clientMissing(name: string): string | undefined {
  const { error } = spawnSync(name, ['--version']);
  return error === undefined ? undefined : `${name} is not installed (Debian: apt-get install ${name})`;
}

/** Runs a client to its end; what it wrote, or an error with all of it when it fails. Not blocking: we serve its DNS. */
export async function runClient(
  name: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const child = spawn(name, argv, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code === 0) return output;
  throw new Error(`${name} ${argv.join(' ')} ended with ${code}:\n${output}`);
}
