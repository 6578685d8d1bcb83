import { spawnSync } from 'node:child_process';
import { runClient } from './run-client.ts';

/** Where Debian's programs look for roots that they trust. */
const systemRoots = '/etc/ssl/certs/ca-certificates.crt';
const namespace = ['--map-root-user', '--mount'];

/** Runs as `sh -c SCRIPT ROOT PROGRAM ARGUMENT…`, where nobody else sees what is mounted. */
const script = `mount --bind "$0" ${systemRoots} && exec "$@"`;

/** Why {@link runTrusting} cannot work here, or undefined. */
export function trustingMissing(): string | undefined {
  const { status } = spawnSync('unshare', [...namespace, 'sh', '-c', script, systemRoots, 'true']);
  return status === 0 ? undefined : 'this machine allows no mount namespaces, or has no system-wide roots';
}

/**
 * Runs a client that trusts the system's roots and nothing it can be told of: it gets a mount namespace of its own in
 * which our root is all of them.
 */
export async function runTrusting(
  rootFile: string,
  program: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  return runClient('unshare', [...namespace, 'sh', '-c', script, rootFile, program, ...argv], env);
}
