import type { SignatureAlgorithmName } from '../ports/algorithm-names.ts';
import type { Verifier } from '../ports/verifier.ts';
import { DerReader } from '../der/reader.ts';
import { contextConstructedTag, tags } from '../der/tags.ts';
import * as der from '../der/writer.ts';
import { keyAlgorithms } from './algorithms.ts';
import { readSigned } from './certificate.ts';
import { encodeExtension, readExtensions, type Extension } from './extensions/extension.ts';
import { oids } from './oids.ts';
import { readSpki } from './spki.ts';
import { x509Error } from './x509-error.ts';

/** Longest CSR read anywhere: a hundred names and an RSA-4096 key fit many times over. */
export const maximumCsrBytes = 16384;

/** What goes into a CertificationRequestInfo (RFC 2986 §4.1). */
export interface CsrContents {
  /** Name, DER. */
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  readonly extensions: readonly Extension[];
}

/** A certification request whose proof of possession has been checked. */
export interface Csr {
  readonly raw: Uint8Array;
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  readonly extensions: readonly Extension[];
  readonly signatureAlgorithm: SignatureAlgorithmName;
}

/** DER of a CertificationRequestInfo, to be signed with the key in it. */
export function encodeCsrInfo({ subject, spki, extensions }: CsrContents): Uint8Array {
  const request =
    extensions.length === 0
      ? []
      : [der.sequence(der.oid(oids.extensionRequest), der.setOf([der.sequence(...extensions.map(encodeExtension))]))];
  const attributes = der.setOf(request, contextConstructedTag(0));
  return der.encode(der.sequence(der.integer(0), subject, spki, attributes));
}

/** The requested extensions among the attributes; every other attribute is ignored (field notes, "other CSR attributes"). */
function readAttributes(info: DerReader): readonly Extension[] {
  // Some clients leave the empty attributes out although RFC 2986 wants the empty set: that loses nothing.
  if (info.atEnd) return [];
  const attributes = info.enter(contextConstructedTag(0));
  let extensions: readonly Extension[] | undefined;
  attributes.list(16, (list) => {
    const attribute = list.enter();
    const type = attribute.oid();
    const values = attribute.enter(tags.set);
    attribute.end();
    if (type !== oids.extensionRequest) return;
    if (extensions !== undefined) {
      throw x509Error(
        'x509-csr-attribute',
        'The CSR requests extensions twice.',
        'Make one extensionRequest attribute.',
      );
    }
    // A client that asks for nothing may say so with an empty list: that loses nothing either.
    const requested = values.enter();
    extensions = requested.atEnd ? [] : readExtensions(requested);
    values.end();
  });
  return extensions ?? [];
}

/**
 * Reads a CSR (DER) and checks its proof of possession: the signature verifies with the key in it (RFC 2986 §4.2).
 * `x509-csr-signature` when it does not.
 */
export function readCsr(raw: Uint8Array, verify: Verifier): Csr {
  const { tbs, signatureAlgorithm, signature } = readSigned(raw, maximumCsrBytes);
  const info = DerReader.over(tbs).enter();
  if (info.smallInteger(255) !== 0) {
    throw x509Error('x509-csr-version', 'The CSR has a version other than 1 (0).', 'Make a PKCS#10 version 1 request.');
  }
  const subject = info.element(tags.sequence).raw;
  const spki = info.element(tags.sequence).raw;
  const extensions = readAttributes(info);
  info.end();
  const { algorithm } = readSpki(spki);
  const possible = keyAlgorithms[algorithm].kind === 'ec' ? 'ecdsa' : 'rsa';
  if (!signatureAlgorithm.startsWith(possible) || !verify(spki, signatureAlgorithm, tbs, signature)) {
    throw x509Error(
      'x509-csr-signature',
      'The CSR is not signed with the key it asks a certificate for.',
      'Make the CSR with the private key that belongs to it, and carry it unchanged.',
    );
  }
  return { raw, subject, spki, extensions, signatureAlgorithm };
}
