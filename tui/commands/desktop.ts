import path from 'node:path';
import { CodedError } from '../../core/ports/coded-error.ts';
import type { Command, CommandInput } from '../cli/command.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Program } from '../cli/program.ts';

function portOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = /^\d{1,5}$/u.test(text) ? Number(text) : -1;
  if (port >= 0 && port <= 65_535) return port;
  throw new CodedError({ code: 'usage', message: `"${text}" is no port.`, remedy: 'Give a number from 0 to 65535.' });
}

async function run({ values, switches }: CommandInput, program: Program): Promise<number> {
  const { plans, work, media, port } = values;
  await program.window({
    shell: switches.has('browser') ? 'browser' : 'any',
    plans: (plans ?? '.').split(',').map((folder) => path.resolve(folder)),
    work: path.resolve(work ?? '.'),
    port: portOf(port),
    ...(media === undefined ? {} : { media: path.resolve(media) }),
  });
  return exitCodes.done;
}

export const desktop: Command = {
  name: 'desktop',
  summary: 'Hold ceremonies in a window: Electron’s where installed, else a page of a browser on this machine',
  operands: [],
  options: {
    browser: { help: 'the browser’s page even where Electron is installed' },
    plans: { value: 'DIR,…', help: 'folders with plans and bindings (default: this one)' },
    work: { value: 'DIR', help: 'folder in which each ceremony gets its own (default: this one)' },
    port: { value: 'N', help: 'port on 127.0.0.1 (default: any that is free)' },
    media: { value: 'DIR', help: 'this folder stands for removable media: for rehearsals; every screen says so' },
  },
  notes: [
    'The browser’s page is served on 127.0.0.1 only, to whoever opens the printed address first, once. The address holds a',
    'token: it is not given to a browser on its command line, where other users of this machine could read it.',
  ],
  run,
};
