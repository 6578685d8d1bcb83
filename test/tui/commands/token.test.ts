import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../../../tui/cli/exit-codes.ts';
import { createRoom, pins, shippedPlan, type RehearsalRoom, type RunResult } from '../../support/rehearsal-room.ts';
import { softHsmMissing } from '../../support/softhsm.ts';

const missing = softHsmMissing();

describe.skipIf(missing !== undefined)(
  `commands that ask a token${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let room: RehearsalRoom;
    let uri: string;

    beforeAll(async () => {
      room = await createRoom();
      uri = `pkcs11:serial=${room.serials.root}`;
    });
    afterAll(() => {
      room.remove();
    });

    function run(...args: readonly string[]): Promise<RunResult> {
      return room.run(...args, '--binding', room.path('root-binding.yaml'));
    }

    it('token list says which tokens there are, by a URI that a binding can use', async () => {
      const { code, out, err } = await run('token', 'list');
      expect([code, err]).toEqual([exitCodes.done, '']);
      for (const [label, serial] of Object.entries(room.serials)) {
        expect(out).toMatch(new RegExp(`^${label}\\n {2}uri +pkcs11:.*serial=${serial}`, 'mu'));
      }
      expect(out).toContain('user PIN  normal');
      expect(out).toMatch(/^ {2}name +blank:model=SoftHSM%20v2;manufacturer=SoftHSM%20project$/mu);
      const own = /pkcs11:\S+token=root\b\S*/u.exec(out)?.[0] ?? '';
      expect((await run('token', 'inventory', own)).code).toBe(exitCodes.done);
    });

    it('a module can be named by hand, and one that is no library is an error of the machine', async () => {
      process.env['SOFTHSM2_CONF'] = room.hsm.environment.SOFTHSM2_CONF;
      expect((await room.run('token', 'list', '--module', room.hsm.module)).out).toContain(room.serials.root);
      delete process.env['SOFTHSM2_CONF'];
      const result = await room.run('token', 'list', '--module', '/etc/hostname');
      expect(result.code).toBe(exitCodes.unexpected);
      expect(result.err).toContain('[token-module-unloadable]');
    });

    it('token inventory of an empty token is empty', async () => {
      const result = await run('token', 'inventory', uri, '--pin-file', room.path('root.pin'));
      expect(result).toMatchObject({ code: exitCodes.done, out: '', err: '0 objects' });
    });

    it.each([
      ['that others can read', 'open.pin', 0o644],
      ['that is not there', 'none.pin', undefined],
    ])('a PIN file %s is refused with status 3, and no PIN is tried', async (_, name, mode) => {
      if (mode !== undefined) chmodSync(room.write(name, `${pins.root}\n`, 0o600), mode);
      const { code, err } = await run('token', 'inventory', uri, '--pin-file', room.path(name));
      expect(code).toBe(exitCodes.refused);
      expect(err).toContain('[pin-file]');
      expect(err).not.toContain(pins.root);
    });

    it('a wrong PIN is said to be wrong and not shown', async () => {
      const file = room.write('wrong.pin', 'wrong-horse-9999\n', 0o600);
      const { code, err } = await run('token', 'inventory', uri, '--pin-file', file);
      expect(code).toBe(exitCodes.unexpected);
      expect(err).toContain('[token-pin-incorrect]');
      expect(err).not.toContain('wrong-horse');
    });

    it.each([
      ['with a PIN in it', `?pin-value=${pins.root}`, 'pkcs11-uri-pin'],
      ['with a slot', ';slot-id=1', 'pkcs11-uri-slot'],
    ])('a URI %s is refused with status 3 and not repeated', async (_, more, code) => {
      const result = await run('token', 'inventory', `${uri}${more}`);
      expect(result.code).toBe(exitCodes.refused);
      expect(result.err).toContain(`[${code}]`);
      expect(result.err).not.toContain(pins.root);
    });

    it('ceremony run asks nobody where there is nobody: refused before anything has begun', async () => {
      const directory = room.path('unattended');
      const { code, err } = await run('ceremony', 'run', shippedPlan('root'), '--dir', directory);
      expect(code).toBe(exitCodes.refused);
      expect(err).toContain('[no-terminal]');
      expect(existsSync(directory)).toBe(false);
    });

    it('an act that fails ends with status 4, and the resume finishes; the inventory then shows the keys', async () => {
      const held = room.path('held');
      const answers = (name: string): readonly string[] => ['--answers', room.path(name)];
      room.write('wrong.pin', 'wrong-horse-9999\n', 0o600);
      room.write('bad-answers.yaml', room.read('answers.yaml').replace('file: root.pin', 'file: wrong.pin'));
      const failed = await run(
        'ceremony',
        'run',
        shippedPlan('root'),
        ...answers('bad-answers.yaml'),
        '--rehearse',
        '--dir',
        held,
      );
      expect(failed.err).toContain('[token-pin-incorrect]');
      expect(failed.err).toContain(`not finished: resume with: coldroot ceremony resume ${held}`);
      expect(failed.code).toBe(exitCodes.actFailed);
      const again = await run(
        'ceremony',
        'run',
        shippedPlan('root'),
        ...answers('answers.yaml'),
        '--rehearse',
        '--dir',
        held,
      );
      expect(again).toMatchObject({
        code: exitCodes.refused,
        err: expect.stringContaining('[journal-not-empty]') as string,
      });

      // Another library beside the journal would be given the PIN: it is not even looked for.
      const setting = readFileSync(path.join(held, 'setting.json'), 'utf8');
      const other = setting.replace(/"path":"[^"]*"/u, '"path":"/media/stick/other.so"');
      writeFileSync(path.join(held, 'setting.json'), other);
      const exchanged = await room.run('ceremony', 'resume', held, ...answers('answers.yaml'));
      expect([other === setting, exchanged.code]).toEqual([false, exitCodes.refused]);
      expect(exchanged.err).toContain('[setting-differs]');
      writeFileSync(path.join(held, 'setting.json'), setting);

      const resumed = await room.run('ceremony', 'resume', held, ...answers('answers.yaml'));
      // The failed act is what it was: a script does not try again what people should look at.
      expect([resumed.err, resumed.code]).toEqual([expect.stringContaining('') as string, exitCodes.done]);
      expect(resumed.out).toContain('bundle: example-corp-1-rehearsal.coldroot, epoch 1');
      expect((await room.run('ceremony', 'resume', held, ...answers('answers.yaml'))).code).toBe(exitCodes.done);

      const seen = await run('token', 'inventory', uri, '--pin-file', room.path('root.pin'));
      expect(seen.out).toMatch(/private-key {2}"root-r1"\n {2}CKA_ID +[0-9a-f]{32}\n {2}algorithm +ec-p384/u);
      expect(seen.err).toBe('4 objects');
      expect((await run('token', 'inventory', uri)).err).toContain('(public ones only: no PIN was given)');
    });

    it('a folder without a ceremony cannot be resumed: status 3', async () => {
      const result = await room.run('ceremony', 'resume', room.path('nothing'), '--answers', room.path('answers.yaml'));
      expect(result).toMatchObject({
        code: exitCodes.refused,
        err: expect.stringContaining('[journal-missing]') as string,
      });
    });
  },
);
