// Whether the workers of an issuer should share one token process or have one each: signatures in SoftHSM, asked for by several
// processes in both ways. Shared means through the process that holds the workers, as it would be in the issuer.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createSoftHsm } from '../support/softhsm.ts';
import { withIssuerToken } from '../support/issuer.ts';
import { cpuOf } from './costs.ts';
import { printTable } from './figures.ts';
import { openKeys } from './token-worker.ts';

/** What a process is to do. */
export interface TokenOrder {
  readonly module: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly serial: string;
  readonly pin: string;
  readonly spki: Uint8Array;
  readonly shared: boolean;
  readonly signatures: number;
  readonly atOnce: number;
}

const pin = 'secret-4711';
const entry = fileURLToPath(new URL('token-worker.ts', import.meta.url));

const help = `Usage: node test/bench/main.ts token [OPTIONS]

  --signatures N    Of each process (default 5000)
  --at-once N       At a time in each process (default 8)
  --json FILE       Write the figures there, too
`;

function childrenOf(pid: number): number[] {
  const below = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  return below.flatMap((child) => [child, ...childrenOf(child)]);
}

/** Megabytes that these processes share with nobody, and their part of what they share. */
function memoryOf(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB$/mu.exec(text)?.[1] ?? 0);
  });
  return Math.round(kilobytes.reduce((sum, each) => sum + each, 0) / 1024);
}

async function heard<T>(child: ChildProcess, has: string): Promise<T> {
  for (;;) {
    const [message] = (await once(child, 'message')) as [Record<string, unknown>];
    if (has in message) return message as T;
  }
}

async function measure(order: TokenOrder, processes: number): Promise<Readonly<Record<string, number>>> {
  const own = order.shared ? openKeys(order) : undefined;
  const workers = Array.from({ length: processes }, () => fork(entry, [], { serialization: 'advanced' }));
  for (const worker of workers) {
    worker.on('message', ({ id, message }: { id?: number; message?: Uint8Array }) => {
      if (id === undefined || message === undefined || own === undefined) return;
      void own.keys
        .sign({ spki: order.spki }, 'ecdsa-sha256', message)
        .then((signature) => worker.send({ id, signature }));
    });
    worker.send(order);
  }
  await Promise.all(workers.map((worker) => heard(worker, 'ready')));
  const [cpu, begin] = [cpuOf(process.pid), performance.now()];
  for (const worker of workers) worker.send({ go: true });
  const laps = await Promise.all(workers.map((worker) => heard<{ latencies: number[] }>(worker, 'latencies')));
  const seconds = (performance.now() - begin) / 1000;
  const used = cpuOf(process.pid) - cpu;
  const memory = memoryOf(childrenOf(process.pid));
  for (const worker of workers) {
    worker.send({ end: true });
    await once(worker, 'exit');
  }
  await own?.close();
  const latencies = laps.flatMap((lap) => lap.latencies).sort((a, b) => a - b);
  const at = (part: number): number => Number((latencies[Math.floor(latencies.length * part)] ?? 0).toFixed(1));
  return {
    'signatures per second': Math.round(latencies.length / seconds),
    'p50 ms': at(0.5),
    'p99 ms': at(0.99),
    'CPU ms per signature, all processes': Number(((used * 1000) / latencies.length).toFixed(3)),
    'memory of workers and token processes, MB': memory,
  };
}

/** Runs the benchmark and prints a table for each way. */
export async function tokenBench(argv: readonly string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const options = { signatures: text, 'at-once': text, json: text, help: { type: 'boolean' } } as const;
  const { values } = parseArgs({ args: [...argv], options });
  if (values.help === true) {
    console.log(help);
    return;
  }
  const softHsm = await createSoftHsm();
  try {
    const { serial } = await softHsm.createToken('bench', pin);
    const key = { algorithm: 'ec-p256', label: 'bench', id: Uint8Array.of(1) } as const;
    const { spki } = await withIssuerToken(softHsm, serial, (token) => token.generateKey(key));
    const machine = `${cpus().length} x ${cpus()[0]?.model ?? '?'}, Node ${process.version}`;
    const lines: string[] = [];
    for (const processes of [1, 2]) {
      for (const shared of [false, true]) {
        const order: TokenOrder = {
          module: softHsm.module,
          environment: softHsm.environment,
          serial,
          pin,
          spki,
          shared,
          signatures: Number(values.signatures ?? 5000),
          atOnce: Number(values['at-once'] ?? 8),
        };
        const rows = await measure(order, processes);
        console.log(
          `${processes} process(es), ${shared ? 'one token process for all' : 'a token process each'}; ${machine}`,
        );
        printTable(rows);
        lines.push(JSON.stringify({ bench: 'token', machine, processes, shared, ...rows }));
      }
    }
    if (values.json !== undefined) writeFileSync(values.json, `${lines.join('\n')}\n`);
  } finally {
    await softHsm.remove();
  }
}
