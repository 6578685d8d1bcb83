import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toPem } from '../../../core/x509/pem.ts';
import { exitCodes } from '../../../tui/cli/exit-codes.ts';
import { testFolder } from '../../support/folder.ts';
import { makeForge, type Forge } from '../../support/forge.ts';
import { hostileKinds } from '../../support/hostile/kinds.ts';
import { runHere, type RunResult } from '../../support/rehearsal-room.ts';

const folder = testFolder();
let forge: Forge;
let root: string;

beforeAll(async () => {
  // A minute ago: whoever verifies it on this machine's clock must not find it in the future.
  forge = await makeForge(Math.floor(Date.now() / 1000) - 60);
  root = forge.hierarchy.rootFingerprint;
});
beforeEach(() => {
  folder.write('b.coldroot', forge.archive);
});

function verify(...more: readonly string[]): Promise<RunResult> {
  return runHere(
    'bundle',
    'verify',
    folder.path('b.coldroot'),
    ...(more.includes('--root') ? [] : ['--root', root]),
    ...more,
  );
}

/** Names of the files below a folder. */
function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .sort();
}

describe('coldroot bundle verify', () => {
  it('says OK, what it is and its identity', async () => {
    const { code, out, err } = await verify();
    expect([code, err]).toEqual([exitCodes.done, '']);
    expect(out).toMatch(
      /^OK: bundle of example-corp, epoch 1, until \d{4}-\d\d-\d\dT[\d:]+Z\nSHA256SUMS [0-9a-f]{64}$/u,
    );
  });

  it('takes the root as a fingerprint in any spelling, or as its certificate', async () => {
    const spelt = root.toUpperCase().replaceAll(/../gu, '$&:').replace(/:$/u, '');
    const file = folder.write('root.pem', toPem('CERTIFICATE', forge.hierarchy.root.raw));
    for (const given of [spelt, file]) expect((await verify('--root', given)).code).toBe(exitCodes.done);
  });

  it.each([
    ['a file that is not there', 'none.pem', 'media-missing', undefined],
    ['a file without PEM', 'root.pem', 'pem-missing', 'no certificate here'],
    ['a CRL', 'root.pem', 'file-not-certificate', 'X509 CRL'],
  ])('refuses %s as the root, with status 3', async (_, name, code, contents) => {
    const text = contents === 'X509 CRL' ? toPem('X509 CRL', Uint8Array.of(1)) : contents;
    if (text !== undefined) folder.write(name, text);
    const result = await verify('--root', folder.path(name));
    expect(result).toMatchObject({ code: exitCodes.refused, out: '' });
    expect(result.err).toContain(`[${code}]`);
  });

  const some = [
    'a symbolic link',
    'a file twice',
    'a seal with a bit flipped',
    'a signer that certified itself',
    'a file that is not in the list',
    'an unknown key',
    'an issuer of a root that the thief made',
    'an issuer that is revoked',
    'no CRL at all',
    'a transcript with a changed record',
    'an archive cut within a file',
    'an empty file',
  ];
  it.each(hostileKinds.filter(({ what }) => some.includes(what)).map((kind) => [kind.what, kind] as const))(
    'ends with status 6 and one line for %s',
    async (_, kind) => {
      folder.write('b.coldroot', await kind.make(forge));
      const { code, out, err } = await verify();
      expect([code, out]).toEqual([exitCodes.notVerified, '']);
      expect(err).toMatch(new RegExp(`^[^\\n]*\\[${kind.code}\\]$`, 'u'));
    },
  );

  it('has one of those for each that was meant', () => {
    expect(hostileKinds.filter(({ what }) => some.includes(what))).toHaveLength(some.length);
  });

  it('refuses a rehearsal unless one is expected, and a real one where a rehearsal is', async () => {
    folder.write('b.coldroot', forge.rehearsal.archive);
    const pinned = ['--root', forge.rehearsal.expect.rootFingerprint];
    expect((await verify(...pinned)).err).toContain('[bundle-rehearsal]');
    expect((await verify(...pinned, '--rehearsal')).out).toContain('OK: rehearsal bundle');
    folder.write('b.coldroot', forge.archive);
    expect((await verify('--rehearsal')).err).toContain('[bundle-rehearsal-expected]');
  });

  it('refuses another hierarchy than the one named', async () => {
    expect((await verify('--hierarchy', 'example-corp')).code).toBe(exitCodes.done);
    expect((await verify('--hierarchy', 'other-corp')).err).toContain('[bundle-hierarchy]');
  });

  it('looks at an old bundle when told that it is one', async () => {
    const old = await makeForge(Math.floor(Date.now() / 1000) - 400 * 86_400);
    folder.write('b.coldroot', old.archive);
    const pinned = ['--root', old.hierarchy.rootFingerprint];
    expect((await verify(...pinned)).err).toContain('[bundle-expired]');
    expect((await verify(...pinned, '--historical')).code).toBe(exitCodes.done);
  });

  it('refuses a link, a folder and a file that is not there with status 3', async () => {
    symlinkSync(folder.path('b.coldroot'), folder.path('link'));
    mkdirSync(folder.path('folder'));
    for (const [name, code] of [
      ['link', 'media-not-a-file'],
      ['folder', 'media-not-a-file'],
      ['none', 'media-missing'],
    ] as const) {
      const result = await runHere('bundle', 'verify', folder.path(name), '--root', root);
      expect(result).toMatchObject({ code: exitCodes.refused, out: '' });
      expect(result.err).toContain(`[${code}]`);
    }
  });
});

describe('coldroot bundle show', () => {
  function show(...more: readonly string[]): Promise<RunResult> {
    return runHere('bundle', 'show', folder.path('b.coldroot'), '--root', root, ...more);
  }

  it('says what is in it: certificates, policy dates and CRLs, in words', async () => {
    const { code, out } = await show();
    expect(code).toBe(exitCodes.done);
    for (const text of [
      'example-corp, epoch 1',
      'root root-r1',
      'bundle signer bundle-signer-b1',
      'issuer issuing-i1',
      'CRL of root-r1',
      root.toUpperCase(),
      'nameConstraints (critical): only ',
    ]) {
      expect(out).toContain(text);
    }
  });

  it('writes its files out, each as it is in the bundle, and nothing over anything', async () => {
    const target = folder.path('out');
    const { code, err } = await show('--extract', target);
    expect([code, err]).toEqual([
      exitCodes.done,
      `12 files written to ${target}`.replace('12', String(filesIn(target).length)),
    ]);
    expect(filesIn(target)).toEqual([
      'SHA256SUMS',
      'SHA256SUMS.cms',
      'SHA256SUMS.cms.sig',
      'certs/bundle-signer-b1.pem',
      'certs/issuing-i1.pem',
      'certs/root-r1.pem',
      'crls/root-r1.pem',
      'manifest.json',
      'plan.yaml',
      'report.html',
      'transcript.json',
    ]);
    expect((await show('--extract', target)).code).toBe(exitCodes.done);
    folder.write('out/plan.yaml', 'mine\n');
    const again = await show('--extract', target);
    expect([again.code, readFileSync(path.join(target, 'plan.yaml'), 'utf8')]).toEqual([exitCodes.refused, 'mine\n']);
    expect(again.err).toContain('[media-exists]');
  });

  it('shows and writes nothing of a bundle that does not verify', async () => {
    folder.write('b.coldroot', forge.archive.subarray(0, -1));
    const { code, out } = await show('--extract', folder.path('out'));
    expect([code, out]).toEqual([exitCodes.notVerified, '']);
    expect(readdirSync(folder.path())).not.toContain('out');
  });
});
