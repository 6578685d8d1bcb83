import { describe, expect, it } from 'vitest';
import { leafProfileSchema, planProfileSchema } from '../../../core/profile/profile.ts';
import { subjectSchema } from '../../../core/profile/subject-schema.ts';

const subject = { C: 'US', O: 'Example Corp', CN: 'Example Corp Root R1' };
const root = { type: 'root', subject, key: 'ec-p384', valid: { for: '20y' } };
const intermediate = {
  type: 'intermediate',
  subject: { ...subject, CN: 'Example Corp Issuing I1' },
  key: 'ec-p256',
  valid: { for: '5y' },
  eku: ['serverAuth'],
  crl: 'http://pki.example.com/r1.crl',
};
const signer = { type: 'bundle-signer', subject: { ...subject, CN: 'Signer' }, key: 'ec-p256', valid: { for: '1y' } };
const leaf = { type: 'leaf' };

/** Where a plan profile is refused, as dotted paths; empty where it is not. */
function refusals(profile: object): readonly string[] {
  const { error } = planProfileSchema.safeParse(profile);
  return (error?.issues ?? []).map(({ path }) => path.join('.'));
}

describe('profiles that a plan may hold', () => {
  it.each([
    ['a root', root],
    ['an intermediate', intermediate],
    ['a bundle signer', signer],
    ['an OCSP signer', { ...signer, type: 'ocsp-signer', key: 'ec-p384' }],
    ['a root that names its signature', { ...root, key: 'rsa-4096', signature: 'rsa-pss-sha384' }],
    [
      'an intermediate with everything',
      {
        ...intermediate,
        signature: 'ecdsa-sha384',
        pathLen: 1,
        permitted: { dns: ['example.com', 'internal'], ip: ['10.0.0.0/8', '2001:db8::/32'] },
        excluded: { dns: ['secret.example.com'] },
        policies: ['2.23.140.1.2.1', '2.999.1', '1.3.6.1.4.1.99999.1'],
        aia: 'http://pki.example.com/r1.cer',
        ocsp: 'http://ocsp.example.com:8080/',
        issuance: { maxValidity: '7d', keys: ['ec-p256'] },
      },
    ],
  ])('%s', (_, profile) => {
    expect(refusals(profile)).toEqual([]);
  });

  it('what is left out has its default, and the default is the narrow one', () => {
    expect(planProfileSchema.parse(intermediate)).toMatchObject({
      pathLen: 0,
      policies: [],
      issuance: { maxValidity: '90d' },
      valid: { from: 'ceremony-day' },
    });
  });

  it.each([
    ['an unknown key', { ...root, pathLen: 0 }, ''],
    ['an unknown key further down', { ...root, subject: { ...subject, E: 'a@example.com' } }, 'subject'],
    ['an unknown type', { ...root, type: 'cross' }, 'type'],
    ['a key of another size', { ...root, key: 'ec-p521' }, 'key'],
    ['a signature the root’s own key cannot make', { ...root, signature: 'rsa-sha256' }, 'signature'],
    ['no organization', { ...root, subject: { C: 'US', CN: 'R1' } }, 'subject.O'],
    ['an organizational unit', { ...root, subject: { ...subject, OU: 'Security' } }, 'subject'],
    ['a country in small letters', { ...root, subject: { ...subject, C: 'us' } }, 'subject'],
    ['no key purpose', { ...intermediate, eku: [] }, 'eku'],
    ['any key purpose', { ...intermediate, eku: ['anyExtendedKeyUsage'] }, 'eku.0'],
    ['no CRL', { ...intermediate, crl: undefined }, 'crl'],
    ['a CRL at an https URL', { ...intermediate, crl: 'https://pki.example.com/r1.crl' }, 'crl'],
    ['a CRL at an ldap URL', { ...intermediate, crl: 'ldap://pki.example.com/r1' }, 'crl'],
    ['a URL with a password', { ...intermediate, aia: 'http://a:b@pki.example.com/' }, 'aia'],
    ['a URL with a fragment', { ...intermediate, aia: 'http://pki.example.com/#a' }, 'aia'],
    ['a URL that lacks a slash', { ...intermediate, aia: 'http:/pki.example.com/' }, 'aia'],
    ['a URL with a space', { ...intermediate, aia: 'http://pki.example.com/a b' }, 'aia'],
    ['a negative path length', { ...intermediate, pathLen: -1 }, 'pathLen'],
    ['a constraint with a leading dot', { ...intermediate, permitted: { dns: ['.example.com'] } }, 'permitted.dns.0'],
    ['a constraint with a wildcard', { ...intermediate, permitted: { dns: ['*.example.com'] } }, 'permitted.dns.0'],
    ['a constraint in capitals', { ...intermediate, permitted: { dns: ['Example.com'] } }, 'permitted.dns.0'],
    ['a range with host bits', { ...intermediate, permitted: { ip: ['10.0.0.1/8'] } }, 'permitted.ip.0'],
    ['constraints that permit nothing at all', { ...intermediate, permitted: {} }, 'permitted'],
    ['exclusions of nothing', { ...intermediate, excluded: { dns: [], ip: [] } }, 'excluded'],
    ['a policy that is no OID', { ...intermediate, policies: ['1.50.1'] }, 'policies.0'],
    ['a policy in words', { ...intermediate, policies: ['domain-validated'] }, 'policies.0'],
    ['a policy with a leading zero', { ...intermediate, policies: ['2.023.1'] }, 'policies.0'],
    ['a validity of two kinds', { ...root, valid: { for: '1y', until: '2027-01-01T00:00:00Z' } }, 'valid'],
    ['a bundle signer with a P-384 key', { ...signer, key: 'ec-p384' }, 'key'],
    ['a leaf, which no ceremony makes', leaf, 'type'],
  ])('%s is refused', (_, profile, path) => {
    expect(refusals(profile)).toEqual([path]);
  });
});

describe('subjects', () => {
  it('leave room for the mark of a rehearsal, and may not bear it', () => {
    expect(subjectSchema.safeParse({ ...subject, CN: 'a'.repeat(54) }).success).toBe(true);
    expect(subjectSchema.safeParse({ ...subject, CN: 'a'.repeat(55) }).success).toBe(false);
    expect(subjectSchema.safeParse({ ...subject, CN: 'REHEARSAL Root' }).success).toBe(false);
    expect(subjectSchema.safeParse({ ...subject, CN: 'Root REHEARSAL' }).success).toBe(true);
  });

  it('that cannot be encoded are refused before anything is', () => {
    const { error } = subjectSchema.safeParse({ ...subject, O: 'Example\u{202e}' });
    expect(error?.issues[0]?.message).toMatch(/characters it may not have/u);
  });
});

describe('the profile of leaves', () => {
  it('asks for a TLS server certificate with its first name as common name where nothing is said', () => {
    expect(leafProfileSchema.parse(leaf)).toEqual({
      type: 'leaf',
      eku: ['serverAuth'],
      policies: [],
      commonName: 'first',
      subject: { fixed: {}, fromRequest: [] },
    });
  });

  it.each([
    ['another key purpose', { ...leaf, eku: ['codeSigning'] }],
    ['no key purpose', { ...leaf, eku: [] }],
    ['names of its own', { ...leaf, names: ['www.example.com'] }],
    ['another common name', { ...leaf, commonName: 'www.example.com' }],
    ['an https CRL', { ...leaf, crl: 'https://pki.example.com/i1.crl' }],
  ])('%s is refused', (_, profile) => {
    expect(leafProfileSchema.safeParse(profile).success).toBe(false);
  });
});
