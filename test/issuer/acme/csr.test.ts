import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeVerifier } from '../../../core/node/crypto.ts';
import { leafSubjectSchema, type LeafSubjectRules } from '../../../core/profile/leaf-subject.ts';
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { toBase64, toBase64Url } from '../../../core/ports/base64.ts';
import { readCsr } from '../../../core/x509/csr.ts';
import { readOrderCsr, type CsrExpectations } from '../../../issuer/acme/csr.ts';
import { parseIdentifiers } from '../../../issuer/acme/identifiers/parse-identifier.ts';
import type { DistinguishedName } from '../../../core/x509/name.ts';
import { oids } from '../../../core/x509/oids.ts';
import { makeCsr, type CsrOptions } from '../../support/acme.ts';
import { attribute, name } from '../../vectors/lint-pieces.ts';

const rules = leafSubjectSchema.parse({ fixed: { O: 'Example Corp', C: 'DE' }, fromRequest: ['OU', 'L'] });
const closed = leafSubjectSchema.parse({});

function expectations(names: readonly string[], subject: LeafSubjectRules = closed): CsrExpectations {
  const identifiers = parseIdentifiers(
    names.map((value) => ({ type: /^[0-9.]+$|:/u.test(value) ? 'ip' : 'dns', value })),
  );
  return {
    identifiers,
    keys: ['ec-p256', 'rsa-2048'],
    accountSpki: new Uint8Array(),
    subject,
    subjects: { C: ['DE'], O: ['Example Corp'], L: 'any', OU: ['Ops', 'Dev'] },
    verify: nodeVerifier,
  };
}

async function read(ordered: readonly string[], asked: readonly string[], options: CsrOptions = {}): Promise<unknown> {
  return readOrderCsr((await makeCsr(asked, options)).csr, expectations(ordered));
}

/** The CSR that openssl makes. Two attributes of a kind, or a long one, are what makeCsr cannot write. */
function openssl(subject: string, extension?: string, config = '[dn]'): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'coldroot-csr-'));
  try {
    // OpenSSL heeds attributes only where the names are in the file as well.
    const named = subject === '' ? [] : ['-subj', subject];
    const more = extension === undefined ? [] : ['-addext', extension];
    writeFileSync(path.join(folder, 'req.cnf'), `[req]\ndistinguished_name = dn\n${config}\n`);
    const argv = [
      'req',
      '-config',
      'req.cnf',
      '-new',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'key.pem',
      '-outform',
      'DER',
    ];
    execFileSync('openssl', [...argv, '-out', 'csr.der', ...named, ...more], { cwd: folder, stdio: 'pipe' });
    return toBase64Url(readFileSync(path.join(folder, 'csr.der')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `CN=`, as simple-acme writes it. */
const emptyCommonName = name([attribute(oids.commonName, '')]);

const badCsr = expect.objectContaining({ type: 'badCSR' });

describe('the CSR of an order', () => {
  it.each<[string, string[], string[], CsrOptions]>([
    ['the names in another order', ['a.internal', 'b.internal'], ['b.internal', 'a.internal'], {}],
    ['the names in capitals', ['a.internal'], ['A.Internal'], {}],
    ['a name twice', ['a.internal'], ['a.internal', 'a.internal'], {}],
    ['a common name that is among them', ['a.internal'], ['a.internal'], { subject: { CN: 'a.internal' } }],
    ['a common name alone, as old clients do', ['a.internal'], [], { subject: { CN: 'a.internal' } }],
    [
      'one name as common name and the other as alternative',
      ['a.internal', 'b.internal'],
      ['b.internal'],
      { subject: { CN: 'a.internal' } },
    ],
    ['a wildcard', ['*.a.internal'], ['*.a.internal'], {}],
    ['an address as iPAddress', ['192.0.2.1'], ['192.0.2.1'], {}],
    ['an address as common name and iPAddress', ['192.0.2.1'], ['192.0.2.1'], { subject: { CN: '192.0.2.1' } }],
    [
      'an address as dNSName, as some clients do',
      ['192.0.2.1'],
      [],
      { alternatives: [{ kind: 'dns', value: '192.0.2.1' }] },
    ],
    ['a common name that is empty', ['a.internal'], ['a.internal'], { subject: emptyCommonName }],
    ['an IPv6 address in another spelling', ['2001:db8::1'], [], { subject: { CN: '2001:DB8:0:0::1' } }],
    ['an RSA key', ['a.internal'], ['a.internal'], { algorithm: 'rsa-2048' }],
  ])('may have %s', async (_, ordered, asked, options) => {
    await expect(read(ordered, asked, options)).resolves.toMatchObject({ spki: expect.anything() });
  });

  it.each<[string, string[], string[], CsrOptions]>([
    ['a name too many', ['a.internal'], ['a.internal', 'b.internal'], {}],
    ['a name too few', ['a.internal', 'b.internal'], ['a.internal'], {}],
    ['another name', ['a.internal'], ['b.internal'], {}],
    ['a common name that is not in the order', ['a.internal'], ['a.internal'], { subject: { CN: 'b.internal' } }],
    ['a wildcard for the name', ['a.internal'], ['*.a.internal'], {}],
    ['the name for a wildcard', ['*.a.internal'], ['a.internal'], {}],
    ['no name at all', ['a.internal'], [], {}],
    [
      'a mail address',
      ['a.internal'],
      [],
      {
        alternatives: [
          { kind: 'dns', value: 'a.internal' },
          { kind: 'email', value: 'x@a.internal' },
        ],
      },
    ],
    [
      'a URI',
      ['a.internal'],
      [],
      {
        alternatives: [
          { kind: 'dns', value: 'a.internal' },
          { kind: 'uri', value: 'http://a.internal' },
        ],
      },
    ],
    [
      'an otherName (a UPN, say)',
      ['a.internal'],
      [],
      {
        alternatives: [
          { kind: 'dns', value: 'a.internal' },
          { kind: 'other', tag: 0xa0, value: Uint8Array.of(6, 1, 42) },
        ],
      },
    ],
    ['an organisation, where the profile has none', ['a.internal'], ['a.internal'], { subject: { O: 'Somebody' } }],
    ['an address that is not in the order', ['a.internal'], ['a.internal', '192.0.2.1'], {}],
    ['a key of a type that the policy does not allow', ['a.internal'], ['a.internal'], { algorithm: 'ec-p384' }],
  ])('may not have %s', async (_, ordered, asked, options) => {
    await expect(read(ordered, asked, options)).rejects.toEqual(badCsr);
  });

  it('may be padded or in the other base64 alphabet', async () => {
    const { der } = await makeCsr(['a.internal']);
    for (const text of [toBase64(der), toBase64Url(der), `${toBase64Url(der)}==`]) {
      expect(readOrderCsr(text, expectations(['a.internal']))).toMatchObject({ spki: readCsr(der, nodeVerifier).spki });
    }
  });

  // A pattern that tries again at each of them takes hours for this, and nothing else is answered meanwhile.
  it('of a million padding characters is refused at once', () => {
    expect(() => readOrderCsr(`${'='.repeat(1_000_000)}A`, expectations(['a.internal']))).toThrow(badCsr);
  });

  it('must be signed with its own key', async () => {
    const { der } = await makeCsr(['a.internal']);
    const forged = Uint8Array.from(der);
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    expect(() => readOrderCsr(toBase64Url(forged), expectations(['a.internal']))).toThrow(badCsr);
  });

  it('may not hold the key of the account (RFC 8555 §11.1)', async () => {
    const key = await throwawayKey('ec-p256');
    const { csr } = await makeCsr(['a.internal'], { key });
    const expect1 = { ...expectations(['a.internal']), accountSpki: key.spki };
    expect(() => readOrderCsr(csr, expect1)).toThrow(
      expect.objectContaining({ type: 'badCSR', message: expect.stringContaining('account key') }),
    );
  });

  it.each(['', 'AAAA', 'not base64!', 'A'.repeat(60_000)])('that is no CSR (%#) is bad', (text) => {
    expect(() => readOrderCsr(text, expectations(['a.internal']))).toThrow(badCsr);
  });
});

describe('the subject of the CSR of an order', () => {
  async function subjectOf(subject: DistinguishedName): Promise<unknown> {
    const { csr } = await makeCsr(['a.internal'], { subject });
    return readOrderCsr(csr, expectations(['a.internal'], rules)).subject;
  }

  it.each<[string, DistinguishedName, object]>([
    ['nothing', {}, {}],
    ['what the profile fixes, in the same words', { O: 'Example Corp', C: 'DE' }, {}],
    ['what the profile lets it say', { OU: 'Ops', L: 'Bonn' }, { OU: 'Ops', L: 'Bonn' }],
    ['both, beside a common name', { CN: 'a.internal', O: 'Example Corp', OU: 'Ops' }, { OU: 'Ops' }],
  ])('may say %s', async (_, asked, taken) => {
    await expect(subjectOf(asked)).resolves.toEqual(taken);
  });

  it.each<[string, DistinguishedName]>([
    ['another organisation than the profile fixes', { O: 'Somebody' }],
    ['the same in other letters', { O: 'EXAMPLE CORP' }],
    ['a state, which is in neither list', { ST: 'NRW' }],
    ['a unit that the signed policy does not have', { OU: 'Board' }],
    ['a serial number', { serialNumber: '1' }],
    ['a domain component', { DC: ['internal'] }],
  ])('may not say %s', async (_, asked) => {
    await expect(subjectOf(asked)).rejects.toEqual(badCsr);
  });

  it.each([
    ['two values of one attribute', '/OU=Ops/OU=Dev'],
    ['an attribute that no certificate has', '/UID=olivia'],
  ])('made by openssl may not say %s', (_, subject) => {
    const csr = openssl(subject, 'subjectAltName=DNS:a.internal');
    expect(() => readOrderCsr(csr, expectations(['a.internal'], rules))).toThrow(badCsr);
  });
});

describe('a CSR made by openssl', () => {
  it('is read, with and without alternative names', () => {
    expect(readOrderCsr(openssl('/CN=a.internal'), expectations(['a.internal']))).toBeTruthy();
    const both = openssl('/', 'subjectAltName=DNS:a.internal,IP:192.0.2.1');
    expect(readOrderCsr(both, expectations(['a.internal', '192.0.2.1']))).toBeTruthy();
  });

  it('may have attributes beside its names, such as a challenge password, which are ignored', () => {
    const attributes = 'prompt = no\nattributes = more\n[more]\nchallengePassword = geheim-0815\n[dn]\nCN = a.internal';
    const csr = openssl('', undefined, attributes);
    expect(Buffer.from(csr, 'base64url').toString('latin1')).toContain('geheim-0815');
    expect(readOrderCsr(csr, expectations(['a.internal'])).subject).toEqual({});
  });

  it('with an e-mail address or a second common name in its subject is bad', () => {
    for (const subject of ['/CN=a.internal/emailAddress=x@example.com', '/CN=a.internal/CN=b.internal']) {
      expect(() => readOrderCsr(openssl(subject), expectations(['a.internal', 'b.internal']))).toThrow(badCsr);
    }
  });
});
