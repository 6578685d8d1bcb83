import { equalBytes } from '../ports/bytes.ts';
import type { SignatureAlgorithmName } from '../ports/algorithm-names.ts';
import { DerReader } from '../der/reader.ts';
import { contextConstructedTag, tags } from '../der/tags.ts';
import * as der from '../der/writer.ts';
import { signatureAlgorithms } from './algorithms.ts';
import { readSigned } from './certificate.ts';
import { reasonCode, type RevocationReason } from './extensions/crl-extensions.ts';
import { encodeExtension, readExtensions, type Extension } from './extensions/extension.ts';
import { x509Error } from './x509-error.ts';

/** Longest CRL read anywhere: some 200,000 entries. */
export const maximumCrlBytes = 8 * 1024 * 1024;
const maximumEntries = 250_000;

/** One revoked certificate to be written: serial as INTEGER content, seconds since the epoch. */
export interface Revocation {
  readonly serial: Uint8Array;
  readonly revokedAt: number;
  /** Left out of the CRL when unspecified (RFC 5280 §5.3.1). */
  readonly reason: RevocationReason;
}

/** What goes into a TBSCertList, version 2 (RFC 5280 §5.1). */
export interface CrlContents {
  readonly signatureAlgorithm: SignatureAlgorithmName;
  /** Name, DER. */
  readonly issuer: Uint8Array;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  readonly revocations: readonly Revocation[];
  readonly extensions: readonly Extension[];
}

/** One entry as it was read. */
export interface CrlEntry {
  readonly serial: Uint8Array;
  readonly revokedAt: number;
  readonly extensions: readonly Extension[];
}

/** A TBSCertList as it was read. */
export interface TbsCertList {
  readonly raw: Uint8Array;
  readonly version: number;
  readonly signatureIdentifier: Uint8Array;
  readonly issuer: Uint8Array;
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
  readonly entries: readonly CrlEntry[];
  /** True when there is a revokedCertificates list with nothing in it, which RFC 5280 §5.1.2.6 forbids. */
  readonly emptyListEncoded: boolean;
  readonly extensions: readonly Extension[];
}

/** A CertificateList: its TBS and the signature over it. */
export interface CertificateList {
  readonly raw: Uint8Array;
  readonly tbs: TbsCertList;
  readonly signatureAlgorithm: SignatureAlgorithmName;
  readonly signature: Uint8Array;
}

function encodeEntry({ serial, revokedAt, reason }: Revocation): der.Der {
  const extensions = reason === 'unspecified' ? [] : [der.sequence(encodeExtension(reasonCode(reason)))];
  return der.sequence(der.integerContent(serial), der.time(revokedAt), ...extensions);
}

/** DER of a TBSCertList. An empty list is left out altogether (RFC 5280 §5.1.2.6). */
export function encodeTbsCertList(contents: CrlContents): Uint8Array {
  const { revocations } = contents;
  return der.encode(
    der.sequence(
      der.integer(1),
      signatureAlgorithms[contents.signatureAlgorithm].identifier,
      contents.issuer,
      der.time(contents.thisUpdate),
      der.time(contents.nextUpdate),
      ...(revocations.length === 0 ? [] : [der.sequenceOf(revocations.map(encodeEntry))]),
      der.explicit(0, der.sequence(...contents.extensions.map(encodeExtension))),
    ),
  );
}

function readEntry(list: DerReader): CrlEntry {
  const entry = list.enter();
  const serial = entry.integer();
  const revokedAt = entry.time();
  const extensions = entry.atEnd ? [] : readExtensions(entry.enter());
  entry.end();
  return { serial, revokedAt, extensions };
}

function isTime(tag: number): boolean {
  return tag === tags.utcTime || tag === tags.generalizedTime;
}

/** Reads a TBSCertList strictly as DER, without judging its values: that is lint's work. */
export function readTbsCertList(raw: Uint8Array): TbsCertList {
  const outer = DerReader.over(raw, maximumCrlBytes);
  const reader = outer.enter();
  outer.end();
  const version = reader.peek() === tags.integer ? reader.smallInteger(1) + 1 : 1;
  const signatureIdentifier = reader.element(tags.sequence).raw;
  const issuer = reader.element(tags.sequence).raw;
  const thisUpdate = reader.time();
  const nextUpdate = isTime(reader.peek()) ? reader.time() : undefined;
  const list = reader.enterOptional(tags.sequence);
  const entries = list?.list(maximumEntries, readEntry) ?? [];
  const explicit = reader.enterOptional(contextConstructedTag(0));
  const extensions = explicit === undefined ? [] : readExtensions(explicit.enter());
  explicit?.end();
  reader.end();
  const emptyListEncoded = list !== undefined && entries.length === 0;
  const dates = { thisUpdate, nextUpdate };
  return { raw, version, signatureIdentifier, issuer, ...dates, entries, emptyListEncoded, extensions };
}

/** Reads a CRL (DER). Inner and outer AlgorithmIdentifier must be the same bytes (RFC 5280 §5.1.1.2). */
export function readCrl(raw: Uint8Array): CertificateList {
  const { tbs: tbsBytes, signatureIdentifier, ...signed } = readSigned(raw, maximumCrlBytes);
  const tbs = readTbsCertList(tbsBytes);
  if (!equalBytes(tbs.signatureIdentifier, signatureIdentifier)) {
    throw x509Error(
      'x509-signature-algorithm-differs',
      'The CRL names one signature algorithm inside and another outside.',
      'Do not use this CRL.',
    );
  }
  return { raw, tbs, ...signed };
}
