import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { crlContents } from '../../../core/profile/crl-contents.ts';
import { assembleSigned } from '../../../core/x509/certificate.ts';
import { encodeTbsCertList, type Revocation } from '../../../core/x509/crl.ts';
import { nameConstraints } from '../../../core/x509/extensions/name-constraints.ts';
import { subjectAltName } from '../../../core/x509/extensions/subject-alt-name.ts';
import { toPem } from '../../../core/x509/pem.ts';
import { dns, ip, makeCertificate, put, serialFor, signingTime, type Authority } from '../../vectors/lint-world.ts';
import { openssl, withFiles } from '../x509/openssl.ts';

// A chain as profiles make it, judged by two programs that are not ours.

const day = 86_400;

function crl(issuer: Authority, thisUpdate: number, revocations: readonly Revocation[]): string {
  const contents = crlContents({ issuer, number: 1n, thisUpdate, nextUpdate: thisUpdate + 10 * day - 1, revocations });
  const tbs = encodeTbsCertList(contents);
  const signature = issuer.key.sign(contents.signatureAlgorithm, tbs);
  return toPem('X509 CRL', assembleSigned(tbs, contents.signatureAlgorithm, signature));
}

/** Root, intermediate, leaves, bundle signer and CRLs that are valid at this time. */
function chainAt(now: number): Readonly<Record<string, string>> {
  const dates = { from: now - day, to: now + 3650 * day };
  const root = makeCertificate('root', dates).self;
  const constraints = nameConstraints({ permitted: [dns('example.com'), ip('0a000000ff000000')], excluded: [] });
  const issuing = makeCertificate('issuing', { ...dates, issuer: root }, (parts) => put(parts, constraints)).self;
  const leafDates = { from: now - 3600, to: now + 90 * day, issuer: issuing };
  const leaf = makeCertificate('leaf', { ...leafDates, names: [dns('www.example.com'), ip('0a000001')] });
  const outside = makeCertificate('leaf', leafDates, (parts) =>
    put(parts, subjectAltName([dns('www.example.org')], false)),
  );
  const signer = makeCertificate('signer', { ...dates, issuer: root });
  const pem = (certificate: Uint8Array): string => toPem('CERTIFICATE', certificate);
  const above = pem(issuing.certificate) + pem(root.certificate);
  const revoked = { serial: serialFor('leaf'), revokedAt: now - 60, reason: 'keyCompromise' } as const;
  return {
    'root.pem': pem(root.certificate),
    'issuing.pem': pem(issuing.certificate),
    'leaf.pem': pem(leaf.certificate),
    'outside.pem': pem(outside.certificate),
    'signer.pem': pem(signer.certificate),
    'chain.pem': pem(leaf.certificate) + above,
    'outside-chain.pem': pem(outside.certificate) + above,
    'crls.pem': crl(root, now, []) + crl(issuing, now, []),
    'revoked.pem': crl(root, now, []) + crl(issuing, now, [revoked]),
    'issuing.crl': crl(issuing, now, [revoked]),
  };
}

describe('openssl verify -x509_strict', () => {
  const files = chainAt(signingTime);
  const verify = (...arguments_: readonly string[]): string =>
    withFiles(files, (folder) => {
      const common = ['verify', '-x509_strict', '-check_ss_sig', '-attime', `${signingTime}`, '-CAfile', 'root.pem'];
      const { stdout, stderr } = spawnSync('openssl', [...common, ...arguments_], { cwd: folder, encoding: 'utf8' });
      return stdout + stderr;
    });

  it('accepts the leaf for a TLS server, the CRLs being fresh', () => {
    const checks = ['-purpose', 'sslserver', '-policy_check', '-crl_check_all', '-CRLfile', 'crls.pem'];
    expect(verify(...checks, '-untrusted', 'issuing.pem', 'leaf.pem')).toBe('leaf.pem: OK\n');
  });

  it('refuses it once its serial is on the CRL', () => {
    const checks = ['-crl_check_all', '-CRLfile', 'revoked.pem'];
    expect(verify(...checks, '-untrusted', 'issuing.pem', 'leaf.pem')).toMatch(/error 23 .*certificate revoked/u);
  });

  it('refuses a leaf outside the name constraints', () => {
    expect(verify('-untrusted', 'issuing.pem', 'outside.pem')).toMatch(/permitted subtree violation/u);
  });

  it('accepts root and intermediate, and the bundle signer for any purpose but a TLS server’s', () => {
    expect(verify('root.pem', 'issuing.pem')).toBe('root.pem: OK\nissuing.pem: OK\n');
    expect(verify('-purpose', 'any', 'signer.pem')).toBe('signer.pem: OK\n');
    expect(verify('-purpose', 'sslserver', 'signer.pem')).toMatch(/critical extension|purpose/u);
  });

  it('says that the leaf is for the names it was made for', () => {
    const of = (name: string): string => openssl(['x509', '-noout', '-checkhost', name], files['leaf.pem']);
    expect(of('www.example.com')).toMatch(/does match/u);
    expect(of('example.com')).toMatch(/does NOT match/u);
  });
});

const certtool = spawnSync('certtool', ['--version'], { encoding: 'utf8' });
const missing = certtool.error !== undefined;
if (missing) console.warn('SKIPPED: certtool (gnutls-bin) is not installed; chains are not verified by GnuTLS.');

describe.skipIf(missing)('certtool --verify-chain (skipped where gnutls-bin is missing)', () => {
  // This version cannot be told what time it is, so that the chain is one of today.
  const files = chainAt(Math.floor(Date.now() / 1000));
  const verify = (file: string): string =>
    withFiles(files, (folder) => {
      const options = ['--verify-chain', '--verify-profile', 'high', '--infile', file];
      const { stdout, stderr } = spawnSync('certtool', options, { cwd: folder, encoding: 'utf8' });
      return stdout + stderr;
    });

  it('trusts the chain', () => {
    expect(verify('chain.pem')).toMatch(/Chain verification output: Verified\. The certificate is trusted\./u);
  });

  it('does not trust a chain whose leaf is outside the name constraints', () => {
    expect(verify('outside-chain.pem')).toMatch(/Not verified\..*constraints/su);
  });

  it('reads a CRL', () => {
    const text = execFileSync('certtool', ['--crl-info'], { input: files['issuing.crl'] ?? '', encoding: 'utf8' });
    expect(text).toMatch(/CRL Number \(not critical\): 01/u);
  });
});
