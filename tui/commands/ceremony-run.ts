import path from 'node:path';
import { Ceremony } from '../../core/ceremony/run.ts';
import { preflight } from '../../core/ceremony/preflight.ts';
import type { CeremonyPorts } from '../../core/ceremony/ports.ts';
import { ProcessNotes } from '../../core/node/process-notes.ts';
import { readTextFile } from '../../core/node/text-file.ts';
import { loadBinding, openWorkspace, outputFolder, saveBound, type Workspace } from '../../core/node/workspace.ts';
import type { Command, CommandInput } from '../cli/command.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Program } from '../cli/program.ts';
import { hold, loadScript, placesOf, printEnd, printRefusals, requireFace, waitingLine } from './hold.ts';

async function run({ operands, values, switches }: CommandInput, program: Program): Promise<number> {
  const [planFile = ''] = operands;
  const directory = path.resolve(values['dir'] ?? `ceremony-${path.basename(planFile, '.yaml')}`);
  const script = values['answers'] === undefined ? undefined : await loadScript(values['answers']);
  requireFace(script, program);
  const bound = await loadBinding(values['binding'] ?? '', outputFolder(directory));
  const planText = await readTextFile(planFile);
  const notes = new ProcessNotes();
  const tokens = program.connectTokens(bound.modules, notes.add);
  const ports: CeremonyPorts = { ...program.ports, tokens };
  let workspace: Workspace | undefined;
  try {
    const input = { planText, planFile, setting: bound.setting, rehearsal: switches.has('rehearse') };
    program.output.note('preflight: playing the plan with throwaway keys, no token is logged in to');
    const checked = await preflight(input, ports);
    if (!checked.ok) {
      printRefusals(checked.refusals, program.output);
      return exitCodes.refused;
    }
    workspace = await openWorkspace(directory, ports.digest, waitingLine(program.output));
    notes.openedIn(workspace);
    if (workspace.journal.records.length === 0) await saveBound(directory, bound);
    const ceremony = await Ceremony.begin({ ports, setting: bound.setting, store: workspace.journal }, checked);
    const code = await hold(
      ceremony,
      checked.forecast,
      script,
      switches.has('plain'),
      program,
      placesOf(directory, bound.setting.output),
    );
    await ceremony.close();
    printEnd(ceremony, directory, program.output);
    return code;
  } finally {
    // In this order: nobody may take the folder while a library still works for us.
    await tokens.close();
    await workspace?.close();
  }
}

export const ceremonyRun: Command = {
  name: 'ceremony run',
  summary: 'Hold a ceremony: with people at this terminal, or unattended from an answers file',
  operands: [{ name: 'PLAN', help: 'the plan file (YAML)' }],
  options: {
    binding: { value: 'FILE', help: 'which modules, devices and files stand for the plan’s names', required: true },
    answers: { value: 'FILE', help: 'play it from this file instead of asking (PINs come from files it names)' },
    rehearse: { help: 'everything made is marked as a rehearsal’s, and refused in production' },
    dir: { value: 'DIR', help: 'the ceremony’s own folder (default: ceremony-PLAN in this one)' },
    plain: { help: 'with --answers: a plain log even at a terminal' },
  },
  notes: [
    'A preflight comes first: it plays the whole plan with throwaway keys. If anything is wrong, nothing is touched.',
    'If the program or the machine stops, take the ceremony up again with: coldroot ceremony resume DIR',
  ],
  run,
};
