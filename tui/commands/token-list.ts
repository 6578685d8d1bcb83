import { formatBlankName } from '../../core/ports/blank-token.ts';
import { formatTokenUri } from '../../core/ports/pkcs11-uri.ts';
import { CodedError } from '../../core/ports/coded-error.ts';
import { loadBinding } from '../../core/node/workspace.ts';
import type { TokenModule } from '../../core/node/pkcs11/connect.ts';
import type { Command, CommandInput } from '../cli/command.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Program } from '../cli/program.ts';

/** Modules from a binding, or one named on the command line. */
export async function modulesOf({ values }: CommandInput): Promise<Readonly<Record<string, TokenModule>>> {
  if (values['binding'] !== undefined) return (await loadBinding(values['binding'], 'out')).modules;
  if (values['module'] !== undefined) {
    // A module named by hand finds its settings as its vendor's own tools do.
    const { SOFTHSM2_CONF } = process.env;
    return { module: { path: values['module'], environment: SOFTHSM2_CONF === undefined ? {} : { SOFTHSM2_CONF } } };
  }
  const remedy = 'Give --binding FILE or --module PATH.';
  throw new CodedError({ code: 'usage', message: 'Nothing says which PKCS#11 module to ask.', remedy });
}

async function run(input: CommandInput, program: Program): Promise<number> {
  const tokens = program.connectTokens(await modulesOf(input));
  try {
    const found = await tokens.list();
    for (const info of found) {
      program.output.line(info.label);
      program.output.line(`  uri       ${formatTokenUri(info)}`);
      program.output.line(`  serial    ${info.serial}`);
      program.output.line(`  device    ${info.manufacturer} ${info.model}, firmware ${info.firmware}`);
      program.output.line(`  user PIN  ${info.pinInitialized ? info.pinState : 'not set'}`);
    }
    for (const info of await tokens.blanks()) {
      program.output.line('(blank: not initialised)');
      program.output.line(`  name      ${formatBlankName(info)}`);
      program.output.line(`  device    ${info.manufacturer} ${info.model}, firmware ${info.firmware}`);
    }
    if (found.length === 0) program.output.note('No initialised token was found.');
    return exitCodes.done;
  } finally {
    await tokens.close();
  }
}

export const tokenList: Command = {
  name: 'token list',
  summary: 'List the tokens of a PKCS#11 module, with the URIs a binding needs',
  operands: [],
  options: {
    binding: { value: 'FILE', help: 'ask the modules of this binding' },
    module: { value: 'PATH', help: 'ask this module (a PKCS#11 library)' },
  },
  notes: ['Nobody is logged in; no PIN try is used.'],
  run,
};
