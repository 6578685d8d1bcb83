// Whole ACME flows (order, http-01, finalize, download) against the issuer as it runs: its own process, PostgreSQL with
// durable commits, a key in SoftHSM, DNS and HTTP validation for real. What it costs the issuer is asked of the issuer.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makeCsr, type AcmeTestClient } from '../support/acme.ts';
import { TestIssuer } from '../support/issuer.ts';
import { durableDatabase } from './durable-database.ts';

const help = `Usage: node test/bench/main.ts acme [OPTIONS]

  --certificates N  Certificates to count (default 400)
  --warm-up N       Certificates before that (default 100)
  --concurrency N   Flows at a time (default 16)
  --json FILE       Write the figures there, too
`;

interface Counters {
  readonly [name: string]: number;
}

async function counters({ ports }: TestIssuer): Promise<Counters> {
  const text = await (await fetch(`http://127.0.0.1:${ports.metrics}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => line.split(' ')).map(([name = '', value]) => [name, Number(value)]));
}

/** User and system time of a process and its children that are still there, in seconds (Linux, 100 ticks a second). */
function cpuOf(pid: number): number {
  const fields = (id: number): string[] =>
    readFileSync(`/proc/${id}/stat`, 'utf8')
      .replace(/^.*\) /u, '')
      .split(' ');
  const own = (id: number): number => (Number(fields(id)[11]) + Number(fields(id)[12])) / 100;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return own(pid) + children.map(Number).reduce((sum, child) => sum + own(child), 0);
}

async function commits(database: TestIssuer['database']): Promise<number> {
  // A backend that has gone idle hands its statistics in within ten seconds.
  await pause(10_500);
  const rows = await database.query<{ xact_commit: string }>(
    'SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(rows[0]?.xact_commit);
}

interface Challenge {
  readonly type: string;
  readonly url: string;
  readonly token: string;
}

/** One certificate, from newOrder to download; how many requests it took. */
async function flow(client: AcmeTestClient, answers: Map<string, string>, name: string, csr: string): Promise<number> {
  const order = await client.newOrder([name]);
  const [authorization = ''] = order.body['authorizations'] as string[];
  const { body } = await client.post(authorization);
  const challenge = (body['challenges'] as Challenge[]).find(({ type }) => type === 'http-01');
  if (challenge === undefined) throw new Error(`no http-01: ${JSON.stringify(body)}`);
  const path = `/.well-known/acme-challenge/${challenge.token}`;
  answers.set(path, client.keyAuthorization(challenge.token));
  await client.post(challenge.url, {});
  let requests = 3;
  for (let wait = 10; ; wait = Math.min(wait * 2, 200)) {
    await pause(wait);
    requests += 1;
    const { status } = (await client.post(authorization)).body;
    if (status === 'valid') break;
    if (status !== 'pending') throw new Error(`authorization ${String(status)}`);
  }
  answers.delete(path);
  const finalized = await client.post(String(order.body['finalize']), { csr });
  if (finalized.body['status'] !== 'valid') throw new Error(finalized.text);
  const { text } = await client.post(String(finalized.body['certificate']));
  if (!text.startsWith('-----BEGIN CERTIFICATE-----')) throw new Error(text);
  return requests + 2;
}

interface Lap {
  readonly seconds: number;
  readonly requests: number;
  readonly latencies: readonly number[];
}

async function lap(issuer: TestIssuer, clients: readonly AcmeTestClient[], total: number): Promise<Lap> {
  const answers = await issuer.serveChallenges();
  // CSRs are made before the clock starts: making them is the client's work.
  const names = Array.from({ length: total }, (_, index) => `n${index}.bench.example.internal`);
  const csrs = await Promise.all(names.map(async (name) => (await makeCsr([name])).csr));
  const latencies: number[] = [];
  let [next, requests] = [0, 0];
  const begin = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      for (let index = next++; index < total; index = next++) {
        const from = performance.now();
        const sent = await flow(client, answers, names[index] ?? '', csrs[index] ?? '');
        requests += sent;
        latencies.push(performance.now() - from);
      }
    }),
  );
  return { seconds: (performance.now() - begin) / 1000, requests, latencies: latencies.sort((a, b) => a - b) };
}

function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

/** Figures of one lap, each named as it is printed. */
function figures(
  { seconds, requests, latencies }: Lap,
  { before, after }: { before: Counters; after: Counters },
  extra: { readonly xactCommit: number; readonly cpu: number; readonly postgresCpu: number },
): Readonly<Record<string, number>> {
  const total = latencies.length;
  const per = (name: string): number => ((after[name] ?? 0) - (before[name] ?? 0)) / total;
  const at = (share: number): number => round(latencies[Math.min(total - 1, Math.floor(total * share))] ?? 0, 1);
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
  };
}

function printTable(rows: Readonly<Record<string, number>>): void {
  const width = Math.max(...Object.keys(rows).map(({ length }) => length));
  for (const [name, value] of Object.entries(rows)) console.log(`${name.padEnd(width)}  ${value}`);
}

/** Runs the benchmark and prints a table and one line of JSON. */
export async function acmeBench(argv: readonly string[]): Promise<void> {
  const number = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: { certificates: number, 'warm-up': number, concurrency: number, json: number, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    console.log(help);
    return;
  }
  const concurrency = Number(values.concurrency ?? 16);
  const database = await durableDatabase();
  const change = { log: { level: 'warn' }, validation: { concurrency: 64 } };
  const issuer = await TestIssuer.create({ database, change });
  try {
    issuer.dns.fallback = { A: ['127.0.0.1'] };
    issuer.configure();
    await issuer.startQuietly('--migrate');
    const clients = Array.from({ length: concurrency }, () => issuer.client({ sockets: 1 }));
    for (const client of clients) await client.register();
    await lap(issuer, clients, Number(values['warm-up'] ?? 100));
    const before = await counters(issuer);
    const [xact, cpu, postgresCpu] = [await commits(database), cpuOf(issuer.process.pid), cpuOf(database.pid)];
    const result = await lap(issuer, clients, Number(values.certificates ?? 400));
    const after = await counters(issuer);
    const extra = {
      cpu: cpuOf(issuer.process.pid) - cpu,
      postgresCpu: cpuOf(database.pid) - postgresCpu,
      xactCommit: (await commits(database)) - xact,
    };
    const rows = figures(result, { before, after }, extra);
    const machine = `${cpus().length} x ${cpus()[0]?.model ?? '?'}, Node ${process.version}`;
    console.log(`ACME, http-01, ${concurrency} flows at a time, ${result.latencies.length} certificates; ${machine}`);
    printTable(rows);
    const json = JSON.stringify({ bench: 'acme', machine, concurrency, ...rows });
    console.log(json);
    if (values.json !== undefined) writeFileSync(values.json, `${json}\n`);
  } finally {
    await issuer.remove();
  }
}
