import { existsSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** What a server writes about itself into its data directory. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** Reads `postmaster.pid`; undefined when there is none or it is still being written. */
export function readPostmaster(data: string): Postmaster | undefined {
  const file = path.join(data, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number.isInteger(port) ? port : 0, ready: lines[7]?.trim() === 'ready' };
}

/** Whether this process is a PostgreSQL of this data directory: process numbers are used again. */
export function isAlive(pid: number, data: string): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').split('\0').includes(data);
}

/** Removes what a server that was killed left behind. */
export function forget(data: string): void {
  rmSync(path.join(data, 'postmaster.pid'), { force: true });
}

/** Whether something that speaks PostgreSQL's protocol listens there: it answers an SSLRequest with S or N. */
export async function answers(port: number, milliseconds: number): Promise<boolean> {
  const sslRequest = Uint8Array.of(0, 0, 0, 8, 4, 210, 22, 47);
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: milliseconds });
    const conclude = (good: boolean): void => {
      socket.destroy();
      resolve(good);
    };
    socket.on('connect', () => socket.write(sslRequest));
    socket.on('data', (bytes: Buffer) => conclude(bytes[0] === 0x53 || bytes[0] === 0x4e));
    socket.on('error', () => conclude(false));
    socket.on('timeout', () => conclude(false));
    socket.on('close', () => conclude(false));
  });
}

/** Polls until `check` says yes; false when the attempts are used up. */
export async function waitFor(check: () => boolean | Promise<boolean>, attempts: number): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (await check()) return true;
    await pause(20);
  }
  return check();
}
