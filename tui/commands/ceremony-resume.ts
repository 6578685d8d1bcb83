import { access } from 'node:fs/promises';
import path from 'node:path';
import { CodedError } from '../../core/ports/coded-error.ts';
import { Ceremony } from '../../core/ceremony/run.ts';
import type { CeremonyPorts } from '../../core/ceremony/ports.ts';
import { ProcessNotes } from '../../core/node/process-notes.ts';
import { loadBound, openWorkspace, type Workspace } from '../../core/node/workspace.ts';
import type { Command, CommandInput } from '../cli/command.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Program } from '../cli/program.ts';
import { hold, loadScript, placesOf, printEnd, requireFace, waitingLine } from './hold.ts';

async function run({ operands, values, switches }: CommandInput, program: Program): Promise<number> {
  const directory = path.resolve(operands[0] ?? '');
  await access(path.join(directory, 'journal.db')).catch(() => {
    const remedy = 'Give the folder a ceremony was begun in (--dir of ceremony run).';
    throw new CodedError({ code: 'journal-missing', message: `There is no ceremony in ${directory}.`, remedy });
  });
  const script = values['answers'] === undefined ? undefined : await loadScript(values['answers']);
  requireFace(script, program);
  const bound = await loadBound(directory);
  const notes = new ProcessNotes();
  const tokens = program.connectTokens(bound.modules, notes.add);
  const ports: CeremonyPorts = { ...program.ports, tokens };
  let workspace: Workspace | undefined;
  try {
    workspace = await openWorkspace(directory, program.ports.digest, waitingLine(program.output));
    notes.openedIn(workspace);
    const ceremony = await Ceremony.resume({ ports, setting: bound.setting, store: workspace.journal });
    if (ceremony.next.kind === 'over') {
      printEnd(ceremony, directory, program.output);
      return ceremony.state.status === 'finished' ? exitCodes.done : exitCodes.aborted;
    }
    const code = await hold(
      ceremony,
      [],
      script,
      switches.has('plain'),
      program,
      placesOf(directory, bound.setting.output),
    );
    await ceremony.close();
    printEnd(ceremony, directory, program.output);
    return code;
  } finally {
    await tokens.close();
    await workspace?.close();
  }
}

export const ceremonyResume: Command = {
  name: 'ceremony resume',
  summary: 'Take up a ceremony again that was interrupted',
  operands: [{ name: 'DIR', help: 'the ceremony’s folder' }],
  options: {
    answers: { value: 'FILE', help: 'play the rest from this file instead of asking' },
    plain: { help: 'with --answers: a plain log even at a terminal' },
  },
  notes: [
    'Whatever was written down but may not have happened is looked for on the token first. A key that is found is',
    'adopted, destroyed or left only as the people in the room decide (with --answers: as "found" says there).',
  ],
  run,
};
