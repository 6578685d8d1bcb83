import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSecretFile } from '../../../issuer/ops/secret-file.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'coldroot-secret-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string, mode = 0o600): string {
  const full = path.join(folder, name);
  writeFileSync(full, text);
  chmodSync(full, mode);
  return full;
}

describe('a secret file', () => {
  it('is read to the end of its first line', () => {
    expect(readSecretFile(file('good', 'geheim 1\r\n'))).toBe('geheim 1');
    expect(readSecretFile(file('read-only', 'geheim 2', 0o400))).toBe('geheim 2');
  });

  it.each([0o640, 0o604, 0o620, 0o666, 0o700])('with mode %o is refused', (mode) => {
    expect(() => readSecretFile(file('exposed', 'geheim', mode))).toThrow(
      expect.objectContaining({ code: 'secret-exposed' }),
    );
  });

  it('that is missing, a link, a folder, empty or long is refused, without its contents in the error', () => {
    const link = path.join(folder, 'link');
    symlinkSync(file('target', 'geheim'), link);
    const refused: [string, string][] = [
      [path.join(folder, 'nowhere'), 'secret-unreadable'],
      [link, 'secret-unreadable'],
      [folder, 'secret-not-a-file'],
      [file('empty', '\ngeheim'), 'secret-empty'],
      [file('long', 'geheim'.repeat(1000)), 'secret-not-a-file'],
    ];
    for (const [name, code] of refused) {
      expect(() => readSecretFile(name)).toThrow(expect.objectContaining({ code }));
      expect(() => readSecretFile(name)).not.toThrow(/geheim/u);
    }
  });
});
