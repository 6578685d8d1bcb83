import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { X509Certificate, X509Crl } from '@peculiar/x509';
import type { Artefact, SecondReading } from '../../ports/second-opinion.ts';
import { peculiarCmsReading } from './peculiar-cms.ts';
import { peculiarVersion } from './peculiar-version.ts';

function hex(buffer: ArrayBuffer | Uint8Array): string {
  return Buffer.from(buffer instanceof Uint8Array ? buffer : new Uint8Array(buffer)).toString('hex');
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  return hex(await webcrypto.subtle.digest('SHA-256', bytes));
}

async function extensionsOf(
  list: readonly { type: string; critical: boolean; value: ArrayBuffer }[],
): Promise<NonNullable<SecondReading['extensions']>> {
  return Promise.all(
    list.map(async ({ type, critical, value }) => ({ oid: type, critical, sha256: await sha256(value) })),
  );
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/** Content octets of a serial number, which the library gives without the sign octet. */
function serialContent(text: string): string {
  return Number.parseInt(text.slice(0, 2), 16) >= 0x80 ? `00${text}` : text;
}

async function readCertificate({ der, issuer }: Artefact): Promise<SecondReading> {
  const certificate = new X509Certificate(der);
  const parent = new X509Certificate(issuer);
  return {
    by: peculiarVersion,
    serial: serialContent(certificate.serialNumber.toLowerCase()),
    subject: hex(certificate.subjectName.toArrayBuffer()),
    issuer: hex(certificate.issuerName.toArrayBuffer()),
    notBefore: seconds(certificate.notBefore),
    notAfter: seconds(certificate.notAfter),
    spkiSha256: await sha256(certificate.publicKey.rawData),
    extensions: await extensionsOf(certificate.extensions),
    signatureValid: await certificate.verify({ publicKey: parent, signatureOnly: true }),
  };
}

async function readCrl({ der, issuer }: Artefact): Promise<SecondReading> {
  const crl = new X509Crl(der);
  const parent = new X509Certificate(issuer);
  return {
    by: peculiarVersion,
    issuer: hex(crl.issuerName.toArrayBuffer()),
    notBefore: seconds(crl.thisUpdate),
    ...(crl.nextUpdate === undefined ? {} : { notAfter: seconds(crl.nextUpdate) }),
    extensions: await extensionsOf(crl.extensions),
    signatureValid: await crl.verify({ publicKey: parent }),
  };
}

/** Reads an artefact with @peculiar/x509 and verifies it with WebCrypto: another parser and another API than ours. */
export function peculiarReading(artefact: Artefact): Promise<SecondReading> {
  switch (artefact.kind) {
    case 'certificate':
      return readCertificate(artefact);
    case 'crl':
      return readCrl(artefact);
    case 'signature':
      return Promise.resolve(peculiarCmsReading(peculiarVersion, artefact));
  }
}
