import { equalBytes } from '../ports/bytes.ts';
import type { SignatureAlgorithmName } from '../ports/algorithm-names.ts';
import { DerReader } from '../der/reader.ts';
import { contextConstructedTag, contextTag, tags } from '../der/tags.ts';
import * as der from '../der/writer.ts';
import { signatureAlgorithmOf, signatureAlgorithms } from './algorithms.ts';
import { encodeExtension, readExtensions, type Extension } from './extensions/extension.ts';
import { x509Error } from './x509-error.ts';

/** Longest certificate read anywhere: far above what a hundred names need. */
export const maximumCertificateBytes = 65536;

/** What goes into a TBSCertificate (RFC 5280 §4.1). Names and key are finished DER, the serial INTEGER content. */
export interface CertificateContents {
  readonly serial: Uint8Array;
  readonly signatureAlgorithm: SignatureAlgorithmName;
  readonly issuer: Uint8Array;
  /** Seconds since the epoch, both included (RFC 5280 §4.1.2.5). */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  readonly extensions: readonly Extension[];
}

/** A TBSCertificate as it was read. The byte views let lint judge encodings, not only values. */
export interface TbsCertificate {
  readonly raw: Uint8Array;
  readonly version: number;
  readonly serial: Uint8Array;
  /** AlgorithmIdentifier as it stands. */
  readonly signatureIdentifier: Uint8Array;
  readonly issuer: Uint8Array;
  readonly notBefore: number;
  readonly notAfter: number;
  /** The two Time elements as they stand. */
  readonly validityElements: readonly [Uint8Array, Uint8Array];
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  readonly uniqueIdentifiers: boolean;
  readonly extensions: readonly Extension[];
}

/** A certificate: its TBS and the signature over it. */
export interface Certificate {
  readonly raw: Uint8Array;
  readonly tbs: TbsCertificate;
  /** Outer AlgorithmIdentifier as it stands; must equal the inner one. */
  readonly signatureIdentifier: Uint8Array;
  readonly signatureAlgorithm: SignatureAlgorithmName;
  readonly signature: Uint8Array;
}

/** DER of a TBSCertificate, version 3. */
export function encodeTbsCertificate(contents: CertificateContents): Uint8Array {
  return der.encode(
    der.sequence(
      der.explicit(0, der.integer(2)),
      der.integerContent(contents.serial),
      signatureAlgorithms[contents.signatureAlgorithm].identifier,
      contents.issuer,
      der.sequence(der.time(contents.notBefore), der.time(contents.notAfter)),
      contents.subject,
      contents.spki,
      der.explicit(3, der.sequence(...contents.extensions.map(encodeExtension))),
    ),
  );
}

/** DER of a Certificate, CertificateList or CertificationRequest: three things share this outer shape. */
export function assembleSigned(tbs: Uint8Array, algorithm: SignatureAlgorithmName, signature: Uint8Array): Uint8Array {
  return der.encode(der.sequence(tbs, signatureAlgorithms[algorithm].identifier, der.bitString(signature)));
}

function readVersion(reader: DerReader): number {
  const explicit = reader.enterOptional(contextConstructedTag(0));
  if (explicit === undefined) return 1;
  const version = explicit.smallInteger(2) + 1;
  explicit.end();
  return version;
}

function readTrailer(reader: DerReader): { uniqueIdentifiers: boolean; extensions: readonly Extension[] } {
  let uniqueIdentifiers = false;
  while (reader.peek() === contextTag(1) || reader.peek() === contextTag(2)) {
    reader.element();
    uniqueIdentifiers = true;
  }
  const explicit = reader.enterOptional(contextConstructedTag(3));
  const extensions = explicit === undefined ? [] : readExtensions(explicit.enter());
  explicit?.end();
  reader.end();
  return { uniqueIdentifiers, extensions };
}

/** Reads a TBSCertificate, strictly as DER but without judging its values: that is lint's work. */
export function readTbsCertificate(raw: Uint8Array): TbsCertificate {
  const outer = DerReader.over(raw, maximumCertificateBytes);
  const reader = outer.enter();
  outer.end();
  const version = readVersion(reader);
  const serial = reader.integer();
  const signatureIdentifier = reader.element(tags.sequence).raw;
  const issuer = reader.element(tags.sequence).raw;
  const validity = reader.enter();
  const validityElements = peekTwo(validity);
  const [notBefore, notAfter] = [
    DerReader.over(validityElements[0]).time(),
    DerReader.over(validityElements[1]).time(),
  ];
  const subject = reader.element(tags.sequence).raw;
  const spki = reader.element(tags.sequence).raw;
  const trailer = readTrailer(reader);
  const validityValues = { notBefore, notAfter, validityElements };
  return { raw, version, serial, signatureIdentifier, issuer, ...validityValues, subject, spki, ...trailer };
}

function peekTwo(validity: DerReader): readonly [Uint8Array, Uint8Array] {
  const first = validity.element().raw;
  const second = validity.element().raw;
  validity.end();
  return [first, second];
}

/** What {@link readSigned} finds: the TBS bytes and the signature over them. */
export interface SignedParts {
  readonly tbs: Uint8Array;
  readonly signatureIdentifier: Uint8Array;
  readonly signatureAlgorithm: SignatureAlgorithmName;
  readonly signature: Uint8Array;
}

/** Splits SEQUENCE { tbs, AlgorithmIdentifier, BIT STRING }; `x509-signature-algorithm` when it is not one of ours. */
export function readSigned(raw: Uint8Array, maximumBytes: number): SignedParts {
  const outer = DerReader.over(raw, maximumBytes);
  const reader = outer.enter();
  outer.end();
  const tbs = reader.element(tags.sequence).raw;
  const signatureIdentifier = reader.element(tags.sequence).raw;
  const signature = reader.bitStringOctets();
  reader.end();
  const signatureAlgorithm = signatureAlgorithmOf(signatureIdentifier);
  if (signatureAlgorithm === undefined) {
    throw x509Error(
      'x509-signature-algorithm',
      'The signature algorithm, or the bytes that name it, is not one of those allowed (BR 7.1.3.2).',
      `Sign with one of: ${Object.keys(signatureAlgorithms).join(', ')}.`,
    );
  }
  return { tbs, signatureIdentifier, signatureAlgorithm, signature };
}

/** Reads a certificate (DER). Inner and outer AlgorithmIdentifier must be the same bytes (RFC 5280 §4.1.1.2). */
export function readCertificate(raw: Uint8Array): Certificate {
  const { tbs: tbsBytes, ...signed } = readSigned(raw, maximumCertificateBytes);
  const tbs = readTbsCertificate(tbsBytes);
  if (!equalBytes(tbs.signatureIdentifier, signed.signatureIdentifier)) {
    throw x509Error(
      'x509-signature-algorithm-differs',
      'The certificate names one signature algorithm inside and another outside.',
      'Do not use this certificate.',
    );
  }
  return { raw, tbs, ...signed };
}

/** The extension with this OID, or undefined. */
export function extensionOf(holder: { readonly extensions: readonly Extension[] }, oid: string): Extension | undefined {
  return holder.extensions.find((extension) => extension.oid === oid);
}
