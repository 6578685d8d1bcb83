import { oddities } from '../../core/ceremony/oddities.ts';
import { toHex } from '../../core/ports/hex.ts';
import type { TokenObject } from '../../core/ports/token.ts';
import { readPinFile } from '../../core/node/pin-file.ts';
import type { Command, CommandInput } from '../cli/command.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Program } from '../cli/program.ts';
import { modulesOf } from './token-list.ts';

function printObject({ kind, label, id, algorithm, attributes, spki }: TokenObject, { output, ports }: Program): void {
  output.line(`${kind}  "${label}"`);
  output.line(`  CKA_ID     ${id === '' ? '(none)' : id}`);
  if (algorithm !== undefined) output.line(`  algorithm  ${algorithm}`);
  if (spki !== undefined) output.line(`  SPKI       SHA-256 ${toHex(ports.digest('sha256', spki))}`);
  if (attributes === undefined) return;
  const set = Object.entries(attributes).filter(([, value]) => value);
  output.line(`  attributes ${set.map(([name]) => name).join(', ')}`);
}

async function run(input: CommandInput, program: Program): Promise<number> {
  const [uri = ''] = input.operands;
  const pinFile = input.values['pin-file'];
  const tokens = program.connectTokens(await modulesOf(input));
  try {
    const token = await tokens.open(uri);
    if (pinFile !== undefined) await token.login(await readPinFile(pinFile));
    const objects = await token.objects();
    for (const object of objects) printObject(object, program);
    program.output.note(
      `${objects.length} objects${pinFile === undefined ? ' (public ones only: no PIN was given)' : ''}`,
    );
    for (const text of oddities(objects, await token.certificates())) program.output.note(`! ${text}`);
    await token.close();
    return exitCodes.done;
  } finally {
    await tokens.close();
  }
}

export const tokenInventory: Command = {
  name: 'token inventory',
  summary: 'List what is on a token, and what about it is odd',
  operands: [{ name: 'URI', help: 'the token as an RFC 7512 URI with its serial, or the serial alone' }],
  options: {
    binding: { value: 'FILE', help: 'ask the modules of this binding' },
    module: { value: 'PATH', help: 'ask this module (a PKCS#11 library)' },
    'pin-file': { value: 'FILE', help: 'log in with the PIN in this file (mode 600) to see private objects too' },
  },
  run,
};
