import { parseArgs } from 'node:util';
import { CodedError } from '../../core/ports/coded-error.ts';
import { exitCodeHelp } from './exit-codes.ts';
import type { Program } from './program.ts';

/** An option of a command. Those without `value` are switches. */
export interface OptionSpec {
  readonly value?: string;
  readonly help: string;
  readonly required?: boolean;
}

/** One command: what `--help` prints is made from this table and from nothing else. */
export interface Command {
  /** Words that select it, such as `ceremony run`. */
  readonly name: string;
  readonly summary: string;
  /** Positional arguments; `several` allows more of the last one. */
  readonly operands: readonly { readonly name: string; readonly help: string }[];
  readonly several?: boolean;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly notes?: readonly string[];
  run(input: CommandInput, program: Program): Promise<number>;
}

/** What was typed, checked against the command's table. */
export interface CommandInput {
  readonly operands: readonly string[];
  readonly values: Readonly<Record<string, string>>;
  readonly switches: ReadonlySet<string>;
}

function usageError(message: string, command: Command): CodedError {
  const remedy = `See: coldroot ${command.name} --help`;
  return new CodedError({ code: 'usage', message, remedy });
}

/** Checks arguments against a command's table; `usage` when they do not fit. */
export function readInput(command: Command, args: readonly string[]): CommandInput {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw usageError(
      error instanceof Error ? (error.message.split('. ')[0] ?? 'Wrong option') : 'Wrong option',
      command,
    );
  }
  const { length } = parsed.positionals;
  const least = command.operands.length;
  if (length < least || (length > least && command.several !== true)) {
    const names = command.operands.map(({ name }) => name).join(' ');
    throw usageError(names === '' ? 'This command takes no arguments.' : `Expected: ${names}.`, command);
  }
  const values: Record<string, string> = {};
  const switches = new Set<string>();
  for (const [name, value] of Object.entries(parsed.values)) {
    if (typeof value === 'string') values[name] = value;
    else if (value === true) switches.add(name);
  }
  for (const [name, { required }] of Object.entries(command.options)) {
    if (required === true && values[name] === undefined) throw usageError(`--${name} is required.`, command);
  }
  return { operands: parsed.positionals, values, switches };
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`).join('\n');
}

function optionLabel(name: string, { value }: OptionSpec): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

/** The whole help text of a command. */
export function commandHelp(command: Command): string {
  const operands = command.operands.map(({ name }) => name).join(' ') + (command.several === true ? '…' : '');
  const entries = Object.entries(command.options);
  const required = entries.filter(([, spec]) => spec.required === true).map(([name, spec]) => optionLabel(name, spec));
  const line = ['coldroot', command.name, operands, ...required, entries.length > required.length ? '[options]' : ''];
  const options = [
    ...entries.map(([name, spec]) => [optionLabel(name, spec), spec.help] as const),
    ['--help', 'print this and exit'] as const,
  ];
  const parts = [
    `${command.summary}\n`,
    `Usage: ${line.filter((part) => part !== '').join(' ')}\n`,
    ...(command.operands.length === 0
      ? []
      : [`Arguments:\n${table(command.operands.map(({ name, help }) => [name, help]))}\n`]),
    `Options:\n${table(options)}\n`,
    ...(command.notes === undefined ? [] : [`${command.notes.join('\n')}\n`]),
    `Exit status:\n${table(exitCodeHelp.map(([code, meaning]) => [String(code), meaning]))}`,
  ];
  return parts.join('\n');
}

/** The help text of the program: every command with its summary. */
export function programHelp(commands: readonly Command[], version: string): string {
  return [
    `coldroot ${version}: root and intermediate key ceremonies on an HSM, offline\n`,
    'Usage: coldroot COMMAND [arguments] [options]\n',
    `Commands:\n${table(commands.map(({ name, summary }) => [name, summary]))}\n`,
    'coldroot COMMAND --help says all there is to say about a command.',
    'coldroot --version prints the version.\n',
    `Exit status:\n${table(exitCodeHelp.map(([code, meaning]) => [String(code), meaning]))}`,
  ].join('\n');
}
