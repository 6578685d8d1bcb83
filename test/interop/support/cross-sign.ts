import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readPem } from '../../../core/x509/pem.ts';
import type { TestIssuer } from '../../support/issuer.ts';

/** The older root that has certified ours, as a client names it. */
export const olderRoot = 'Example Corp Root R0';

/**
 * Gives the issuing CA a second chain, up to an older root that has cross-certified ours: what a bundle with a
 * cross-certificate brings. OpenSSL plays the older root.
 */
export async function crossSign(issuer: TestIssuer): Promise<void> {
  const openssl = (...argv: string[]): Buffer =>
    execFileSync('openssl', argv, { cwd: issuer.directory, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'older.key'];
  openssl('req', '-x509', ...key, '-subj', `/C=US/O=Example Corp/CN=${olderRoot}`, '-days', '30', '-out', 'older.pem');
  writeFileSync(
    path.join(issuer.directory, 'cross.ext'),
    [
      'basicConstraints=critical,CA:true',
      'keyUsage=critical,keyCertSign,cRLSign',
      'subjectKeyIdentifier=hash',
      '',
    ].join('\n'),
  );
  const signed = ['-CA', 'older.pem', '-CAkey', 'older.key', '-set_serial', '7', '-days', '30'];
  openssl('x509', '-in', issuer.rootFile, '-clrext', '-extfile', 'cross.ext', ...signed, '-out', 'cross.pem');
  const [cross] = readPem(readFileSync(path.join(issuer.directory, 'cross.pem'), 'utf8'));
  const chain = [issuer.hierarchy.issuing.raw, cross?.bytes ?? new Uint8Array()];
  const encoded = JSON.stringify([chain.map((der) => Buffer.from(der).toString('base64'))]);
  await issuer.database.query('UPDATE issuers SET chains = chains || $1::jsonb', [encoded]);
  await issuer.process.stop();
  await issuer.start();
}
