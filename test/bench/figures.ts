// What a lap of the benchmark comes to.
import { cpus } from 'node:os';

/** Milliseconds of each request, by kind. */
export type Timings = Record<'newOrder' | 'authorization' | 'challenge' | 'poll' | 'finalize' | 'download', number[]>;

export interface Lap {
  readonly timings: Timings;
  readonly seconds: number;
  readonly requests: number;
  /** Milliseconds of each flow, in rising order. */
  readonly latencies: readonly number[];
}

export type Counters = Readonly<Record<string, number>>;

/** What was measured from outside: seconds of CPU, and transactions that PostgreSQL counted. */
export interface Extra {
  readonly xactCommit: number;
  readonly cpu: number;
  readonly postgresCpu: number;
  readonly clientCpu: number;
}

function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

/** How much of this machine's processors each took while the clock ran: what is missing to 100 % was idle, or others'. */
function sharesOfCores(seconds: number, { cpu, postgresCpu, clientCpu }: Extra): Readonly<Record<string, number>> {
  const cores = cpus().length;
  const share = (used: number): number => round((used / (seconds * cores)) * 100, 0);
  return {
    [`issuer and token process, % of ${cores} cores`]: share(cpu),
    [`PostgreSQL, % of ${cores} cores`]: share(postgresCpu),
    [`client, % of ${cores} cores`]: share(clientCpu),
  };
}

/** Figures of one lap, each named as it is printed. */
export function figures(
  { seconds, requests, latencies, timings }: Lap,
  { before, after }: { before: Counters; after: Counters },
  extra: Extra,
): Readonly<Record<string, number>> {
  const total = latencies.length;
  const per = (name: string): number => ((after[name] ?? 0) - (before[name] ?? 0)) / total;
  const share = (sorted: readonly number[], part: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0, 1);
  const at = (part: number): number => share(latencies, part);
  const kinds = Object.entries(timings).flatMap(([kind, list]) => {
    const sorted = list.toSorted((a, b) => a - b);
    return [0.5, 0.95, 0.99].map((part) => [`${kind} p${part * 100} ms`, share(sorted, part)] as const);
  });
  return {
    'certificates per second': round(total / seconds, 1),
    'flow p50 ms': at(0.5),
    'flow p95 ms': at(0.95),
    'flow p99 ms': at(0.99),
    'requests per certificate': round(requests / total),
    'SQL statements per certificate': round(per('coldroot_sql_statements_total')),
    'commits per certificate': round(per('coldroot_sql_commits_total')),
    'durable commits per certificate': round(per('coldroot_sql_durable_commits_total')),
    'xact_commit per certificate (PostgreSQL)': round(extra.xactCommit / total),
    'issuer CPU ms per certificate': round(per('process_cpu_seconds_total') * 1000),
    'issuer and token process CPU ms per certificate': round((extra.cpu * 1000) / total),
    'PostgreSQL CPU ms per certificate': round((extra.postgresCpu * 1000) / total),
    'client CPU ms per certificate': round((extra.clientCpu * 1000) / total),
    ...sharesOfCores(seconds, extra),
    'issuer memory MB': round((after['process_resident_memory_bytes'] ?? 0) / 1e6, 0),
    ...Object.fromEntries(kinds),
  };
}

/** Prints a figure a line. */
export function printTable(rows: Readonly<Record<string, number>>): void {
  const width = Math.max(...Object.keys(rows).map(({ length }) => length));
  for (const [name, value] of Object.entries(rows)) console.log(`${name.padEnd(width)}  ${value}`);
}
