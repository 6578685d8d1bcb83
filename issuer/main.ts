#!/usr/bin/env node
// What the command line asks for, and how the program ends. Objects are built in run/ and nowhere else.
import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import { leaveNoMemoryInDumps } from '../core/node/no-memory-in-dumps.ts';
import { exitCodes, parseCommandLine, type CommandName, type Invocation } from './ops/command-line.ts';
import { adminCommands } from './ops/admin-help.ts';
import { reportOf } from './ops/refused.ts';
import { summarise } from './ops/summary.ts';
import { administer } from './run/administer.ts';
import { runLoad, runMigrate, runReceipt } from './run/commands.ts';
import { requireConfig, type Loaded } from './run/loaded.ts';
import { servePrimary } from './run/primary.ts';
import { serveHere } from './run/serve.ts';
import { serveWorker } from './run/worker.ts';

leaveNoMemoryInDumps();

type Call = Exclude<Invocation, { readonly print: string }>;

/** Serves with as many processes as the configuration says; each of several comes by here again, as a worker. */
function serve(loaded: Loaded, migrateFirst: boolean): Promise<number> {
  if (cluster.isWorker) return serveWorker(loaded);
  const { workers } = loaded.config;
  const count = workers === 'auto' ? availableParallelism() : workers;
  return count === 1 ? serveHere(loaded, migrateFirst) : servePrimary(loaded, count, migrateFirst);
}

type Action = (loaded: Loaded, call: Call) => Promise<number>;

const actions: Readonly<Record<CommandName, Action>> = {
  serve: (loaded, { migrate: first }) => serve(loaded, first),
  migrate: (loaded) => runMigrate(loaded),
  'check-config': ({ config }) => {
    process.stdout.write(summarise(config));
    return Promise.resolve(exitCodes.done);
  },
  load: (loaded, { operand }) => runLoad(loaded, operand),
  receipt: (loaded) => runReceipt(loaded),
  ...(Object.fromEntries(
    Object.keys(adminCommands).map((name) => [
      name,
      (loaded: Loaded, { options }: Call) => administer(loaded, name, options),
    ]),
  ) as Record<keyof typeof adminCommands, Action>),
};

async function main(argv: readonly string[]): Promise<number> {
  try {
    const call = parseCommandLine(argv);
    if ('print' in call) {
      process.stdout.write(call.print);
      return exitCodes.done;
    }
    return await actions[call.command](requireConfig(call.config), call);
  } catch (error) {
    const { lines, exitCode } = reportOf(error);
    process.stderr.write(`${lines.join('\n')}\n`);
    return exitCode;
  }
}

// Not process.exit(): what was written must arrive. Nothing holds the process once everything is closed, and what was
// cut off at the deadline is not waited for.
process.exitCode = await main(process.argv.slice(2));
if (process.exitCode === exitCodes.internal) process.exit();
