import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyBundle } from '../../../core/bundle/verify.ts';
import { readTar, writeTar } from '../../../core/bundle/tar.ts';
import { nodeDigest, nodeVerifier } from '../../../core/node/crypto.ts';
import { toPem } from '../../../core/x509/pem.ts';
import { makeBundle, makeHierarchy, type TestHierarchy } from '../../support/hierarchy.ts';

const tools = { digest: nodeDigest, verify: nodeVerifier };
let directory = '';
let hierarchy: TestHierarchy;
let archive: Uint8Array;

/** The commands that docs/bundle.md gives to people without Coldroot, run as they stand there. */
function documentedCommands(): string {
  const text = readFileSync(new URL('../../../docs/bundle.md', import.meta.url), 'utf8');
  return /```sh verify\n([\s\S]*?)```/u.exec(text)?.[1] ?? 'false';
}

function verifyByHand(): number | null {
  return spawnSync('sh', ['-ec', documentedCommands()], { cwd: directory }).status;
}

/** Puts every file of `folder` in the place of `name` and runs the commands, in one shell; which of them passed. */
function verifyEach(folder: string, name: string): { tried: number; passed: readonly string[] } {
  const script = `tried=0
for copy in "$1"/*; do
  cp "$copy" "$2"
  if sh -ec "$3" >/dev/null 2>&1; then echo "$copy"; fi
  tried=$((tried + 1))
done
echo "$tried"`;
  const { stdout } = spawnSync('sh', ['-uc', script, 'sh', folder, name, documentedCommands()], {
    cwd: directory,
    encoding: 'utf8',
  });
  const lines = stdout.trim().split('\n');
  return { tried: Number(lines.at(-1)), passed: lines.slice(0, -1) };
}

function expectations(): Parameters<typeof verifyBundle>[1] {
  return { rootFingerprint: hierarchy.rootFingerprint, now: hierarchy.now + 60, rehearsal: 'refuse' };
}

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'coldroot-bundle-'));
  hierarchy = await makeHierarchy();
  archive = await makeBundle(hierarchy);
  writeFileSync(path.join(directory, 'root.pem'), toPem('CERTIFICATE', hierarchy.root.raw));
  writeFileSync(path.join(directory, 'b.coldroot'), archive);
  execFileSync('tar', ['xf', 'b.coldroot'], { cwd: directory });
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('a bundle verifies with openssl and sha256sum alone', () => {
  it('the untouched bundle passes both the documented commands and verifyBundle', () => {
    expect(verifyBundle(archive, expectations(), tools)).toMatchObject({ ok: true });
    expect(verifyByHand()).toBe(0);
  });

  it('any flipped byte of the archive is refused by verifyBundle', () => {
    // Every byte of header and signature blocks, and every seventh of the rest, in two ways each.
    for (let index = 0; index < archive.length; index += index < 8192 ? 1 : 7) {
      const copy = Uint8Array.from(archive);
      copy[index] = (copy[index] ?? 0) ^ (index % 2 === 0 ? 0x01 : 0x20);
      expect(verifyBundle(copy, expectations(), tools).ok, `byte ${index}`).toBe(false);
    }
  }, 600_000);

  it('a flipped byte in any file of the bundle fails the documented commands', () => {
    const tar = readTar(archive);
    if (!tar.ok) throw new Error(tar.refusal.code);
    const flipped = path.join(directory, 'flipped');
    for (const [name, bytes] of tar.files) {
      const signature = name.startsWith('SHA256SUMS.cms');
      // All of the signature files, because OpenSSL reads those leniently; a sample of the plainly hashed ones.
      const step = signature ? 1 : Math.ceil(bytes.length / 8);
      mkdirSync(flipped);
      for (let index = 0; index < bytes.length; index += step) {
        const copy = Uint8Array.from(bytes);
        copy[index] = (copy[index] ?? 0) ^ 0x01;
        writeFileSync(path.join(flipped, String(index)), copy);
      }
      const tried = Math.ceil(bytes.length / step);
      expect({ name, ...verifyEach(flipped, name) }).toEqual({ name, tried, passed: [] });
      rmSync(flipped, { recursive: true });
      writeFileSync(path.join(directory, name), bytes);
    }
    expect(verifyByHand()).toBe(0);
  }, 600_000);

  it('GNU tar lists what our writer wrote, without complaint', () => {
    const { stderr, stdout } = spawnSync('tar', ['tvf', 'b.coldroot'], { cwd: directory, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toContain('certs/root-r1.pem');
    const tar = readTar(archive);
    expect(tar.ok && writeTar(tar.files, tar.mtime)).toEqual(archive);
  });
});
