// What the subject of a leaf may hold follows from its profile: fixtures have none, so that it is tried here.
import { describe, expect, it } from 'vitest';
import { leafSubjectAttributes } from '../../../core/lint/rules/leaf-subject-attributes.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { leafProfileSchema } from '../../../core/profile/profile.ts';
import { readTbsCertificate } from '../../../core/x509/certificate.ts';
import { encodeName, type DistinguishedName } from '../../../core/x509/name.ts';
import { lintFixtures } from '../../vectors/lint-cases.ts';
import { tbsOf } from '../../vectors/lint-fixture.ts';

const profile = leafProfileSchema.parse({
  type: 'leaf',
  subject: { fixed: { O: 'Example Corp' }, fromRequest: ['OU'] },
});

const leaf = lintFixtures.get('leaf-subject-attributes.accepted.pem')?.judged.bytes ?? new Uint8Array();

function found(subject: DistinguishedName): string | undefined {
  const tbs = { ...readTbsCertificate(tbsOf(leaf)), subject: encodeName(subject) };
  return leafSubjectAttributes.check({ tbs, type: 'leaf', profile, digest: nodeDigest });
}

describe('the subject of a leaf', () => {
  it.each<DistinguishedName>([
    { O: 'Example Corp' },
    { O: 'Example Corp', CN: 'www.example.com' },
    { O: 'Example Corp', OU: 'Ops', CN: 'www.example.com' },
  ])('passes as its profile has it: %j', (subject) => {
    expect(found(subject)).toBeUndefined();
  });

  it.each<[DistinguishedName, RegExp]>([
    [{ CN: 'www.example.com' }, /no O/u],
    [{ O: 'Somebody', CN: 'www.example.com' }, /organizationName/u],
    [{ O: 'Example Corp', L: 'Bonn' }, /localityName/u],
  ])('is refused where it is otherwise: %j', (subject, what) => {
    expect(found(subject)).toMatch(what);
  });
});
