// Electron's program in the installation. The real one cannot be fetched here: a made-up folder of the same shape stands for it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { electronItems } from '../../deploy/package/electron.ts';
import { fuses } from '../../deploy/package/fuses.ts';
import { stage } from '../../deploy/package/stage.ts';
import { projectRoot } from '../support/rehearsal-room.ts';

const delivered = `ELF dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\u0001\u000811111111 rest`;

describe('Electron in the offline package', () => {
  let directory = '';
  const at = (...names: string[]): string => path.join(directory, ...names);
  const make = (): string =>
    stage(at('installed'), {
      version: '0.0.0',
      seconds: 0,
      dist: path.join(projectRoot, 'dist'),
      bundled: [],
      electron: at('electron'),
    });

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'coldroot-electron-'));
    for (const folder of ['electron/locales', 'installed']) mkdirSync(at(folder), { recursive: true });
    writeFileSync(at('electron/locales/en-GB.pak'), 'words');
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it('is where the window looks for it, with its fuses set, in the list and in the bill of materials', () => {
    writeFileSync(at('electron/electron'), delivered);
    make();
    const program = readFileSync(at('installed/dist/electron/electron'), 'latin1');
    const states = fuses.map(({ on }) => (on ? '1' : '0')).join('');
    expect(program).toBe(delivered.replace('11111111', states));
    expect(statSync(at('installed/dist/electron/electron')).mode & 0o777).toBe(0o755);
    expect(statSync(at('installed/dist/electron/locales/en-GB.pak')).mode & 0o777).toBe(0o644);
    expect(readFileSync(at('installed/SHA256SUMS'), 'utf8')).toMatch(/^[0-9a-f]{64} {2}dist\/electron\/electron$/mu);
    expect(readFileSync(at('installed/sbom.cdx.json'), 'utf8')).toContain('pkg:npm/electron@');
  });

  it('whose fuses cannot be set is not packaged', () => {
    writeFileSync(at('electron/electron'), 'no Electron at all');
    expect(make).toThrow(expect.objectContaining({ code: 'fuses-unfit' }));
  });

  it('that is not on this machine leaves the package as it is', () => {
    expect(electronItems(at('nowhere'))).toEqual([]);
  });
});
