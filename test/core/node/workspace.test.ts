import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { loadBinding, loadBound, openWorkspace, outputFolder, saveBound } from '../../../core/node/workspace.ts';
import { testFolder } from '../../support/folder.ts';

const folder = testFolder();
const module = { path: '/usr/lib/vendor.so' };
const binding = `coldroot-binding: 1
modules: { hsm: { path: /usr/lib/vendor.so, environment: { VENDOR_CONF: ./vendor.conf, VENDOR_MODE: "1" } } }
tokens: { root: "pkcs11:serial=1234" }
files: { request: csr/one.pem }
previous: { bundle: ../last.coldroot, root: ${'ab'.repeat(32)} }
`;

describe('a binding', () => {
  it('counts its relative paths from its own folder, and leaves out of them what is no path', async () => {
    mkdirSync(folder.path('b'));
    const { modules, setting } = await loadBinding(folder.write('b/binding.yaml', binding), 'elsewhere/out');
    expect(modules).toEqual({
      hsm: { ...module, environment: { VENDOR_CONF: folder.path('b/vendor.conf'), VENDOR_MODE: '1' } },
    });
    expect(setting).toMatchObject({
      tokens: { root: 'pkcs11:serial=1234' },
      files: { request: folder.path('b/csr/one.pem') },
      previous: { bundle: folder.path('last.coldroot'), root: 'ab'.repeat(32) },
      bindingHash: Buffer.from(nodeDigest('sha256', Buffer.from(binding))).toString('hex'),
    });
    expect(setting.output).toMatch(/^\/.*elsewhere\/out$/u);
  });

  it('counts a module’s relative path from its own folder too, but leaves a bare name to the system', async () => {
    for (const [given, meant] of [
      ['./lib/p11.so', folder.path('lib/p11.so')],
      ['lib/p11.so', folder.path('lib/p11.so')],
      ['p11.so', 'p11.so'],
    ]) {
      const file = folder.write('binding.yaml', binding.replace('/usr/lib/vendor.so', given ?? ''));
      expect((await loadBinding(file, 'out')).modules['hsm']?.path).toBe(meant);
    }
  });

  it('may name the output folder itself', async () => {
    const file = folder.write('binding.yaml', `${binding}output: stick\n`);
    expect((await loadBinding(file, 'out')).setting.output).toBe(folder.path('stick'));
  });

  it.each([
    ['an unknown key', 'pin: 1234\n', 'yaml-unknown-key'],
    ['a fingerprint that is none', 'output: x\n', 'yaml-invalid-value'],
    ['a module without a path', '', 'yaml-missing-key'],
  ])('is refused with %s, at its line', async (what, more, code) => {
    const spoilt = what.startsWith('a fingerprint')
      ? binding.replace('ab'.repeat(32), 'AB'.repeat(32))
      : what.startsWith('a module')
        ? binding.replace('path: /usr/lib/vendor.so, ', '')
        : binding;
    const file = folder.write('binding.yaml', `${spoilt}${more}`);
    await expect(loadBinding(file, 'out')).rejects.toMatchObject({
      code,
      where: { file, line: expect.any(Number) as number },
    });
  });
});

describe('a ceremony’s folder', () => {
  it('is for its owner alone, holds an empty journal at first, and is held by one at a time', async () => {
    const directory = folder.path('held');
    const workspace = await openWorkspace(directory, nodeDigest);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(workspace.journal.records).toEqual([]);
    await expect(openWorkspace(directory, nodeDigest)).rejects.toMatchObject({ code: 'locked' });
    await workspace.close();
    await (await openWorkspace(directory, nodeDigest)).close();
    expect(outputFolder(directory)).toBe(folder.path('held/out'));
  });

  it.each([
    ['another PKCS#11 module', '/usr/lib/vendor.so', '/media/stick/vendor.so'],
    ['another token', 'serial=1234', 'serial=9999'],
    ['another variable of the module', 'VENDOR_MODE', 'LD_PRELOAD'],
  ])('tells what its binding meant by a hash that is made again when it is read: %s', async (_, was, is) => {
    const directory = folder.path('held');
    mkdirSync(directory);
    const bound = await loadBinding(folder.write('binding.yaml', binding), 'out');
    await saveBound(directory, bound);
    expect(await loadBound(directory)).toEqual(bound);
    const kept = readFileSync(folder.path('held/setting.json'), 'utf8');
    folder.write('held/setting.json', kept.replace(was, is));
    const changed = await loadBound(directory);
    expect(changed.setting.bindingHash).toBe(bound.setting.bindingHash);
    expect(changed.setting.boundHash).not.toBe(bound.setting.boundHash);
  });

  it('lets go of itself when its journal is damaged', async () => {
    mkdirSync(folder.path('held'));
    folder.write('held/journal.db', 'not a database');
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(openWorkspace(folder.path('held'), nodeDigest)).rejects.toMatchObject({ code: 'journal-damaged' });
    }
  });

  it('keeps what the binding meant, for its owner alone, and gives it back', async () => {
    mkdirSync(folder.path('held'));
    const bound = await loadBinding(folder.write('binding.yaml', binding), 'out');
    await saveBound(folder.path('held'), bound);
    expect(statSync(folder.path('held/setting.json')).mode & 0o777).toBe(0o600);
    expect(await loadBound(folder.path('held'))).toEqual(bound);
  });

  it.each([
    ['not JSON', 'x'],
    ['of another shape', '{}'],
    ['with something more', ''],
  ])('does not believe a setting that is %s', async (what, text) => {
    mkdirSync(folder.path('held'));
    await saveBound(folder.path('held'), await loadBinding(folder.write('binding.yaml', binding), 'out'));
    const kept = readFileSync(folder.path('held/setting.json'), 'utf8');
    folder.write('held/setting.json', what === 'with something more' ? kept.replace('{', '{"pin":"1234",') : text);
    await expect(loadBound(folder.path('held'))).rejects.toMatchObject({ code: 'setting-damaged' });
  });
});
