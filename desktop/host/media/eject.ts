import { execFile } from 'node:child_process';
import { CodedError } from '../../../core/ports/coded-error.ts';
import type { MediaTarget } from './media-source.ts';

/** Writing back a slow stick takes a while; longer than this is a fault. */
const longestMilliseconds = 120_000;

function run(program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout: longestMilliseconds }, (error) => {
      resolve(error === null);
    });
  });
}

/** Unmounts, which writes back what is buffered: by udisks where people have no right to, else directly. */
export async function unmount({ device, folder }: MediaTarget): Promise<void> {
  if (await run('udisksctl', ['unmount', '--no-user-interaction', '--block-device', device])) {
    await run('udisksctl', ['power-off', '--no-user-interaction', '--block-device', device]);
    return;
  }
  if (await run('umount', [folder])) return;
  throw new CodedError({
    code: 'media-eject',
    message: `The medium ${device} cannot be let go of: something still uses it, or this user may not unmount it.`,
    remedy: 'Close what is open on it and try again, or unmount it by hand. Do not pull it out before.',
  });
}
