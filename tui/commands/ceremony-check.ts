import { preflight } from '../../core/ceremony/preflight.ts';
import { factLine } from '../../core/ceremony/facts.ts';
import { wordRows } from '../../core/ceremony/words.ts';
import { readTextFile } from '../../core/node/text-file.ts';
import { loadBinding } from '../../core/node/workspace.ts';
import { parsePlan } from '../../core/ceremony/plan.ts';
import { checkPlan } from '../../core/ceremony/check-plan.ts';
import { toHex } from '../../core/ports/hex.ts';
import { utf8 } from '../../core/ports/bytes.ts';
import type { Command, CommandInput } from '../cli/command.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Program } from '../cli/program.ts';
import { printRefusals } from './hold.ts';

function printHash(planText: string, { output, ports }: Program): void {
  const hash = toHex(ports.digest('sha256', utf8(planText)));
  output.line(`plan SHA-256 ${hash}`);
  for (const row of wordRows(hash)) output.line(`  ${row}`);
}

/** Without a binding only the plan itself can be judged: its shape, names, order and roles. */
function checkAlone(planText: string, planFile: string, program: Program): number {
  const parsed = parsePlan(planText, planFile);
  const refusals = parsed.ok ? checkPlan(parsed.value, parsed.locate) : parsed.refusals;
  if (refusals.length > 0) {
    printRefusals(refusals, program.output);
    return exitCodes.refused;
  }
  printHash(planText, program);
  program.output.line('The plan is well formed. With --binding it is also played with throwaway keys.');
  return exitCodes.done;
}

async function run({ operands, values, switches }: CommandInput, program: Program): Promise<number> {
  const [planFile = ''] = operands;
  const planText = await readTextFile(planFile);
  const { binding } = values;
  if (binding === undefined) return checkAlone(planText, planFile, program);
  const bound = await loadBinding(binding, 'out');
  const tokens = program.connectTokens(bound.modules);
  try {
    const input = { planText, planFile, setting: bound.setting, rehearsal: switches.has('rehearse') };
    const checked = await preflight(input, { ...program.ports, tokens });
    if (!checked.ok) {
      printRefusals(checked.refusals, program.output);
      return exitCodes.refused;
    }
    printHash(planText, program);
    for (const [index, { headline, facts }] of checked.forecast.entries()) {
      program.output.line(`[${index + 1}/${checked.forecast.length}] ${headline}`);
      for (const fact of facts) if (fact.style === undefined) program.output.line(`      ${factLine(fact)}`);
    }
    program.output.line('Preflight passed: nothing was logged in to, nothing was changed.');
    return exitCodes.done;
  } finally {
    await tokens.close();
  }
}

export const ceremonyCheck: Command = {
  name: 'ceremony check',
  summary: 'Check a plan: alone, or with a binding by playing all of it with throwaway keys',
  operands: [{ name: 'PLAN', help: 'the plan file (YAML)' }],
  options: {
    binding: { value: 'FILE', help: 'also check devices, files and every certificate the plan would make' },
    rehearse: { help: 'check it as it would be rehearsed' },
  },
  run,
};
