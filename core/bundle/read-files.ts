import type { Digest } from '../ports/digest.ts';
import { equalBytes, fromUtf8, utf8 } from '../ports/bytes.ts';
import { toHex } from '../ports/hex.ts';
import { readCertificate, type Certificate } from '../x509/certificate.ts';
import { readCrl, type CertificateList } from '../x509/crl.ts';
import { readPem, toPem, type PemLabel } from '../x509/pem.ts';
import { refuseBundle, type BundleRefusal } from './refusals.ts';
import type { BundleFiles } from './tar.ts';

/** The one object of a PEM file that holds nothing else: text, order of lines and end included. */
function onlyBlock(bytes: Uint8Array, label: PemLabel): Uint8Array | undefined {
  try {
    const [block] = readPem(fromUtf8(bytes) ?? '', 1);
    if (block === undefined || block.label !== label) return undefined;
    return equalBytes(utf8(toPem(label, block.bytes)), bytes) ? block.bytes : undefined;
  } catch {
    return undefined;
  }
}

function readOnly<T>(bytes: Uint8Array, label: PemLabel, read: (raw: Uint8Array) => T): T | undefined {
  const raw = onlyBlock(bytes, label);
  if (raw === undefined) return undefined;
  try {
    return read(raw);
  } catch {
    // The reader's own code says which octet; to the loader a bad certificate is simply a bad bundle.
    return undefined;
  }
}

/** SHA-256 of a certificate's DER, lower-case hex. */
export function fingerprint(certificate: Certificate, digest: Digest): string {
  return toHex(digest('sha256', certificate.raw));
}

type Read<T> =
  | { readonly ok: true; readonly files: ReadonlyMap<string, T> }
  | { readonly ok: false; readonly refusal: BundleRefusal };

function readAll<T>(
  files: BundleFiles,
  folder: string,
  code: 'bundle-certificate-malformed' | 'bundle-crl-malformed',
  read: (bytes: Uint8Array) => T | undefined,
): Read<T> {
  const found = new Map<string, T>();
  for (const [path, bytes] of files) {
    if (!path.startsWith(folder)) continue;
    const value = read(bytes);
    if (value === undefined) return { ok: false, refusal: refuseBundle(code, path, path) };
    found.set(path, value);
  }
  return { ok: true, files: found };
}

/** Every file under certs/, each exactly one certificate. */
export function readCertificates(files: BundleFiles): Read<Certificate> {
  return readAll(files, 'certs/', 'bundle-certificate-malformed', (bytes) =>
    readOnly(bytes, 'CERTIFICATE', readCertificate),
  );
}

/** Every file under crls/, each exactly one CRL. */
export function readCrls(files: BundleFiles): Read<CertificateList> {
  return readAll(files, 'crls/', 'bundle-crl-malformed', (bytes) => readOnly(bytes, 'X509 CRL', readCrl));
}
