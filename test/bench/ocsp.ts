// OCSP over plain HTTP against the issuer as it runs: its own process, PostgreSQL with durable commits, a signer's key in
// SoftHSM. Each lap asks in one way; what it costs is asked of the issuer.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { encodeOcspError } from '../../core/x509/ocsp/response.ts';
import { TestIssuer } from '../support/issuer.ts';
import { ocspRequest } from '../support/ocsp-request.ts';
import { counters, cpuOf } from './costs.ts';
import { durableDatabase } from './durable-database.ts';
import { printTable } from './figures.ts';
import { rawClient, type RawClient } from './raw-client.ts';

const help = `Usage: node test/bench/main.ts ocsp [OPTIONS]

  --requests N      Requests of each lap (default 10000)
  --certificates N  Certificates on record (default 100000)
  --questions N     How many of them the laps of kept answers ask about (default 1000)
  --concurrency N   Requests at a time (default 16: what a worker signs at a time; with nonces half of it)
  --workers N       Processes that serve (default 1)
  --keys WHERE      Signer's key: token (SoftHSM, the default) or file
  --json FILE       Write the figures there, too
`;

interface Settings {
  readonly requests: number;
  readonly certificates: number;
  readonly questions: number;
  readonly concurrency: number;
  readonly workers: number;
  readonly keys: 'token' | 'file';
}

function serialOf(index: number): Uint8Array {
  const octets = Buffer.from('0102030400000000', 'hex');
  octets.writeUInt32BE(index, 4);
  return octets;
}

function post(body: Uint8Array): Buffer {
  const head = `POST /ocsp/issuing-i1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/ocsp-request\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

function get(body: Uint8Array, more = ''): Buffer {
  const inPath = encodeURIComponent(Buffer.from(body).toString('base64'));
  return Buffer.from(`GET /ocsp/issuing-i1/${inPath} HTTP/1.1\r\nHost: x\r\n${more}\r\n`);
}

/** Certificates as the store would have them, with somebody's 700 octets for each. */
async function fill({ database }: TestIssuer, certificates: number): Promise<void> {
  await database.query(
    `INSERT INTO certificates (serial, issuer, status, tbs_sha256, spki_sha256, names, not_before, not_after, der,
       intended_at, issued_at)
     SELECT decode('01020304' || lpad(to_hex(n), 8, '0'), 'hex'), 'issuing-i1', 'issued', sha256(n::text::bytea),
       sha256(n::text::bytea), ARRAY['n' || n || '.bench.example.internal'], now(), now() + interval '90 days',
       decode(repeat(md5(n::text), 44), 'hex'), now(), now() FROM generate_series(0, $1 - 1) AS n`,
    [certificates],
  );
  await database.query('ANALYZE certificates');
}

interface Lap {
  readonly name: string;
  /** The request with this number, made before the clock starts. */
  readonly make: (index: number) => Buffer;
  readonly status?: number;
  /** Of the connections, so many. */
  readonly share?: number;
  /** What every answer must be, where it is always the same. */
  readonly body?: Uint8Array;
}

async function run(
  issuer: TestIssuer,
  postgres: number,
  clients: readonly RawClient[],
  { name, make, status = 200, share = 1, body }: Lap,
  total: number,
): Promise<Readonly<Record<string, number>>> {
  const requests = Array.from({ length: total }, (_, index) => make(index));
  const latencies: number[] = [];
  const before = await counters(issuer);
  const cpu = [issuer.process.pid, postgres].map(cpuOf);
  const own = process.cpuUsage();
  const begin = performance.now();
  let next = 0;
  await Promise.all(
    clients.slice(0, clients.length * share).map(async (client) => {
      for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
        const from = performance.now();
        const answer = await client.send(request);
        latencies.push(performance.now() - from);
        const right = body === undefined ? answer.status === 304 || answer.body.length > 100 : answer.body.equals(body);
        if (answer.status !== status || !right) throw new Error(`${name}: ${answer.head}`);
      }
    }),
  );
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(own);
  const [issuerCpu = 0, postgresCpu = 0] = [issuer.process.pid, postgres].map(
    (pid, index) => cpuOf(pid) - (cpu[index] ?? 0),
  );
  const after = await counters(issuer);
  latencies.sort((a, b) => a - b);
  const at = (part: number): number => Number((latencies[Math.floor(latencies.length * part)] ?? 0).toFixed(1));
  const each = (value: number): number => Number(((value * 1000) / total).toFixed(3));
  const signatures = 'coldroot_stage_seconds_count{stage="sign"}';
  return {
    'answers per second': Math.round(total / seconds),
    'p50 ms': at(0.5),
    'p99 ms': at(0.99),
    'issuer and token process CPU ms': each(issuerCpu),
    'PostgreSQL CPU ms': each(postgresCpu),
    'client CPU ms': each((user + system) / 1e6),
    'SQL statements': each(
      ((after['coldroot_sql_statements_total'] ?? 0) - (before['coldroot_sql_statements_total'] ?? 0)) / 1000,
    ),
    signatures: each(((after[signatures] ?? 0) - (before[signatures] ?? 0)) / 1000),
  };
}

function lapsOf({ hierarchy: { issuing } }: TestIssuer, questions: number, etag: (index: number) => string): Lap[] {
  const about = (index: number, nonce?: Uint8Array): Uint8Array =>
    ocspRequest(issuing, serialOf(index), { hash: 'sha1', nonce });
  const kept = (index: number): Uint8Array => about(index % questions);
  const random = (index: number): Uint8Array => Buffer.from(`not issued ${index}`.slice(0, 16).padStart(16, 'x'));
  return [
    { name: 'signed once each (POST)', make: (index) => post(about(questions + index)) },
    { name: 'kept (POST)', make: (index) => post(kept(index)) },
    { name: 'kept (GET)', make: (index) => get(kept(index)) },
    {
      name: 'kept, known to the client (GET, 304)',
      make: (index) => get(kept(index), `If-None-Match: ${etag(index % questions)}\r\n`),
      status: 304,
    },
    {
      name: 'with a nonce (POST)',
      share: 1 / 2,
      make: (index) => post(about(index % questions, Buffer.from(`nonce ${index}`.padEnd(32, '.')))),
    },
    {
      name: 'never issued (POST)',
      make: (index) => post(ocspRequest(issuing, random(index), { hash: 'sha1' })),
      body: encodeOcspError('unauthorized'),
    },
  ];
}

async function measure(settings: Settings): Promise<Readonly<Record<string, Readonly<Record<string, number>>>>> {
  const { requests, certificates, questions, concurrency, workers, keys } = settings;
  const database = await durableDatabase();
  const change = { workers, log: { level: 'warn' }, ocsp: {} };
  const issuer = await TestIssuer.create({ database, change, keys, ocspSigner: 90 });
  const clients: RawClient[] = [];
  try {
    await issuer.startQuietly('--migrate');
    await fill(issuer, certificates);
    clients.push(...Array.from({ length: concurrency }, () => rawClient(issuer.ports.publish)));
    const [first] = clients;
    const etags: string[] = [];
    for (let index = 0; index < questions; index += 1) {
      const answer = await first?.send(get(ocspRequest(issuer.hierarchy.issuing, serialOf(index), { hash: 'sha1' })));
      etags.push(/^etag: (\S+)$/imu.exec(answer?.head ?? '')?.[1] ?? '');
    }
    const results: Record<string, Readonly<Record<string, number>>> = {};
    for (const lap of lapsOf(issuer, questions, (index) => etags[index] ?? '')) {
      results[lap.name] = await run(issuer, database.pid, clients, lap, requests);
    }
    return results;
  } finally {
    for (const client of clients) client.close();
    await issuer.remove();
  }
}

/** Runs the benchmark and prints a table for each way to ask. */
export async function ocspBench(argv: readonly string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: {
      requests: text,
      certificates: text,
      questions: text,
      concurrency: text,
      workers: text,
      keys: text,
      json: text,
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    console.log(help);
    return;
  }
  const settings: Settings = {
    requests: Number(values.requests ?? 10_000),
    certificates: Number(values.certificates ?? 100_000),
    questions: Number(values.questions ?? 1000),
    concurrency: Number(values.concurrency ?? 16),
    workers: Number(values.workers ?? 1),
    keys: values.keys === 'file' ? 'file' : 'token',
  };
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? '?'}, Node ${process.version}`;
  const results = await measure(settings);
  for (const [name, figures] of Object.entries(results)) {
    console.log(`OCSP ${name}; ${JSON.stringify(settings)}; ${machine}`);
    printTable(figures);
  }
  const line = JSON.stringify({ bench: 'ocsp', machine, ...settings, results });
  console.log(line);
  if (values.json !== undefined) writeFileSync(values.json, `${line}\n`);
}
