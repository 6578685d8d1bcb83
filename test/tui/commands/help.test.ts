import { describe, expect, it } from 'vitest';
import { exitCodeHelp, exitCodes } from '../../../tui/cli/exit-codes.ts';
import { commands } from '../../../tui/commands/table.ts';
import { runHere } from '../../support/rehearsal-room.ts';

const named = commands.map((command) => [command.name, command] as const);

describe('help', () => {
  it.each([['--help'], ['help']])(
    '%s lists every command with its summary, and every exit status',
    async (argument) => {
      const { code, out, err } = await runHere(argument);
      expect([code, err]).toEqual([exitCodes.done, '']);
      for (const { name, summary } of commands)
        expect(out).toMatch(new RegExp(`^ {2}${name} +${escape(summary)}$`, 'mu'));
      for (const [status, meaning] of exitCodeHelp) expect(out).toContain(`  ${status}  ${meaning}`);
    },
  );

  it('nothing at all is a wrong command line, and shows the same', async () => {
    const nothing = await runHere();
    expect(nothing.code).toBe(exitCodes.usage);
    expect(nothing.out).toBe((await runHere('--help')).out);
  });

  it.each(named)('%s --help says everything its table holds', async (name, command) => {
    const { code, out, err } = await runHere(...name.split(' '), '--help');
    expect([code, err]).toEqual([exitCodes.done, '']);
    const lines = out.split('\n');
    expect(lines[0]).toBe(command.summary);
    for (const [option, { value, help }] of Object.entries(command.options)) {
      const label = value === undefined ? `--${option}` : `--${option} ${value}`;
      expect(lines.find((line) => line.startsWith(`  ${label} `))).toContain(help);
    }
    for (const operand of command.operands) {
      expect(lines.find((line) => line.startsWith(`  ${operand.name} `))).toContain(operand.help);
    }
    for (const note of command.notes ?? []) expect(lines).toContain(note);
    for (const [status, meaning] of exitCodeHelp) expect(lines).toContain(`  ${status}  ${meaning}`);
    expect(out).toContain('  --help ');
  });

  it.each(named)(
    '%s has a usage line with its arguments and required options',
    async (name, { operands, several, options }) => {
      const { out } = await runHere(...name.split(' '), '--help');
      const usage = out.split('\n').find((line) => line.startsWith('Usage: ')) ?? '';
      const required = Object.entries(options).filter(([, { required: must }]) => must === true);
      const expected = [
        `coldroot ${name}`,
        operands.map((operand) => operand.name).join(' ') + (several === true ? '…' : ''),
        ...required.map(([option, { value }]) => `--${option} ${value}`),
        Object.keys(options).length > required.length ? '[options]' : '',
      ];
      expect(usage).toBe(`Usage: ${expected.filter((part) => part !== '').join(' ')}`);
    },
  );

  it('every summary and help text is one line that fits a terminal', () => {
    for (const { name, summary, operands, options } of commands) {
      expect(`  ${name.padEnd(18)}${summary}`.length).toBeLessThanOrEqual(120);
      for (const { help } of [...operands, ...Object.values(options)]) expect(help).toMatch(/^[^\n]{3,110}$/u);
    }
  });

  it('a word that begins several commands lists those', async () => {
    const { code, out } = await runHere('ceremony', '--help');
    expect(code).toBe(exitCodes.done);
    expect(out).toContain('  ceremony run');
    expect(out).not.toContain('  bundle verify');
    expect((await runHere('ceremony')).code).toBe(exitCodes.usage);
  });

  it('--version prints the version alone', async () => {
    expect(await runHere('--version')).toMatchObject({ code: exitCodes.done, out: '0.0.0-test', err: '' });
  });
});

describe('a wrong command line', () => {
  it.each([
    ['an unknown command', ['frobnicate']],
    ['an unknown second word', ['ceremony', 'hold']],
    ['an unknown option', ['bundle', 'verify', 'x', '--rot', 'y']],
    ['an option without its value', ['bundle', 'verify', 'x', '--root']],
    ['an option that is missing', ['bundle', 'verify', 'x']],
    ['a value for a switch', ['bundle', 'verify', 'x', '--root', 'y', '--rehearsal=yes']],
    ['too few arguments', ['bundle', 'verify', '--root', 'y']],
    ['too many arguments', ['bundle', 'verify', 'x', 'y', '--root', 'z']],
    ['arguments for a command that takes none', ['token', 'list', 'x']],
    ['no module to ask', ['token', 'list']],
    ['a schema that there is not', ['schema', 'constructor']],
    ['a profile type that there is not', ['lint', 'test/vectors/lint/root-no-eku.accepted.pem', '--as', 'toor']],
  ])('with %s ends with status 2 and says where to look', async (_, args) => {
    const { code, out, err } = await runHere(...args);
    expect([code, out]).toEqual([exitCodes.usage, '']);
    expect(err).toMatch(/\[usage\]$/u);
    expect(err).toMatch(/--help|Use one of|Give --/u);
  });
});

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&');
}
