import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { certificateRules, crlRules } from '../../../core/lint/registry.ts';
import { unwaivable } from '../../../core/lint/unwaivable.ts';
import { profileTypes } from '../../../core/profile/profile.ts';
import { lintDoc, lintDocFile } from '../../house/lint-doc.ts';

const rules = [...certificateRules, ...crlRules];
const ruleFolder = new URL('../../../core/lint/rules/', import.meta.url);
const fixtures = readdirSync(new URL('../../vectors/lint/', import.meta.url));
/** A document and a place in it; after a semicolon another, or what Coldroot adds of its own. */
const citation = /^(RFC \d{4} (§|Appendix )[A-Z0-9]|BR \d+\.\d|NIST SP \d+-|X\.690 §|Mozilla (MRSP|bug) \d|Coldroot )/u;

describe('the rule registry', () => {
  it('holds every file of core/lint/rules exactly once, under the name of the file', () => {
    const files = readdirSync(ruleFolder).map((file) => file.replace(/\.ts$/u, ''));
    expect(rules.map(({ id }) => id).sort()).toEqual(files.sort());
  });

  it('knows every rule that nobody may waive, and leaves the others to reasons', () => {
    const ids = rules.map(({ id }) => id);
    expect([...unwaivable].filter((id) => !ids.includes(id))).toEqual([]);
    expect(ids.filter((id) => !unwaivable.has(id)).length).toBeGreaterThan(unwaivable.size);
  });

  it('keeps certificate rules and CRL rules apart', () => {
    expect(certificateRules.filter(({ id }) => id.startsWith('crl-'))).toEqual([]);
    expect(crlRules.filter(({ id }) => !id.startsWith('crl-'))).toEqual([]);
  });

  it.each(rules)('$id cites a clause, and one that is not our own', ({ clause }) => {
    const citations = clause.split('; ');
    expect(citations.filter((one) => !citation.test(one))).toEqual([]);
    expect(citations.some((one) => !one.startsWith('Coldroot '))).toBe(true);
  });

  it.each(rules)('$id demands something in one sentence', ({ demand }) => {
    expect(demand).toMatch(/^\S.{15,160}\.$/u);
  });

  it.each(certificateRules)('$id applies to at least one profile type, each once', ({ appliesTo }) => {
    expect(appliesTo.length).toBeGreaterThan(0);
    expect(profileTypes.filter((type) => appliesTo.includes(type))).toHaveLength(appliesTo.length);
  });

  it.each(rules)('$id has a fixture it must refuse and one that all must accept', ({ id }) => {
    expect(fixtures).toEqual(expect.arrayContaining([`${id}.refused.pem`, `${id}.accepted.pem`]));
  });

  it('has no fixture of a rule that is gone', () => {
    const ids = rules.map(({ id }) => id);
    expect(fixtures.filter((file) => !ids.includes(file.slice(0, file.indexOf('.'))))).toEqual([]);
  });

  it('is what docs/lint-rules.md says (node test/house/make-lint-doc.ts writes it)', () => {
    expect(readFileSync(lintDocFile, 'utf8')).toBe(lintDoc());
  });
});
