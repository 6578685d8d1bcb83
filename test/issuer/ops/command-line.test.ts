import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { commandHelp, commands, parseCommandLine, programHelp } from '../../../issuer/ops/command-line.ts';
import { version } from '../../../issuer/ops/version.ts';

const run = promisify(execFile);
const program = path.resolve(import.meta.dirname, '../../../issuer/main.ts');

async function issuer(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...(await run(process.execPath, [program, ...argv])) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

describe('the command line', () => {
  it('takes options after the command', () => {
    expect(parseCommandLine(['serve', '--config', 'x.yaml', '--migrate'])).toMatchObject({
      command: 'serve',
      config: 'x.yaml',
      operand: '',
      migrate: true,
    });
    expect(parseCommandLine(['load', 'b.coldroot', '--config=x.yaml'])).toMatchObject({ operand: 'b.coldroot' });
    expect(parseCommandLine(['check-config', 'x.yaml'])).toMatchObject({ config: 'x.yaml' });
  });

  it.each([
    [[]],
    [['frobnicate']],
    [['--config', 'x', 'serve']],
    [['serve']],
    [['serve', '--config']],
    [['serve', '--config', 'x', 'y']],
    [['serve', '--config', 'x', '--unknown']],
    [['migrate', '--config', 'x', '--migrate']],
    [['load', '--config', 'x']],
    [['load', '--config', 'x', 'a', 'b']],
    [['check-config']],
    [['toString']],
  ])('%j is a usage error', (argv) => {
    expect(() => parseCommandLine(argv)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('has a help that names every command, every option and every exit code', () => {
    for (const name of Object.keys(commands) as (keyof typeof commands)[]) {
      expect(programHelp()).toMatch(new RegExp(`^  ${name} `, 'mu'));
      const help = commandHelp(name);
      for (const option of Object.keys(commands[name].options)) expect(help).toContain(`--${option}`);
      expect(help).toContain(`coldroot-issuer ${name}`);
      for (const code of [0, 1, 2, 3, 4]) expect(help).toMatch(new RegExp(`^  ${code}  `, 'mu'));
    }
  });
});

describe('the program', () => {
  it('prints its version, which is that of the package', async () => {
    const { version: packaged } = JSON.parse(
      readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    expect(version).toBe(packaged);
    expect(await issuer('--version')).toMatchObject({ code: 0, stdout: `coldroot-issuer ${packaged}\n` });
  });

  it('prints help to standard output and ends with 0', async () => {
    expect(await issuer('--help')).toMatchObject({ code: 0, stdout: programHelp(), stderr: '' });
    expect(await issuer('serve', '--help')).toMatchObject({ code: 0, stdout: commandHelp('serve') });
  });

  it('ends with 2 when the command line is wrong, and says where help is', async () => {
    expect(await issuer('serve')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: '--config is missing. See "coldroot-issuer serve --help". [usage]\n',
    });
  });

  it('ends with 1 when a configuration is wrong, with every place', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'coldroot-config-'));
    try {
      const file = path.join(folder, 'issuer.yaml');
      writeFileSync(file, 'listen: { host: 127.0.0.1, port: 0 }\nfrobnicate: 1\n');
      const { code, stderr } = await issuer('check-config', file);
      expect(code).toBe(1);
      expect(stderr).toContain(`${file}:1:28 listen.port: `);
      expect(stderr).toContain(`${file}:2:1 frobnicate: "frobnicate" is not a key that may stand here.`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('ends with 1 when a file is missing', async () => {
    expect(await issuer('check-config', '/nowhere/issuer.yaml')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[config-unreadable]'),
    });
  });
});
