import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPem, toPem } from '../../../core/x509/pem.ts';
import { exitCodes } from '../../../tui/cli/exit-codes.ts';
import { testFolder } from '../../support/folder.ts';
import { projectRoot, runHere } from '../../support/rehearsal-room.ts';
import { judge, readLintFixture } from '../../vectors/lint-fixture.ts';

const folder = testFolder();
const fixtures = path.join(projectRoot, 'test/vectors/lint');

/** The command line that judges a fixture's first block as the fixture says it is meant. */
function commandLine(name: string): readonly string[] {
  const { judged, as, issuer } = readLintFixture(readFileSync(path.join(fixtures, name), 'utf8'));
  const file = folder.write('judged.pem', toPem(judged.kind === 'crl' ? 'X509 CRL' : 'CERTIFICATE', judged.bytes));
  const meant = judged.kind === 'certificate' ? ['--as', as] : as === 'end-entity' ? ['--end-entity'] : [];
  if (issuer === undefined) return ['lint', file, ...meant];
  return ['lint', file, ...meant, '--issuer', folder.write('issuer.pem', toPem('CERTIFICATE', issuer))];
}

describe('coldroot lint', () => {
  const accepted = [
    'root-no-eku.accepted.pem',
    'intermediate-eku-present.accepted.pem',
    'bundle-signer-eku.accepted.pem',
    'leaf-eku.accepted.pem',
    'crl-period.accepted.pem',
    'crl-period.accepted-end-entity.pem',
  ];
  it.each(accepted)('has nothing against %s: status 0', async (name) => {
    const { code, out } = await runHere(...commandLine(name));
    expect(out).toMatch(/^.*judged\.pem#1 (certificate|CRL) \([a-z-]+\): OK$/u);
    expect(code).toBe(exitCodes.done);
  });

  /** A refused fixture of every rule that still refuses it when nobody says when it was signed, or what came before. */
  const refused = readdirSync(fixtures).filter((name) => {
    if (!name.endsWith('.refused.pem')) return false;
    const fixture = readLintFixture(readFileSync(path.join(fixtures, name), 'utf8'));
    const { judged, as, issuer } = fixture;
    const findings = judge(issuer === undefined ? { judged, as } : { judged, as, issuer });
    return findings.some(({ rule }) => `${rule}.refused.pem` === name);
  });
  it('has such a fixture for most rules', () => {
    expect(refused.length).toBeGreaterThan(90);
  });

  it.each(refused)('names rule, clause and what was found in %s: status 6', async (name) => {
    const { code, out } = await runHere(...commandLine(name));
    const rule = name.replace('.refused.pem', '');
    // What cannot even be parsed is refused before any rule.
    const line = out.split('\n').find((one) => one.startsWith(`  ${rule} (`)) ?? out;
    expect(line).toMatch(/^ {2}[a-z0-9-]+ \([^)]+.*\): .+ Found: .+$|judged\.pem#1: .*\[[a-z0-9-]+\]$/u);
    expect(code).toBe(exitCodes.notVerified);
  });

  it('finds out by itself what a certificate says it is, and reads DER as well as PEM', async () => {
    for (const name of ['root-no-eku', 'intermediate-eku-present', 'leaf-eku']) {
      const { judged, as } = readLintFixture(readFileSync(path.join(fixtures, `${name}.accepted.pem`), 'utf8'));
      const { code, out } = await runHere('lint', folder.write('c.der', judged.bytes));
      expect([code, out]).toEqual([exitCodes.done, `${folder.path('c.der')}#1 certificate (${as}): OK`]);
    }
  });

  it('judges every block of every file, and one that is refused spoils the whole', async () => {
    const root = readFileSync(path.join(fixtures, 'root-no-eku.accepted.pem'), 'utf8');
    const bad = readFileSync(path.join(fixtures, 'root-no-eku.refused.pem'), 'utf8');
    const [good] = readPem(root);
    const [worse] = readPem(bad);
    const both = folder.write(
      'both.pem',
      [good, worse].map((block) => toPem('CERTIFICATE', block?.bytes ?? new Uint8Array())).join('explanatory text\n'),
    );
    const { code, out } = await runHere(
      'lint',
      both,
      folder.write('good.pem', toPem('CERTIFICATE', good?.bytes ?? new Uint8Array())),
    );
    expect(code).toBe(exitCodes.notVerified);
    expect(out).toMatch(/both\.pem#1 .*OK\n.*both\.pem#2 .*refused[\s\S]*good\.pem#1 .*OK$/u);
  });

  it.each([
    ['garbage', 'not a certificate', 6],
    ['nothing', '', 6],
    ['PEM with garbage in it', '-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n', 6],
    ['PEM without an end', '-----BEGIN CERTIFICATE-----\nAAAA\n', 6],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n', 6],
  ])('says of %s that it cannot be read', async (_, contents, status) => {
    const { code, out } = await runHere('lint', folder.write('x.pem', contents));
    expect(code).toBe(status);
    expect(out).toMatch(/x\.pem.*\[[a-z0-9-]+\]$/u);
  });

  it('ends with status 3 for a file that is not there, or an issuer that is no certificate', async () => {
    const file = path.join(fixtures, 'leaf-eku.accepted.pem');
    expect(await runHere('lint', folder.path('none'))).toMatchObject({ code: exitCodes.refused });
    expect(await runHere('lint', file, '--issuer', folder.write('i', 'x'))).toMatchObject({ code: exitCodes.refused });
    expect(await runHere('lint', file, '--issuer', folder.path('none'))).toMatchObject({ code: exitCodes.refused });
  });
});
