// Which shell a window gets on this machine, and its start: part of the composition root, and the one file beside it that
// sees the window's rooms (docs/decisions/window-host.md).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '../core/ports/coded-error.ts';
import { holdInBrowser } from '../desktop/loopback/shell.ts';
import type { OpenWindow, Program, WindowOptions } from './cli/program.ts';

/** Where Electron's own program may be: named, beside an air-gapped install, or where npm puts it. */
function electronAt(here: string, environment: NodeJS.ProcessEnv): string | undefined {
  const provisioned = environment['ELECTRON_OVERRIDE_DIST_PATH'];
  const candidates = [
    ...(provisioned === undefined ? [] : [path.join(provisioned, 'electron')]),
    path.join(here, 'electron/electron'),
    path.join(here, '../node_modules/electron/dist/electron'),
  ];
  return candidates.find((file) => existsSync(file));
}

/** Why the window is not Electron's, or where Electron is. */
export function chooseShell(
  { shell }: Pick<WindowOptions, 'shell'>,
  here: string,
  environment: NodeJS.ProcessEnv,
  asRoot: boolean,
): { readonly electron: string } | { readonly why: string } {
  if (shell === 'browser') return { why: 'asked for' };
  const electron = electronAt(here, environment);
  if (electron === undefined) return { why: 'Electron’s program is not on this machine' };
  const display = environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY'] ?? '';
  if (display === '') return { why: 'there is no display for Electron' };
  // Its sandbox cannot be had as root, and without its sandbox it is not started.
  return asRoot ? { why: 'Electron’s sandbox does not work for root' } : { electron };
}

function runElectron(electron: string, here: string, { plans, work, media }: WindowOptions): Promise<void> {
  const place = media === undefined ? [] : [`--media=${media}`];
  const args = [path.join(here, 'desktop-main.js'), `--plans=${plans.join(',')}`, `--work=${work}`, ...place];
  const child = spawn(electron, args, { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new CodedError({
            code: 'window-electron',
            message: `Electron ended with ${code ?? 'a signal'}.`,
            remedy: 'Use the browser’s page: coldroot desktop --browser.',
          }),
        );
    });
  });
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        resolve();
      });
    }
  });
}

/** Opens windows for a program; `here` is the folder its files are in. */
export function windowOpener(here: string, program: Pick<Program, 'ports' | 'connectTokens' | 'output'>): OpenWindow {
  return async (options) => {
    const { output, ports, connectTokens } = program;
    const chosen = chooseShell(options, here, process.env, process.getuid?.() === 0);
    if ('electron' in chosen) {
      output.note(`window: Electron (${chosen.electron})`);
      await runElectron(chosen.electron, here, options);
      return;
    }
    output.note(`window: a page in a browser (${chosen.why})`);
    const bundled = path.join(here, 'renderer');
    await holdInBrowser({
      ports,
      connectTokens,
      plans: options.plans,
      work: options.work,
      port: options.port,
      ...(options.media === undefined ? {} : { media: options.media }),
      page: existsSync(bundled) ? bundled : path.join(here, '../dist/renderer'),
      say: (line) => {
        output.line(line);
      },
      ended: untilInterrupted(),
    });
  };
}
