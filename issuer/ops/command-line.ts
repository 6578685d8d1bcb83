import { parseArgs } from 'node:util';
import { CodedError } from '../../core/ports/coded-error.ts';
import { adminCommands } from './admin-help.ts';
import { version } from './version.ts';

/** What `--help` promises, and what every exit of the program keeps to. */
export const exitCodes = {
  done: 0,
  refused: 1,
  usage: 2,
  unavailable: 3,
  internal: 4,
} as const;

const exitHelp = `Exit codes:
  0  done
  1  refused: the configuration, the bundle, the policy or the state of the database is not as it must be
  2  the command line is wrong
  3  something that is needed cannot be reached: the database, the token, the port to listen on, the running issuer
  4  an error of the program itself
`;

export interface OptionHelp {
  readonly type: 'string' | 'boolean';
  readonly value?: string;
  readonly required?: boolean;
  readonly help: string;
}

export interface CommandHelp {
  readonly summary: string;
  readonly text: string;
  readonly positional?: { readonly name: string; readonly help: string };
  readonly options: Readonly<Record<string, OptionHelp>>;
}

const config: OptionHelp = { type: 'string', value: 'FILE', required: true, help: 'The configuration (YAML)' };

/** Every command, its options and its help. Options stand after the command. */
export const commands = {
  serve: {
    summary: 'Serve ACME, CRLs and CA certificates over HTTPS',
    text: `Loads the bundle that the configuration names (or the one loaded last), opens the token, issues the server its own
TLS certificate and listens. Stops on SIGTERM or SIGINT when the requests in flight are finished. Logs JSON lines to
standard output.`,
    options: {
      config,
      migrate: { type: 'boolean', help: 'Apply missing migrations first instead of refusing to start' },
    },
  },
  migrate: {
    summary: 'Bring the database up to date',
    text: 'Applies the migrations that the database lacks, all or none. Several at once are safe: one waits for the other.',
    options: { config },
  },
  'check-config': {
    summary: 'Check a configuration file',
    text: `Reads the file as strictly as serve does and prints what it means, or every refusal with file, line and column.
Touches neither database, bundle nor token.`,
    positional: { name: 'FILE', help: 'The configuration (YAML)' },
    options: {},
  },
  load: {
    summary: 'Verify a bundle and store it',
    text: `Verifies a bundle against the pinned root, the hierarchy and everything loaded before, and stores it in the
database. The same bundle again is fine. A running issuer takes it up within two seconds, without a restart.`,
    positional: { name: 'BUNDLE', help: 'The bundle (*.coldroot)' },
    options: { config },
  },
  receipt: {
    summary: 'Write a receipt of the bundle that is loaded, for the next ceremony',
    text: `Prints a file (JSON) that says which bundle the database holds as the newest, and since when: redirect it to the
medium that goes into the room. Nothing signs it: its SHA-256, on standard error, is told to the ceremony by another way.`,
    options: { config },
  },
  ...adminCommands,
} as const satisfies Readonly<Record<string, CommandHelp>>;
export type CommandName = keyof typeof commands;

/** What is to be done. */
export type Invocation =
  | {
      readonly command: CommandName;
      readonly config: string;
      readonly operand: string;
      readonly migrate: boolean;
      readonly options: Readonly<Record<string, string | boolean | undefined>>;
    }
  | { readonly print: string };

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
}

function optionRows(options: Readonly<Record<string, OptionHelp>>): (readonly [string, string])[] {
  return Object.entries(options).map(([name, { value, help, required }]) => [
    `--${name}${value === undefined ? '' : ` ${value}`}`,
    `${help}${required === true ? ' (required)' : ''}`,
  ]);
}

function usageOf(name: CommandName): string {
  const { positional, options }: CommandHelp = commands[name];
  const parts = Object.entries(options).map(([option, { value, required }]) => {
    const text = `--${option}${value === undefined ? '' : ` ${value}`}`;
    return required === true ? text : `[${text}]`;
  });
  return ['coldroot-issuer', name, ...parts, ...(positional === undefined ? [] : [positional.name])].join(' ');
}

/** `coldroot-issuer --help`. */
export function programHelp(): string {
  const rows = Object.entries(commands).map(([name, { summary }]) => [name, summary] as const);
  return `coldroot-issuer ${version}: an ACME issuer that believes nothing but bundles from a key ceremony

Usage:
  coldroot-issuer COMMAND [OPTIONS]
  coldroot-issuer COMMAND --help
  coldroot-issuer --help | --version

Commands:
${table(rows)}
${exitHelp}`;
}

/** `coldroot-issuer COMMAND --help`. */
export function commandHelp(name: CommandName): string {
  const { summary, text, positional, options }: CommandHelp = commands[name];
  const rows = [
    ...(positional === undefined ? [] : [[positional.name, positional.help] as const]),
    ...optionRows(options),
    ['--help', 'Print this'] as const,
  ];
  return `${summary}.\n\nUsage:\n  ${usageOf(name)}\n\n${text}\n\nOptions:\n${table(rows)}\n${exitHelp}`;
}

function usageError(message: string, name?: CommandName): CodedError {
  const help = name === undefined ? 'coldroot-issuer --help' : `coldroot-issuer ${name} --help`;
  return new CodedError({ code: 'usage', message, remedy: `See "${help}".` });
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

function parse(name: CommandName, argv: readonly string[]): Invocation {
  const { positional, options }: CommandHelp = commands[name];
  const types = Object.fromEntries(Object.entries(options).map(([option, { type }]) => [option, { type }]));
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
      options: { ...types, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw usageError(error instanceof Error ? `${error.message.split('. ')[0] ?? ''}.` : 'Unknown option.', name);
  }
  const values: Readonly<Record<string, string | boolean | undefined>> = parsed.values;
  if (values['help'] === true) return { print: commandHelp(name) };
  for (const [option, { required }] of Object.entries(options)) {
    if (required === true && values[option] === undefined) throw usageError(`--${option} is missing.`, name);
  }
  if (parsed.positionals.length !== (positional === undefined ? 0 : 1)) {
    throw usageError(
      positional === undefined ? 'There is an argument too many.' : `Give one ${positional.name}.`,
      name,
    );
  }
  const operand = parsed.positionals[0] ?? '';
  const file = values['config'];
  return {
    command: name,
    config: typeof file === 'string' ? file : operand,
    operand,
    migrate: values['migrate'] === true,
    options: values,
  };
}

/** Reads the command line; a `usage` error when it is wrong. */
export function parseCommandLine(argv: readonly string[]): Invocation {
  const [first, ...rest] = argv;
  if (first === '--help' || first === '-h' || first === 'help') return { print: programHelp() };
  if (first === '--version') return { print: `coldroot-issuer ${version}\n` };
  if (first === undefined) throw usageError('There is no command.');
  if (!isCommand(first)) throw usageError(`There is no command "${first.slice(0, 40)}"; options stand after it.`);
  return parse(first, rest);
}
