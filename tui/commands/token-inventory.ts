import { toHex } from '../../core/ports/hex.ts';
import type { TokenObject } from '../../core/ports/token.ts';
import { readPinFile } from '../../core/node/pin-file.ts';
import type { Command, CommandInput } from '../cli/command.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Output, Program } from '../cli/program.ts';
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

/** What an inventory should make people look twice at: shared labels, shared ids, halves without their other half. */
export function suspicions(objects: readonly TokenObject[]): readonly string[] {
  const keys = objects.filter(({ kind }) => kind === 'private-key');
  const publics = objects.filter(({ kind }) => kind === 'public-key');
  const shared = (pick: (object: TokenObject) => string, what: string): string[] => {
    const seen = new Map<string, number>();
    for (const key of keys) seen.set(pick(key), (seen.get(pick(key)) ?? 0) + 1);
    return [...seen]
      .filter(([, count]) => count > 1)
      .map(([value, count]) => `${count} private keys share the ${what} "${value}"`);
  };
  return [
    ...shared(({ label }) => label, 'label'),
    ...shared(({ id }) => id, 'CKA_ID'),
    ...keys
      .filter(({ id }) => !publics.some((other) => other.id === id))
      .map(({ label }) => `"${label}" has no public half here`),
    ...publics
      .filter(({ id }) => !keys.some((other) => other.id === id))
      .map(({ label }) => `"${label}" is a public key without its private half`),
    ...keys
      .filter(({ attributes }) => attributes?.extractable === true)
      .map(({ label }) => `"${label}" can be taken off the token`),
  ];
}

function printSuspicions(objects: readonly TokenObject[], output: Output): void {
  for (const text of suspicions(objects)) output.note(`! ${text}`);
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
    printSuspicions(objects, program.output);
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
