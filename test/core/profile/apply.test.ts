import { describe, expect, it } from 'vitest';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { applyLeafProfile, applyPlanProfile, profileSubject, type Issuance } from '../../../core/profile/apply.ts';
import { extensionTable } from '../../../core/profile/extension-table.ts';
import { leafProfileSchema, planProfileSchema, profileTypes } from '../../../core/profile/profile.ts';
import { extensionOf, type CertificateContents } from '../../../core/x509/certificate.ts';
import { readKeyUsage } from '../../../core/x509/extensions/key-usage.ts';
import { readNameConstraints } from '../../../core/x509/extensions/name-constraints.ts';
import { readSubjectAltName } from '../../../core/x509/extensions/subject-alt-name.ts';
import { formatGeneralName } from '../../../core/x509/general-name.ts';
import { formatName } from '../../../core/x509/name.ts';
import { oids } from '../../../core/x509/oids.ts';
import { dns, ip, serialFor, utc, world } from '../../vectors/lint-world.ts';
import { testKey, type TestKeyName } from '../../vectors/test-keys.ts';

const intermediate = planProfileSchema.parse({
  type: 'intermediate',
  subject: { C: 'US', O: 'Example Corp', CN: 'Issuing I1' },
  key: 'ec-p256',
  valid: { for: '5y' },
  eku: ['serverAuth'],
  permitted: { dns: ['example.com'], ip: ['10.0.0.0/8'] },
  excluded: { dns: ['secret.example.com'] },
  crl: 'http://pki.example.com/r1.crl',
});
const leafProfile = (change: object = {}): ReturnType<typeof leafProfileSchema.parse> =>
  leafProfileSchema.parse({ type: 'leaf', ...change });

function issuance(key: TestKeyName, rehearsal = false): Issuance & Required<Pick<Issuance, 'issuer'>> {
  const dates = { notBefore: utc('2026-11-22'), notAfter: utc('2027-02-20') - 1 };
  return { serial: serialFor(key), ...dates, spki: testKey(key).spki, issuer: world().issuing, rehearsal };
}

const valueOf = (contents: CertificateContents, oid: string): Uint8Array =>
  extensionOf(contents, oid)?.value ?? new Uint8Array();

describe('a plan profile', () => {
  it('says which names a CA may certify, and which it may not', () => {
    const contents = applyPlanProfile(intermediate, issuance('issuing'), nodeDigest);
    const { permitted, excluded } = readNameConstraints(valueOf(contents, oids.nameConstraints));
    expect(permitted.map(formatGeneralName)).toEqual(['DNS:example.com', 'IP:10.0.0.0/8']);
    expect(excluded.map(formatGeneralName)).toEqual(['DNS:secret.example.com']);
    expect(extensionOf(contents, oids.nameConstraints)?.critical).toBe(true);
  });

  it('of a rehearsal marks the common name and nothing else', () => {
    const [real, rehearsed] = [false, true].map((rehearsal) =>
      applyPlanProfile(intermediate, issuance('issuing', rehearsal), nodeDigest),
    );
    expect(formatName(rehearsed?.subject ?? new Uint8Array())).toBe('C=US, O=Example Corp, CN=REHEARSAL Issuing I1');
    expect({ ...rehearsed, subject: real?.subject }).toEqual(real);
    expect(profileSubject(intermediate, true)).toEqual(rehearsed?.subject);
  });

  it('is signed as the issuer’s key can, whatever the key that is certified', () => {
    expect(applyPlanProfile(intermediate, issuance('issuing'), nodeDigest).signatureAlgorithm).toBe('ecdsa-sha384');
    const wrong = planProfileSchema.parse({ ...intermediate, signature: 'ecdsa-sha256' });
    expect(() => applyPlanProfile(wrong, issuance('issuing'), nodeDigest)).toThrowError(
      expect.objectContaining({ code: 'signature-algorithm-mismatch' }),
    );
  });
});

describe('a leaf profile', () => {
  const names = [ip('0a000001'), dns('www.example.com'), dns('example.com')];

  it('takes the first DNS name as common name, and all of them as alternative names', () => {
    const contents = applyLeafProfile(leafProfile(), issuance('leaf'), names);
    expect(formatName(contents.subject)).toBe('CN=www.example.com');
    expect(readSubjectAltName(valueOf(contents, oids.subjectAltName))).toEqual(names);
    expect(extensionOf(contents, oids.subjectAltName)?.critical).toBe(false);
  });

  it.each([
    ['the profile wants none', leafProfile({ commonName: 'none' }), names],
    ['there is no DNS name', leafProfile(), [ip('0a000001')]],
    ['no DNS name is short enough', leafProfile(), [dns(`${'a'.repeat(60)}.example.com`)]],
  ])('leaves the subject empty and makes the names critical where %s', (_, profile, wanted) => {
    const contents = applyLeafProfile(profile, issuance('leaf'), wanted);
    expect(formatName(contents.subject)).toBe('(empty)');
    expect(extensionOf(contents, oids.subjectAltName)?.critical).toBe(true);
  });

  it('fixes parts of the subject, and takes from the request what it names and nothing else', () => {
    const profile = leafProfile({ subject: { fixed: { O: 'Example Corp', C: 'DE' }, fromRequest: ['OU'] } });
    const asked = { O: 'Somebody', OU: 'Ops', L: 'Bonn' };
    const contents = applyLeafProfile(profile, issuance('leaf'), [dns('b.example')], asked);
    expect(formatName(contents.subject)).toBe('C=DE, O=Example Corp, OU=Ops, CN=b.example');
    const unnamed = applyLeafProfile({ ...profile, commonName: 'none' }, issuance('leaf'), [dns('b.example')]);
    expect(formatName(unnamed.subject)).toBe('C=DE, O=Example Corp');
    expect(extensionOf(unnamed, oids.subjectAltName)?.critical).toBe(false);
  });

  it.each([
    ['that is fixed and from the request', { fixed: { O: 'X' }, fromRequest: ['O'] }],
    ['twice', { fromRequest: ['O', 'O'] }],
    ['of a country that is none', { fixed: { C: 'Germany' } }],
    ['that is a common name', { fixed: { CN: 'www.example.com' } }],
    ['that is an address', { fromRequest: ['emailAddress'] }],
  ])('may not have a part of the subject %s', (_, subject) => {
    expect(leafProfileSchema.safeParse({ type: 'leaf', subject }).success).toBe(false);
  });

  it('skips a name that is too long for a common name', () => {
    const contents = applyLeafProfile(leafProfile(), issuance('leaf'), [
      dns(`${'a'.repeat(60)}.example.com`),
      dns('b.example'),
    ]);
    expect(formatName(contents.subject)).toBe('CN=b.example');
  });

  it.each([
    ['leaf', ['digitalSignature']],
    ['rsa-leaf', ['digitalSignature', 'keyEncipherment']],
  ] as const)('the key %s may be used for %j', (key, usages) => {
    const contents = applyLeafProfile(leafProfile(), issuance(key), names);
    expect(readKeyUsage(valueOf(contents, oids.keyUsage))).toEqual(usages);
  });
});

describe('the extension table', () => {
  it.each(profileTypes)('%s: whatever is critical is required or constrains', (type) => {
    const critical = Object.entries(extensionTable[type]).filter(([, rule]) => rule.critical === true);
    const optional = critical.filter(([, { presence }]) => presence === 'optional').map(([oid]) => oid);
    expect(optional.filter((oid) => oid !== oids.nameConstraints)).toEqual([]);
  });

  it('no type but a CA may have basic constraints or name constraints', () => {
    const cas = profileTypes.filter((type) => extensionTable[type][oids.basicConstraints] !== undefined);
    expect(cas).toEqual(['root', 'intermediate']);
    expect(profileTypes.filter((type) => extensionTable[type][oids.nameConstraints] !== undefined)).toEqual([
      'intermediate',
    ]);
  });
});
