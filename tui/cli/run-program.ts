import { CodedError, formatRefusal, isCoded } from '../../core/ports/coded-error.ts';
import { commandHelp, programHelp, readInput, type Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { visibleLines } from '../../core/ceremony/visible.ts';
import type { Program } from './program.ts';

/** Codes whose meaning is "the input was refused", whatever command met them, by how they begin. */
const refusedPrefixes = [
  'yaml-',
  'plan-',
  'binding-',
  'answers-',
  'media-',
  'file-',
  'pin-file',
  'locked',
  'no-terminal',
  'setting-',
  'journal-not-empty',
  'journal-missing',
  'pem-',
  'base64-',
  'der-',
  'x509-',
  'pkcs11-uri-',
];

/** Codes whose meaning is "this is no journal, or not what it was". */
const unprovenPrefixes = [
  'journal-chain-',
  'journal-damaged',
  'journal-record-',
  'journal-empty',
  'journal-plan',
  'journal-other-start',
];

function exitOf({ code }: CodedError): number | undefined {
  const begins = (prefixes: readonly string[]): boolean => prefixes.some((prefix) => code.startsWith(prefix));
  if (begins(unprovenPrefixes)) return exitCodes.notVerified;
  return begins(refusedPrefixes) ? exitCodes.refused : undefined;
}

/** A program whose lines cannot move a cursor or hide anything: names in them come from files, tokens and CSRs. */
function withPlainOutput(program: Program): Program {
  const { output } = program;
  return {
    ...program,
    output: {
      isTerminal: output.isTerminal,
      line: (text) => output.line(visibleLines(text)),
      note: (text) => output.note(visibleLines(text)),
    },
  };
}

function findCommand(commands: readonly Command[], args: readonly string[]): Command | undefined {
  return commands.find(({ name }) => name.split(' ').every((word, index) => args[index] === word));
}

/** Runs what the command line asks for; the exit status. */
export async function runProgram(
  args: readonly string[],
  commands: readonly Command[],
  given: Program,
): Promise<number> {
  const program = withPlainOutput(given);
  const { output, version } = program;
  if (args[0] === '--version') {
    output.line(version);
    return exitCodes.done;
  }
  if (args.length === 0 || args[0] === '--help' || args[0] === 'help') {
    output.line(programHelp(commands, version));
    return args.length === 0 ? exitCodes.usage : exitCodes.done;
  }
  const command = findCommand(commands, args);
  if (command === undefined) {
    const group = commands.filter(({ name }) => name.startsWith(`${args[0] ?? ''} `));
    if (group.length > 0 && (args[1] === undefined || args[1] === '--help')) {
      output.line(programHelp(group, version));
      return args[1] === undefined ? exitCodes.usage : exitCodes.done;
    }
    const remedy = 'coldroot --help lists the commands.';
    throw new CodedError({ code: 'usage', message: `There is no command "${args.slice(0, 2).join(' ')}".`, remedy });
  }
  const rest = args.slice(command.name.split(' ').length);
  if (rest.includes('--help')) {
    output.line(commandHelp(command));
    return exitCodes.done;
  }
  return refusing(() => command.run(readInput(command, rest), program), program);
}

async function refusing(work: () => Promise<number>, { output }: Program): Promise<number> {
  try {
    return await work();
  } catch (error) {
    const exit = isCoded(error) ? exitOf(error) : undefined;
    if (!isCoded(error) || exit === undefined) throw error;
    output.note(formatRefusal(error));
    return exit;
  }
}
