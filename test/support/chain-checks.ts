// What other programs say of our certificates and CRLs.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readPem, toPem } from '../../core/x509/pem.ts';

function withFiles<T>(files: Readonly<Record<string, string | Uint8Array>>, work: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'coldroot-check-'));
  try {
    for (const [name, contents] of Object.entries(files)) writeFileSync(path.join(folder, name), contents);
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A PEM file's certificates, one PEM each. */
function splitChain(pem: string): readonly string[] {
  return readPem(pem).map(({ bytes }) => toPem('CERTIFICATE', bytes));
}

/** What OpenSSL, strictly, and GnuTLS (where it is installed) have against the chain below the root: nothing, we hope. */
export function chainFaults(pem: string, rootPem: string): readonly string[] {
  const [leaf = '', ...intermediates] = splitChain(pem);
  const trust = ['-CAfile', 'root.pem', '-untrusted', 'intermediates.pem'];
  const checks = [
    ['openssl', 'verify', '-x509_strict', ...trust, 'leaf.pem'],
    ...(certtoolMissing() ? [] : [['certtool', '--verify-chain', '--infile', 'whole.pem']]),
  ];
  const files = {
    'leaf.pem': leaf,
    'intermediates.pem': intermediates.join(''),
    'root.pem': rootPem,
    'whole.pem': [leaf, ...intermediates, rootPem].join(''),
  };
  return withFiles(files, (cwd) =>
    checks.flatMap(([program = '', ...argv]) => {
      const { status, stdout, stderr } = spawnSync(program, argv, { cwd, encoding: 'utf8' });
      return status === 0 ? [] : [`${program}: ${stdout}${stderr}`];
    }),
  );
}

function certtoolMissing(): boolean {
  return spawnSync('certtool', ['--version']).status !== 0;
}

/** The CRL as OpenSSL prints it, after it has checked its signature with the issuer's certificate. */
export function readCheckedCrl(der: Uint8Array, issuerPem: string): string {
  return withFiles({ 'list.crl': der, 'issuer.pem': issuerPem }, (cwd) => {
    const argv = ['crl', '-inform', 'DER', '-in', 'list.crl', '-CAfile', 'issuer.pem', '-noout', '-text'];
    const { status, stdout, stderr } = spawnSync('openssl', argv, { cwd, encoding: 'utf8' });
    if (status !== 0 || !stderr.includes('verify OK')) throw new Error(`openssl crl: ${stderr}`);
    return stdout;
  });
}

/** Whether OpenSSL, given this CRL of the leaf's issuer, finds the leaf revoked. */
export function isRevoked(pem: string, rootPem: string, crl: Uint8Array): boolean {
  const [leaf = '', ...intermediates] = splitChain(pem);
  const files = { 'leaf.pem': leaf, 'ca.pem': intermediates.join(''), 'root.pem': rootPem, 'list.crl': crl };
  return withFiles(files, (cwd) => {
    execFileSync('openssl', ['crl', '-inform', 'DER', '-in', 'list.crl', '-out', 'list.pem'], { cwd, stdio: 'pipe' });
    const argv = [
      'verify',
      '-crl_check',
      '-CRLfile',
      'list.pem',
      '-CAfile',
      'root.pem',
      '-untrusted',
      'ca.pem',
      'leaf.pem',
    ];
    const { status, stdout, stderr } = spawnSync('openssl', argv, { cwd, encoding: 'utf8' });
    const text = `${stdout}${stderr}`;
    if (status !== 0 && !text.includes('certificate revoked')) throw new Error(`openssl verify: ${text}`);
    return status !== 0;
  });
}

/** Serial number as OpenSSL writes it in the text of a CRL. */
export function serialOf(pem: string): string {
  const [leaf = ''] = splitChain(pem);
  const text = execFileSync('openssl', ['x509', '-noout', '-serial'], { input: leaf, encoding: 'utf8' });
  return text.trim().replace('serial=', '');
}
