import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where distributions put SoftHSM's library; SOFTHSM2_MODULE names another place. */
const libraries = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];

/** A SoftHSM of its own: nothing of it is shared with other tests or with the machine. */
export interface SoftHsm {
  /** Path of the PKCS#11 library. */
  readonly module: string;
  readonly environment: { readonly SOFTHSM2_CONF: string };
  /** Holds everything; its `tokens` folder is the token store, to be copied or damaged by tests. */
  readonly directory: string;
  createToken(label: string, pin: string): Promise<{ serial: string }>;
  remove(): Promise<void>;
}

/** Why SoftHSM cannot be used here, or undefined: for tests to skip with. */
export function softHsmMissing(): string | undefined {
  return softHsmLibrary() === undefined ? 'SoftHSM is not installed (Debian: apt-get install softhsm2)' : undefined;
}

function softHsmLibrary(): string | undefined {
  const named = process.env['SOFTHSM2_MODULE'];
  return [...(named === undefined ? [] : [named]), ...libraries].find((file) => existsSync(file));
}

/** Serial numbers of initialised tokens, from `softhsm2-util --show-slots`. */
function serialsIn(output: string): string[] {
  return [...output.matchAll(/^\s*Serial number:[ \t]*(\S+)\s*$/gmu)].map(([, serial = '']) => serial);
}

/** Makes an empty SoftHSM in a new temporary directory. Throws when SoftHSM is not installed. */
export async function createSoftHsm(): Promise<SoftHsm> {
  const module = softHsmLibrary();
  if (module === undefined) throw new Error(softHsmMissing());
  const directory = await mkdtemp(path.join(tmpdir(), 'coldroot-softhsm-'));
  const tokens = path.join(directory, 'tokens');
  const configuration = path.join(directory, 'softhsm2.conf');
  await mkdir(tokens);
  await writeFile(
    configuration,
    `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n`,
  );
  const environment = { SOFTHSM2_CONF: configuration };
  const util = async (...argv: string[]) => {
    const { stdout } = await run('softhsm2-util', argv, { env: { ...process.env, ...environment } });
    return stdout;
  };
  return {
    module,
    environment,
    directory,
    async createToken(label, pin) {
      const before = new Set(serialsIn(await util('--show-slots')));
      // softhsm2-util takes PINs on the command line only. They are worth nothing here.
      await util('--init-token', '--free', '--label', label, '--so-pin', `so-${pin}`, '--pin', pin);
      const serial = serialsIn(await util('--show-slots')).find((each) => !before.has(each));
      if (serial === undefined) throw new Error('softhsm2-util shows no new token');
      return { serial };
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
