// A place to rehearse in: SoftHSM tokens, a binding, answers and PIN files in a temporary folder, and the offline program
// run in it, either inside the test's process (fast, same code as tui/main.tsx composes) or as a real process.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../core/node/clock.ts';
import { nodeDigest, nodeVerifier } from '../../core/node/crypto.ts';
import { systemEntropy } from '../../core/node/entropy.ts';
import { shamirSharing } from '../../core/node/secret-sharing.ts';
import { fileMedia } from '../../core/node/media.ts';
import { connectTokens } from '../../core/node/pkcs11/connect.ts';
import { secondOpinions } from '../../core/node/second-opinion/opinions.ts';
import { throwawayKey } from '../../core/node/throwaway-key.ts';
import { isBlankName } from '../../core/ports/blank-token.ts';
import { CodedError, formatRefusal, isCoded } from '../../core/ports/coded-error.ts';
import { exitCodes } from '../../tui/cli/exit-codes.ts';
import type { Program } from '../../tui/cli/program.ts';
import { runProgram } from '../../tui/cli/run-program.ts';
import { commands } from '../../tui/commands/table.ts';
import { programs, projectRoot } from './programs.ts';
import { createSoftHsm, type SoftHsm } from './softhsm.ts';

export { projectRoot };
/** PINs of security officers, as two dice choose them. */
export const soPins = { root: '7c1e09b2d4f8a365', issuing: 'e58b20d71fa3946c' } as const;
export const pins = { root: 'correct-horse-7261', issuing: 'battery-staple-9043' } as const;

/** What a run printed and how it ended. */
export interface RunResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface RehearsalRoom {
  readonly directory: string;
  readonly hsm: Pick<SoftHsm, 'module' | 'environment' | 'directory'>;
  readonly serials: Readonly<Record<'root' | 'issuing', string>>;
  path(...names: string[]): string;
  /** Writes a file into the room; its path. */
  write(name: string, text: string, mode?: number): string;
  read(name: string): string;
  /** Every object on every token, by file name: the same set before and after means nothing was touched. */
  objects(): readonly string[];
  /** Runs a command in this process. */
  run(...args: string[]): Promise<RunResult>;
  /** Runs the bundled program as its own process; `hook` is preloaded into it with `hookData` in its environment. */
  spawn(args: readonly string[], hook?: { readonly file: string; readonly data: object }): Promise<RunResult>;
  /** A copy with the same tokens in the same state, to be changed independently. */
  copy(): RehearsalRoom;
  remove(): void;
}

function answersText(): string {
  return `coldroot-answers: 1
people:
  administrator: [Ada Administrator]
  officer: [Olga One, Omar Two]
  witness: [Wim Witness]
confirm: everything
clock: machine
records: { root-bag: RB0001 }
pins: { root: { file: root.pin }, issuing: { file: issuing.pin }, backup: { file: issuing.pin } }
so-pins: { root: { file: root.so-pin }, issuing: { file: issuing.so-pin } }
found: adopt
`;
}

/** A binding; a token is named by its serial, or as a blank one (`blank:…`). */
export function bindingText(hsm: RehearsalRoom['hsm'], tokens: Readonly<Record<string, string>>, more = ''): string {
  const names = Object.entries(tokens).map(([name, serial]) => {
    return `${name}: "${isBlankName(serial) ? serial : `pkcs11:serial=${serial}`}"`;
  });
  return `coldroot-binding: 1
modules: { softhsm: { path: ${hsm.module}, environment: { SOFTHSM2_CONF: ${hsm.environment.SOFTHSM2_CONF} } } }
tokens: { ${names.join(', ')} }
${more}`;
}

function testProgram(out: string[], err: string[]): Program {
  const version = '0.0.0-test';
  return {
    version,
    output: { line: (text) => out.push(text), note: (text) => err.push(text), isTerminal: false },
    ports: {
      clock: systemClock,
      entropy: systemEntropy,
      digest: nodeDigest,
      verify: nodeVerifier,
      media: fileMedia,
      // The only thing a test cannot do honestly: be in a room without a network.
      room: () => Promise.resolve({ networkInterfaces: [], platform: 'test', version, softwareHash: '0'.repeat(64) }),
      sharing: shamirSharing,
      opinions: secondOpinions(),
      throwaway: throwawayKey,
      version,
    },
    connectTokens: (modules, onProcess) =>
      connectTokens(modules, {
        childEntry: programs.pkcs11Child,
        noteCalls: true,
        ...(onProcess === undefined ? {} : { onProcess }),
      }),
    interactive: false,
    screen: () => Promise.reject(new Error('no screen in tests')),
    window: () => Promise.reject(new Error('no window in tests')),
  };
}

/** Runs a command in this process, in no room at all. */
export async function runHere(...args: readonly string[]): Promise<RunResult> {
  const out: string[] = [];
  const err: string[] = [];
  let code: number;
  try {
    code = await runProgram(args, commands, testProgram(out, err));
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    err.push(formatRefusal(error));
    code = isCoded(error, 'usage') ? exitCodes.usage : exitCodes.unexpected;
  }
  return { code, signal: null, out: out.join('\n'), err: err.join('\n') };
}

function runApart(
  directory: string,
  args: readonly string[],
  hook?: { readonly file: string; readonly data: object },
): Promise<RunResult> {
  const preload = hook === undefined ? [] : ['--import', hook.file];
  const env = { ...process.env, ...(hook === undefined ? {} : { COLDROOT_TEST_HOOK: JSON.stringify(hook.data) }) };
  const child = spawn(process.execPath, [...preload, programs.coldroot, ...args], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const parts = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (parts.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (parts.err += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, ...parts }));
  });
}

function roomAt(directory: string, hsm: RehearsalRoom['hsm'], serials: RehearsalRoom['serials']): RehearsalRoom {
  const at = (...names: string[]): string => path.join(directory, ...names);
  return {
    directory,
    hsm,
    serials,
    path: at,
    write: (name, text, mode = 0o644) => {
      mkdirSync(path.dirname(at(name)), { recursive: true });
      writeFileSync(at(name), text, { mode });
      return at(name);
    },
    read: (name) => readFileSync(at(name), 'utf8'),
    objects: () =>
      readdirSync(path.join(hsm.directory, 'tokens'), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.object'))
        .sort(),
    run: (...args) => runHere(...args),
    spawn: (args, hook) => runApart(directory, args, hook),
    copy: () => {
      const other = mkdtempSync(path.join(tmpdir(), 'coldroot-room-'));
      cpSync(directory, other, { recursive: true });
      const tokens = path.join(other, 'hsm');
      cpSync(path.join(hsm.directory, 'tokens'), path.join(tokens, 'tokens'), { recursive: true });
      const configuration = path.join(tokens, 'softhsm2.conf');
      writeFileSync(
        configuration,
        `directories.tokendir = ${path.join(tokens, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
      );
      const own = { module: hsm.module, directory: tokens, environment: { SOFTHSM2_CONF: configuration } };
      const room = roomAt(other, own, serials);
      room.write('root-binding.yaml', bindingText(own, { root: serials.root }));
      return room;
    },
    remove: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Makes a room with two fresh tokens, `root-binding.yaml`, `answers.yaml` and PIN files. */
export async function createRoom(): Promise<RehearsalRoom> {
  const directory = mkdtempSync(path.join(tmpdir(), 'coldroot-room-'));
  const hsm = await createSoftHsm();
  const root = await hsm.createToken('root', pins.root);
  const issuing = await hsm.createToken('issuing', pins.issuing);
  const serials = { root: root.serial, issuing: issuing.serial };
  const room = roomAt(directory, hsm, serials);
  room.write('root-binding.yaml', bindingText(hsm, { root: serials.root }));
  room.write('answers.yaml', answersText());
  room.write('root.pin', `${pins.root}\n`, 0o600);
  room.write('issuing.pin', `${pins.issuing}\n`, 0o600);
  for (const [name, pin] of Object.entries(soPins)) room.write(`${name}.so-pin`, `${pin}\n`, 0o600);
  return {
    ...room,
    remove: () => {
      room.remove();
      rmSync(hsm.directory, { recursive: true, force: true });
    },
  };
}

/** Path of a plan that ships with the product. */
export function shippedPlan(name: string): string {
  return path.join(projectRoot, 'ceremonies', `${name}.yaml`);
}
