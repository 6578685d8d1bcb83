// What a benchmark asks of the issuer and of Linux.
import { readFileSync } from 'node:fs';
import type { TestIssuer } from '../support/issuer.ts';
import type { Counters } from './figures.ts';

/** Every number the issuer tells. */
export async function counters({ ports }: Pick<TestIssuer, 'ports'>): Promise<Counters> {
  const text = await (await fetch(`http://127.0.0.1:${ports.metrics}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => line.split(' ')).map(([name = '', value]) => [name, Number(value)]));
}

/** User and system time of a process and its children that are still there, in seconds (Linux, 100 ticks a second). */
export function cpuOf(pid: number): number {
  let stat: string;
  let children: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  } catch {
    // One of PostgreSQL's own helpers that has just ended.
    return 0;
  }
  const fields = stat.replace(/^.*\) /u, '').split(' ');
  const own = (Number(fields[11]) + Number(fields[12])) / 100;
  const below = children.trim().split(' ').filter(Boolean).map(Number);
  return own + below.reduce((sum, child) => sum + cpuOf(child), 0);
}
