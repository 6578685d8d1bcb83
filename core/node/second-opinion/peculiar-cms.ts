import { createHash, verify, X509Certificate } from 'node:crypto';
import { type Attribute, ContentInfo, SignedData, type SignerInfo } from '@peculiar/asn1-cms';
import { AsnConvert, AsnSerializer, OctetString } from '@peculiar/asn1-schema';
import { Time } from '@peculiar/asn1-x509';
import type { Artefact, SecondReading } from '../../ports/second-opinion.ts';
import { oids } from '../../x509/oids.ts';

/** Digests by the OID a SignerInfo names. */
const digests: Readonly<Record<string, string>> = {
  [oids.sha256]: 'sha256',
  [oids.sha384]: 'sha384',
  [oids.sha512]: 'sha512',
};

function attributeValue({ signedAttrs = [] }: SignerInfo, type: string): ArrayBuffer | undefined {
  return signedAttrs.find((attribute: Attribute) => attribute.attrType === type)?.attrValues[0];
}

/** The signed attributes as they were signed: written again by the library, as a SET OF (RFC 5652 §5.4). */
function signedBytes({ signedAttrs = [] }: SignerInfo): Uint8Array {
  const attributes = signedAttrs.map((attribute) => Buffer.from(AsnSerializer.serialize(attribute)));
  const content = Buffer.concat(attributes);
  // Three attributes with a SHA-2 digest never reach 256 octets; more than that is nothing we made.
  if (content.length > 0xff) return content;
  const header = content.length < 0x80 ? [0x31, content.length] : [0x31, 0x81, content.length];
  return Buffer.concat([Buffer.from(header), content]);
}

function verifies(signer: SignerInfo, certificate: X509Certificate, content: Uint8Array): boolean {
  const digest = digests[signer.digestAlgorithm.algorithm];
  const claimed = attributeValue(signer, oids.messageDigest);
  if (digest === undefined || claimed === undefined) return false;
  const expected = createHash(digest).update(content).digest();
  const found = Buffer.from(AsnConvert.parse(claimed, OctetString).buffer);
  if (!found.equals(expected)) return false;
  return verify(digest, signedBytes(signer), certificate.publicKey, Buffer.from(signer.signature.buffer));
}

function serialContent(serial: ArrayBuffer): string {
  return Buffer.from(serial).toString('hex');
}

/** Reads a detached CMS signature with @peculiar/asn1-cms and verifies it, its signer's certificate included. */
export function peculiarCmsReading(by: string, artefact: Artefact & { readonly kind: 'signature' }): SecondReading {
  const contentInfo = AsnConvert.parse(artefact.der, ContentInfo);
  const signedData = AsnConvert.parse(contentInfo.content, SignedData);
  const [signer] = signedData.signerInfos;
  const choice = signedData.certificates?.[0]?.certificate;
  const sid = signer?.sid.issuerAndSerialNumber;
  const time = signer === undefined ? undefined : attributeValue(signer, oids.signingTime);
  if (signer === undefined || choice === undefined || sid === undefined || time === undefined) {
    return { by, problem: 'it is not a signature with one signer and its certificate' };
  }
  const certificate = new X509Certificate(Buffer.from(AsnSerializer.serialize(choice)));
  const root = new X509Certificate(artefact.issuer);
  return {
    by,
    serial: serialContent(sid.serialNumber),
    issuer: Buffer.from(AsnSerializer.serialize(sid.issuer)).toString('hex'),
    notBefore: Math.floor(AsnConvert.parse(time, Time).getTime().getTime() / 1000),
    signatureValid:
      certificate.checkIssued(root) &&
      certificate.verify(root.publicKey) &&
      verifies(signer, certificate, artefact.content),
  };
}
