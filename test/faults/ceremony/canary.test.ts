import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shareWords } from '../../../core/ceremony/share.ts';
import { exitCodes } from '../../../tui/cli/exit-codes.ts';
import {
  bindingText,
  createRoom,
  pins,
  shippedPlan,
  soPins,
  type RehearsalRoom,
} from '../../support/rehearsal-room.ts';
import { softHsmMissing } from '../../support/softhsm.ts';
import { freshDist } from '../../terminal/fresh-dist.ts';

const missing = softHsmMissing();
const shareFiles = ['share-1', 'share-2', 'share-3'] as const;

/** Every file below a folder, but for those that hold the secrets on purpose. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^share-\d$|[.-]pin$/u.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** The forms in which a secret could have slipped out. */
function formsOf(secret: string): readonly Buffer[] {
  const bytes = Buffer.from(secret);
  return [bytes, Buffer.from(bytes.toString('hex')), Buffer.from(bytes.toString('base64').slice(0, -4))];
}

/** Whatever reads, or an empty text: a process may end while it is looked at. */
function orNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

/** Command lines and environments of the program and its children: other tests have PINs in theirs. */
function processTexts(folder: string): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name) && orNothing(() => readlinkSync(`/proc/${name}/cwd`)) === folder)
    .flatMap((pid) =>
      ['cmdline', 'environ'].map((file) => orNothing(() => readFileSync(`/proc/${pid}/${file}`, 'latin1'))),
    )
    .join('\n');
}

describe.skipIf(missing !== undefined)(`a canary${missing === undefined ? '' : ` (SKIPPED: ${missing})`}`, () => {
  let room: RehearsalRoom;

  beforeAll(async () => {
    await freshDist();
    room = await createRoom();
    const files = shareFiles.map((file) => `{ file: ${file} }`).join(', ');
    room.write(
      'answers.yaml',
      `${room.read('answers.yaml')}shares: { root: [${files}] }\nnew-shares: { root: [${files}] }\n`,
    );
    const root = readFileSync(shippedPlan('root'), 'utf8');
    room.write(
      'split.yaml',
      root.replace(
        '  - { do: open-token, token: root }',
        `  - { do: init-token, token: root, label: canary, so-pin: { length: 16 }, by: [administrator, officer] }
  - { do: split-pin, token: root, shares: 3, threshold: 2 }`,
      ),
    );
    room.write('blank-binding.yaml', bindingText(room.hsm, { root: 'blank:' }));
    const crl = readFileSync(shippedPlan('root-crl'), 'utf8');
    room.write('shares.yaml', crl.replace('do: open-token, token: root', 'do: open-token, token: root, shares: 2'));
  }, 600_000);
  afterAll(() => {
    room.remove();
  });

  it('PINs and canary shares are in no file, output, argument or environment after two whole ceremonies', async () => {
    let seen = '';
    const watching = setInterval(() => {
      seen += processTexts(room.directory);
    }, 100);
    const hold = async (plan: string, binding: string, dir: string): Promise<string> => {
      const args = [
        'ceremony',
        'run',
        plan,
        '--binding',
        binding,
        '--answers',
        'answers.yaml',
        '--rehearse',
        '--dir',
        dir,
      ];
      const { code, out, err } = await room.spawn(args);
      expect([code, err]).toEqual([exitCodes.done, expect.any(String)]);
      return `${out}${err}`;
    };
    const said = [await hold('split.yaml', 'blank-binding.yaml', 'first')];
    const fingerprint =
      /certificate root-r1: SHA-256 ([0-9A-F]{64})/u.exec(
        (await room.run('ceremony', 'verify', room.path('first'))).out,
      )?.[1] ?? '';
    const previous = `previous: { bundle: first/out/example-corp-1-rehearsal.coldroot, root: ${fingerprint.toLowerCase()} }\n`;
    const listed = (await room.run('token', 'list', '--binding', room.path('blank-binding.yaml'))).out;
    const serial = /^canary\n.*;serial=([0-9a-f]+)/mu.exec(listed)?.[1] ?? '';
    room.write('second-binding.yaml', bindingText(room.hsm, { root: serial }, previous));
    said.push(await hold('shares.yaml', 'second-binding.yaml', 'second'));
    clearInterval(watching);
    const shares = shareFiles.map((file) => room.read(file).trim());
    const secrets = [
      pins.root,
      soPins.root,
      ...shares,
      ...shares.map((share) => shareWords(share).slice(0, 12).join(' ')),
    ];
    const places = [...filesBelow(room.directory), ...filesBelow(room.hsm.directory)];
    const found = (bytes: Buffer): boolean => secrets.some((one) => formsOf(one).some((form) => bytes.includes(form)));
    expect(places.length).toBeGreaterThan(10);
    expect(places.filter((file) => found(readFileSync(file)))).toEqual([]);
    expect(places.filter((file) => /^core(\.\d+)?$/u.test(path.basename(file)))).toEqual([]);
    expect(found(Buffer.from(said.join('\n')))).toBe(false);
    expect(seen).toContain('coldroot.js');
    expect(seen).toContain('pkcs11-child');
    expect(found(Buffer.from(seen, 'latin1'))).toBe(false);
    // The search would find it: the file it was typed from has it.
    for (const file of ['root.pin', 'root.so-pin']) expect(found(readFileSync(room.path(file)))).toBe(true);
  }, 600_000);
});
