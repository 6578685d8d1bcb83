// Bundles whose files and whose manifest do not fit each other.
import { concatBytes, utf8 } from '../../../core/ports/bytes.ts';
import { toPem } from '../../../core/x509/pem.ts';
import { forgeCertificate } from '../forge.ts';
import { testProfiles } from '../hierarchy.ts';
import { forged, type HostileKind } from './kind.ts';

import { adding, changedFile, crlFile, issuingFile } from './reforge.ts';

const files: readonly HostileKind[] = [
  forged(
    'a certificate file with two certificates',
    'bundle-certificate-malformed',
    changedFile(issuingFile, (pem) => concatBytes(pem, pem)),
  ),
  forged(
    'a certificate file with a comment',
    'bundle-certificate-malformed',
    changedFile(issuingFile, (pem) => concatBytes(utf8('# I1\n'), pem)),
  ),
  forged(
    'a certificate file with carriage returns',
    'bundle-certificate-malformed',
    changedFile(issuingFile, (pem) => utf8(Buffer.from(pem).toString().replaceAll('\n', '\r\n'))),
  ),
  forged('a certificate file that holds a CRL', 'bundle-certificate-malformed', ({ parts }) =>
    changedFile(issuingFile, () => utf8(toPem('X509 CRL', parts.crls.get(crlFile) ?? new Uint8Array()))),
  ),
  forged('a certificate with bytes behind it', 'bundle-certificate-malformed', ({ hierarchy }) =>
    changedFile(issuingFile, () => utf8(toPem('CERTIFICATE', concatBytes(hierarchy.issuing.raw, Uint8Array.of(5, 0))))),
  ),
  forged(
    'a certificate file that is empty',
    'bundle-certificate-malformed',
    changedFile(issuingFile, () => new Uint8Array()),
  ),
  forged(
    'a CRL file with two CRLs',
    'bundle-crl-malformed',
    changedFile(crlFile, (pem) => concatBytes(pem, pem)),
  ),
  forged('a CRL file that holds a certificate', 'bundle-crl-malformed', ({ hierarchy }) =>
    changedFile(crlFile, () => utf8(toPem('CERTIFICATE', hierarchy.root.raw))),
  ),
  forged('another root than the pinned one', 'bundle-root-missing', {}, () => ({ rootFingerprint: '00'.repeat(32) })),
];

const references: readonly HostileKind[] = [
  forged('a certificate that is named but not there', 'bundle-reference-missing', {
    files: (all) => all.delete(issuingFile),
  }),
  forged('a CRL that is named but not there', 'bundle-reference-missing', { files: (all) => all.delete(crlFile) }),
  forged('a CRL of a CA that is not there', 'bundle-reference-missing', {
    manifest: (manifest) => ({ ...manifest, crls: [...manifest.crls, { ...manifest.crls[0], issuer: 'root-r9' }] }),
  }),
  forged('a certificate that nobody names', 'bundle-reference-unused', ({ hierarchy }) => ({
    parts: adding({ spare: hierarchy.issuing }),
  })),
  forged('a CRL that nobody names', 'bundle-reference-unused', {
    parts: ({ crls }) => ({ crls: new Map([...crls, ['crls/spare.pem', crls.get(crlFile) ?? new Uint8Array()]]) }),
  }),
  forged('two certificates of one name', 'bundle-name-duplicate', {
    manifest: (manifest) => ({ ...manifest, issuers: [...manifest.issuers, ...manifest.issuers] }),
  }),
  forged('one certificate under two names', 'bundle-name-duplicate', {
    manifest: (manifest) => ({
      ...manifest,
      issuers: [...manifest.issuers, ...manifest.issuers.map((issuer) => ({ ...issuer, name: 'issuing-i2' }))],
    }),
  }),
  forged('two CRLs of one issuer', 'bundle-name-duplicate', {
    manifest: (manifest) => ({ ...manifest, crls: [...manifest.crls, ...manifest.crls] }),
  }),
  forged('another fingerprint than the certificate has', 'bundle-certificate-hash', {
    manifest: (manifest) => ({
      ...manifest,
      roots: manifest.roots.map((root) => ({ ...root, sha256: '0'.repeat(64) })),
    }),
  }),
  forged('another key than the certificate has', 'bundle-certificate-hash', {
    manifest: (manifest) => ({
      ...manifest,
      issuers: manifest.issuers.map((issuer) => ({ ...issuer, spki: '0'.repeat(64) })),
    }),
  }),
  forged(
    'a signer that the manifest does not name',
    'bundle-signer-unlisted',
    async ({ hierarchy: { now, root, rootKey, signerKey } }) => ({
      signer: {
        certificate: await forgeCertificate(testProfiles.signer, signerKey.spki, rootKey, { now, issuer: root }),
        key: signerKey,
      },
    }),
  ),
];

export const fileKinds: readonly HostileKind[] = [...files, ...references];
