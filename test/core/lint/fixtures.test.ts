import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nodeVerifier } from '../../../core/node/crypto.ts';
import { readCertificate, readSigned, readTbsCertificate } from '../../../core/x509/certificate.ts';
import { maximumCrlBytes } from '../../../core/x509/crl.ts';
import { lintFixtures } from '../../vectors/lint-cases.ts';
import { findingLines, isSameFixture, judge, readLintFixture, tbsOf } from '../../vectors/lint-fixture.ts';

const folder = new URL('../../vectors/lint/', import.meta.url);
const files = readdirSync(folder).map((file) => {
  const [rule = '', outcome = ''] = file.split('.');
  const [verdict, what] = [outcome.split('-')[0], outcome.split('-').slice(1).join(' ')];
  const text = readFileSync(new URL(file, folder), 'utf8');
  return { file, text, rule, verdict, title: `${rule}: ${verdict}${what === '' ? '' : ` (${what})`}` };
});
/** Their fault is the AlgorithmIdentifier itself, so that nothing can be said of the signature. */
const unnamedSignature = /^(cert|crl)-signature-algorithm\.refused/u;
/** Their fault is that nobody is there to verify with. */
const withoutIssuer = /-issuer-at-hand\./u;

describe('every fixture is judged as its file says', () => {
  it.each(files)('$title', ({ text, rule, verdict }) => {
    const { findings, ...fixture } = readLintFixture(text);
    const found = findingLines(judge(fixture));
    expect(found).toEqual(findings);
    const own = found.filter((line) => line.startsWith(`finding: ${rule}: `));
    expect(verdict === 'accepted' ? found.length : own.length).toBe(verdict === 'accepted' ? 0 : 1);
  });
});

describe('fixtures are real: signed by the issuer they carry', () => {
  it.each(files.filter(({ file }) => !unnamedSignature.test(file) && !withoutIssuer.test(file)))(
    '$file',
    ({ text }) => {
      const { judged, issuer } = readLintFixture(text);
      const { signatureAlgorithm, signature, tbs } = readSigned(judged.bytes, maximumCrlBytes);
      const spki = issuer === undefined ? readTbsCertificate(tbs).spki : readCertificate(issuer).tbs.spki;
      expect(nodeVerifier(spki, signatureAlgorithm, tbsOf(judged.bytes), signature)).toBe(true);
    },
  );
});

describe('fixtures are what the script makes (node test/vectors/make-lint-fixtures.ts writes them)', () => {
  it('no file is missing and none is left over', () => {
    expect(files.map(({ file }) => file).sort()).toEqual([...lintFixtures.keys()].sort());
  });

  it('every file signs the same bytes and names the same findings as its case', () => {
    const stale = files.filter(({ file, text }) => {
      const fixture = lintFixtures.get(file);
      return fixture === undefined || !isSameFixture(text, fixture);
    });
    expect(stale.map(({ file }) => file)).toEqual([]);
  });
});
