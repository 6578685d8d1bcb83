import type { Digest } from '../ports/digest.ts';
import type { SignatureAlgorithmName } from '../ports/algorithm-names.ts';
import { equalBytes } from '../ports/bytes.ts';
import { DerReader } from '../der/reader.ts';
import { contextConstructedTag, tags } from '../der/tags.ts';
import * as der from '../der/writer.ts';
import { signatureAlgorithmOf, signatureAlgorithms } from '../x509/algorithms.ts';
import { readCertificate, type Certificate } from '../x509/certificate.ts';
import { oids } from '../x509/oids.ts';

/** Digests a bundle signature may use, by the name the algorithm table gives them. */
const digestOids = { sha256: oids.sha256, sha384: oids.sha384, sha512: oids.sha512 } as const;

function digestOidOf(algorithm: SignatureAlgorithmName): string {
  const { digest } = signatureAlgorithms[algorithm];
  return digest === 'sha1' ? oids.sha256 : digestOids[digest];
}

/** Hash of a signed content, with the digest that belongs to the signature algorithm. */
function contentDigest(algorithm: SignatureAlgorithmName, content: Uint8Array, digest: Digest): Uint8Array {
  return digest(signatureAlgorithms[algorithm].digest, content);
}

function attribute(type: string, value: der.Der): der.Der {
  return der.sequence(der.oid(type), der.setOf([value]));
}

/**
 * The SET OF signed attributes (RFC 5652 §5.4, §11): content type, message digest, signing time. These bytes are what
 * the bundle signer's key signs.
 */
export function signedAttributes(
  content: Uint8Array,
  algorithm: SignatureAlgorithmName,
  signingTime: number,
  digest: Digest,
): Uint8Array {
  return der.encode(
    der.setOf([
      attribute(oids.contentType, der.oid(oids.data)),
      attribute(oids.messageDigest, der.octetString(contentDigest(algorithm, content, digest))),
      attribute(oids.signingTime, der.time(signingTime)),
    ]),
  );
}

/** What a detached signature consists of. */
export interface CmsParts {
  readonly signer: Certificate;
  readonly algorithm: SignatureAlgorithmName;
  /** As {@link signedAttributes} made them: a universal SET OF. */
  readonly attributes: Uint8Array;
  readonly signature: Uint8Array;
}

/** ContentInfo of a detached SignedData with one signer, its certificate, and nothing else (RFC 5652 §5). */
export function writeCms({ signer, algorithm, attributes, signature }: CmsParts): Uint8Array {
  const digestAlgorithm = der.sequence(der.oid(digestOidOf(algorithm)));
  const inside = DerReader.over(attributes).content(tags.set);
  const signerInfo = der.sequence(
    der.integer(1),
    der.sequence(signer.tbs.issuer, der.integerContent(signer.tbs.serial)),
    digestAlgorithm,
    der.element(contextConstructedTag(0), inside),
    signatureAlgorithms[algorithm].identifier,
    der.octetString(signature),
  );
  const signedData = der.sequence(
    der.integer(1),
    der.element(tags.set, digestAlgorithm),
    der.sequence(der.oid(oids.data)),
    der.element(contextConstructedTag(0), signer.raw),
    der.element(tags.set, signerInfo),
  );
  return der.encode(der.sequence(der.oid(oids.signedData), der.explicit(0, signedData)));
}

/** What {@link readCms} finds, and when the signer says it signed. */
export interface Cms extends CmsParts {
  readonly signingTime: number;
  /** True when the message digest is that of the content given. */
  readonly fitsContent: boolean;
}

export type CmsVerdict = { readonly ok: true; readonly cms: Cms } | { readonly ok: false; readonly fault: CmsFault };
export type CmsFault = 'bundle-cms-malformed' | 'bundle-cms-algorithm';

function locate(bytes: Uint8Array): { certificate: Uint8Array; signerInfo: DerReader } {
  const contentInfo = DerReader.over(bytes, 16_384).enter();
  contentInfo.oid();
  const signedData = contentInfo.enter(contextConstructedTag(0)).enter();
  signedData.element();
  signedData.element();
  signedData.element();
  const certificate = signedData.content(contextConstructedTag(0));
  return { certificate, signerInfo: signedData.enter(tags.set).enter() };
}

function readSigningTime(attributes: Uint8Array): number {
  const found = DerReader.over(attributes)
    .enter(tags.set)
    .list(3, (list) => {
      const entry = list.enter();
      return { type: entry.oid(), values: entry.enter(tags.set) };
    })
    .find(({ type }) => type === oids.signingTime);
  return found?.values.time() ?? Number.NaN;
}

/**
 * Reads a detached signature as hostile input. Only the one encoding that {@link writeCms} makes passes: the parts are
 * taken out, the whole is written again from them and compared byte for byte, so no bit can be changed unnoticed.
 */
export function readCms(bytes: Uint8Array, content: Uint8Array, digest: Digest): CmsVerdict {
  try {
    const { certificate, signerInfo } = locate(bytes);
    signerInfo.element();
    signerInfo.element();
    signerInfo.element();
    const inside = signerInfo.content(contextConstructedTag(0));
    const algorithm = signatureAlgorithmOf(signerInfo.element().raw);
    const signature = signerInfo.octetString();
    if (algorithm === undefined) return { ok: false, fault: 'bundle-cms-algorithm' };
    const attributes = der.encode(der.element(tags.set, inside));
    const parts = { signer: readCertificate(certificate), algorithm, attributes, signature };
    const signingTime = readSigningTime(attributes);
    if (!equalBytes(writeCms(parts), bytes)) return { ok: false, fault: 'bundle-cms-malformed' };
    const fitsContent = equalBytes(signedAttributes(content, algorithm, signingTime, digest), attributes);
    return { ok: true, cms: { ...parts, signingTime, fitsContent } };
  } catch {
    // Whatever broke, it broke while reading somebody's bytes: the bundle is refused, not the program.
    return { ok: false, fault: 'bundle-cms-malformed' };
  }
}
