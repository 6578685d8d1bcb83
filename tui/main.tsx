#!/usr/bin/env node
// The one place where the offline program's objects are built.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { CodedError, formatRefusal, isCoded } from '../core/ports/coded-error.ts';
import { systemClock } from '../core/node/clock.ts';
import { nodeDigest, nodeVerifier } from '../core/node/crypto.ts';
import { systemEntropy } from '../core/node/entropy.ts';
import { shamirSharing } from '../core/node/secret-sharing.ts';
import { fileMedia } from '../core/node/media.ts';
import { leaveNoMemoryInDumps } from '../core/node/no-memory-in-dumps.ts';
import { connectTokens } from '../core/node/pkcs11/connect.ts';
import { roomInspector } from '../core/node/room.ts';
import { secondOpinions } from '../core/node/second-opinion/opinions.ts';
import { throwawayKey } from '../core/node/throwaway-key.ts';
import { exitCodes } from './cli/exit-codes.ts';
import type { Program } from './cli/program.ts';
import { runProgram } from './cli/run-program.ts';
import { commands } from './commands/table.ts';

const here = path.dirname(fileURLToPath(import.meta.url));

function versionOf(folder: string): string {
  const file = new URL('../package.json', `file://${folder}/`);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return version;
}

function build(): Program {
  const version = versionOf(here);
  const parts: Omit<Program, 'window'> = {
    version,
    output: {
      line: (text) => process.stdout.write(`${text}\n`),
      note: (text) => process.stderr.write(`${text}\n`),
      isTerminal: isatty(1),
    },
    ports: {
      clock: systemClock,
      entropy: systemEntropy,
      digest: nodeDigest,
      verify: nodeVerifier,
      media: fileMedia,
      room: roomInspector(here, version),
      sharing: shamirSharing,
      opinions: secondOpinions(),
      throwaway: throwawayKey,
      version,
    },
    connectTokens: (modules, onProcess) =>
      connectTokens(modules, { noteCalls: true, ...(onProcess === undefined ? {} : { onProcess }) }),
    interactive: isatty(0) && isatty(1),
    // Loaded when there is something to show: scripts and every other command start without it.
    screen: async (showing) => (await import('./screens/show-ceremony.tsx')).showCeremony(showing),
  };
  return { ...parts, window: async (options) => (await import('./open-window.ts')).windowOpener(here, parts)(options) };
}

leaveNoMemoryInDumps();

// Somebody who pipes into `head` has seen enough; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.done);
});

try {
  process.exitCode = await runProgram(process.argv.slice(2), commands, build());
} catch (error) {
  // A coded error is for people. Anything else is a fault of ours: its name and place, never its values.
  const unexpected = new CodedError({
    code: 'unexpected',
    message: `Something unexpected happened: ${error instanceof Error ? error.name : 'unknown error'}.`,
    remedy: 'Keep the ceremony’s folder and report this; set COLDROOT_DEBUG=1 to see where it came from.',
  });
  process.stderr.write(`${formatRefusal(isCoded(error) ? error : unexpected)}\n`);
  if (process.env['COLDROOT_DEBUG'] === '1' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  process.exitCode = isCoded(error, 'usage') ? exitCodes.usage : exitCodes.unexpected;
}
