import { CodedError } from '../../core/ports/coded-error.ts';

/**
 * Switches inside Electron's program file, set once at packaging and then no longer the user's to change. In the order in
 * which they stand there (fuse wire version 1).
 */
export const fuses = [
  { name: 'RunAsNode', on: false, why: 'an environment variable must not turn the window into a Node' },
  { name: 'EnableCookieEncryption', on: true, why: 'nothing is kept, but if it were' },
  { name: 'EnableNodeOptionsEnvironmentVariable', on: false, why: 'NODE_OPTIONS loads code' },
  { name: 'EnableNodeCliInspectArguments', on: false, why: 'a debugger reads PINs' },
  {
    name: 'EnableEmbeddedAsarIntegrityValidation',
    on: false,
    why: 'only for asar on macOS and Windows; self-check is ours',
  },
  { name: 'OnlyLoadAppFromAsar', on: false, why: 'the program is plain files that self-check compares' },
  { name: 'LoadBrowserProcessSpecificV8Snapshot', on: false, why: 'there is none' },
  { name: 'GrantFileProtocolExtraPrivileges', on: false, why: 'no page is from a file' },
] as const;

const sentinel = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX', 'latin1');
const version = 1;
const marks = { off: 0x30, on: 0x31 } as const;

function unfit(message: string): CodedError {
  const remedy = 'Use the Electron this program names in package.json.';
  return new CodedError({ code: 'fuses-unfit', message, remedy });
}

/** Sets every fuse in the bytes of Electron's program; refuses bytes in which they are not where they should be. */
export function setFuses(program: Buffer): void {
  const at = program.indexOf(sentinel);
  if (at < 0) throw unfit('This is no Electron, or one without fuses.');
  if (program.indexOf(sentinel, at + 1) >= 0) throw unfit('There are two places for fuses in this file.');
  const wire = at + sentinel.length;
  if (program[wire] !== version) throw unfit(`Its fuses are of version ${program[wire] ?? 'none'}.`);
  if ((program[wire + 1] ?? 0) < fuses.length) throw unfit('It has fewer fuses than are to be set.');
  const states = program.subarray(wire + 2, wire + 2 + fuses.length);
  const fixed = fuses.find((_, index) => states[index] !== marks.on && states[index] !== marks.off);
  if (fixed !== undefined) throw unfit(`The fuse ${fixed.name} cannot be set any more.`);
  fuses.forEach(({ on }, index) => {
    states[index] = on ? marks.on : marks.off;
  });
}
