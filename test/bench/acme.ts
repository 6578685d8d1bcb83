// Whole ACME flows (order, http-01, finalize, download) against the issuer as it runs: its own process, PostgreSQL with
// durable commits, a key in SoftHSM, DNS and HTTP validation for real. What it costs the issuer is asked of the issuer.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { accountKey, makeCsr, type AccountAlgorithm, type AcmeTestClient, type Transport } from '../support/acme.ts';
import { TestIssuer } from '../support/issuer.ts';
import { counters, cpuOf } from './costs.ts';
import { durableDatabase } from './durable-database.ts';
import { figures, printTable, type Lap, type Timings } from './figures.ts';
import { leanTransport } from './lean-transport.ts';

const help = `Usage: node test/bench/main.ts acme [OPTIONS]

  --certificates N  Certificates to count (default 400)
  --warm-up N       Certificates before that (default 100)
  --concurrency N   Flows at a time (default 16)
  --workers N       Processes that serve (default 1)
  --keys WHERE      Issuing key: token (SoftHSM, the default) or file
  --account-key ALG ES256 (the default), RS256, ES384, EdDSA
  --tls on|off      off: over plain HTTP, as from a proxy on the same machine that has ended TLS (default on)
  --matrix          All variants of workers, keys, ES256/RS256 and TLS, one after the other, and a line for each
  --json FILE       Write the figures there, too
`;

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
async function flow(
  client: AcmeTestClient,
  answers: Map<string, string>,
  { name, csr, timings }: { readonly name: string; readonly csr: string; readonly timings: Timings },
): Promise<number> {
  const timed = async <T>(kind: keyof Timings, work: Promise<T>): Promise<T> => {
    const from = performance.now();
    const result = await work;
    timings[kind].push(performance.now() - from);
    return result;
  };
  const order = await timed('newOrder', client.newOrder([name]));
  const [authorization = ''] = order.body['authorizations'] as string[];
  const { body } = await timed('authorization', client.post(authorization));
  const challenge = (body['challenges'] as Challenge[]).find(({ type }) => type === 'http-01');
  if (challenge === undefined) throw new Error(`no http-01: ${JSON.stringify(body)}`);
  const path = `/.well-known/acme-challenge/${challenge.token}`;
  answers.set(path, client.keyAuthorization(challenge.token));
  await timed('challenge', client.post(challenge.url, {}));
  let requests = 3;
  for (let wait = 10; ; wait = Math.min(wait * 2, 200)) {
    await pause(wait);
    requests += 1;
    const { status } = (await timed('poll', client.post(authorization))).body;
    if (status === 'valid') break;
    if (status !== 'pending') throw new Error(`authorization ${String(status)}`);
  }
  answers.delete(path);
  const finalized = await timed('finalize', client.post(String(order.body['finalize']), { csr }));
  if (finalized.body['status'] !== 'valid') throw new Error(finalized.text);
  const { text } = await timed('download', client.post(String(finalized.body['certificate'])));
  if (!text.startsWith('-----BEGIN CERTIFICATE-----')) throw new Error(text);
  return requests + 2;
}

function noTimings(): Timings {
  return { newOrder: [], authorization: [], challenge: [], poll: [], finalize: [], download: [] };
}

async function lap(issuer: TestIssuer, clients: readonly AcmeTestClient[], total: number): Promise<Lap> {
  const answers = await issuer.serveChallenges();
  // CSRs are made before the clock starts: making them is the client's work.
  const names = Array.from({ length: total }, (_, index) => `n${index}.bench.example.internal`);
  const csrs = await Promise.all(names.map(async (name) => (await makeCsr([name])).csr));
  const latencies: number[] = [];
  const timings = noTimings();
  let [next, requests] = [0, 0];
  const begin = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      for (let index = next++; index < total; index = next++) {
        const from = performance.now();
        const sent = await flow(client, answers, { name: names[index] ?? '', csr: csrs[index] ?? '', timings });
        requests += sent;
        latencies.push(performance.now() - from);
      }
    }),
  );
  return { timings, seconds: (performance.now() - begin) / 1000, requests, latencies: latencies.sort((a, b) => a - b) };
}

interface Variant {
  readonly workers: number;
  readonly keys: 'token' | 'file';
  readonly account: AccountAlgorithm;
  readonly tls: 'on' | 'off';
  readonly concurrency: number;
  readonly warmUp: number;
  readonly certificates: number;
}

/** One variant on a PostgreSQL and an issuer of its own; its figures. */
async function measure(variant: Variant): Promise<Readonly<Record<string, number>>> {
  const { workers, keys, account, tls, concurrency, warmUp, certificates } = variant;
  const database = await durableDatabase();
  const change = { workers, log: { level: 'warn' }, validation: { concurrency: 64 } };
  const issuer = await TestIssuer.create({ database, change, keys });
  try {
    issuer.dns.fallback = { A: ['127.0.0.1'] };
    const { https, behindProxy } = issuer.ports;
    issuer.configure(tls === 'on' ? {} : { behindProxy: { host: '127.0.0.1', port: behindProxy } });
    await issuer.startQuietly('--migrate');
    const transport = (): Transport =>
      tls === 'on' ? leanTransport(https, issuer.rootPem) : leanTransport(behindProxy, undefined);
    const clients = Array.from({ length: concurrency }, () =>
      issuer.client({ transport: transport(), key: accountKey(account) }),
    );
    for (const client of clients) await client.register();
    await lap(issuer, clients, warmUp);
    const before = await counters(issuer);
    const [xact, cpu, postgresCpu] = [await commits(database), cpuOf(issuer.process.pid), cpuOf(database.pid)];
    const own = process.cpuUsage();
    const result = await lap(issuer, clients, certificates);
    const { user, system } = process.cpuUsage(own);
    const after = await counters(issuer);
    const extra = {
      cpu: cpuOf(issuer.process.pid) - cpu,
      postgresCpu: cpuOf(database.pid) - postgresCpu,
      clientCpu: (user + system) / 1e6,
      xactCommit: (await commits(database)) - xact,
    };
    return figures(result, { before, after }, extra);
  } finally {
    await issuer.remove();
  }
}

function titleOf({ workers, keys, account, tls, concurrency, certificates }: Variant): string {
  const where = keys === 'token' ? 'key in SoftHSM' : 'key in a file';
  return `ACME, http-01, ${workers} process(es), ${where}, ${account}, TLS ${tls}, ${concurrency} at a time, ${certificates} certificates`;
}

function variantsOf(values: Readonly<Record<string, string | boolean | undefined>>): readonly Variant[] {
  const number = (name: string, usual: number): number => Number(values[name] ?? usual);
  const common = {
    concurrency: number('concurrency', 16),
    warmUp: number('warm-up', 100),
    certificates: number('certificates', 400),
  };
  if (values['matrix'] === true) {
    return [1, 2].flatMap((workers) =>
      (['token', 'file'] as const).flatMap((keys) =>
        (['ES256', 'RS256'] as const).flatMap((account) =>
          (['on', 'off'] as const).map((tls) => ({ workers, keys, account, tls, ...common })),
        ),
      ),
    );
  }
  const keys = values['keys'] === 'file' ? 'file' : 'token';
  const account = (values['account-key'] ?? 'ES256') as AccountAlgorithm;
  const tls = values['tls'] === 'off' ? 'off' : 'on';
  return [{ workers: number('workers', 1), keys, account, tls, ...common }];
}

/** Runs the benchmark and prints a table and one line of JSON for each variant. */
export async function acmeBench(argv: readonly string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: {
      certificates: text,
      'warm-up': text,
      concurrency: text,
      workers: text,
      keys: text,
      'account-key': text,
      tls: text,
      json: text,
      matrix: flag,
      help: flag,
    },
  });
  if (values.help === true) {
    console.log(help);
    return;
  }
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? '?'}, Node ${process.version}`;
  const lines: string[] = [];
  for (const variant of variantsOf(values)) {
    const rows = await measure(variant);
    console.log(`${titleOf(variant)}; ${machine}`);
    printTable(rows);
    lines.push(JSON.stringify({ bench: 'acme', machine, ...variant, ...rows }));
    console.log(lines.at(-1));
  }
  if (values.json !== undefined) writeFileSync(values.json, `${lines.join('\n')}\n`);
}
