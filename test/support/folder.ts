import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A folder for one test, new and empty each time. */
export interface TestFolder {
  path(...names: string[]): string;
  write(name: string, contents: string | Uint8Array, mode?: number): string;
}

/** Gives every test of the file its own temporary folder. */
export function testFolder(): TestFolder {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'coldroot-test-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  const at = (...names: string[]): string => path.join(directory, ...names);
  return {
    path: at,
    write: (name, contents, mode = 0o600) => {
      writeFileSync(at(name), contents, { mode });
      return at(name);
    },
  };
}
