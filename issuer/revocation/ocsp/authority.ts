import type { Bundle } from '../../../core/bundle/bundle.ts';
import { keyUsageOf } from '../../../core/lint/helpers.ts';
import type { Signer } from '../../../core/lint/sign.ts';
import type { SignatureAlgorithmName } from '../../../core/ports/algorithm-names.ts';
import { equalBytes } from '../../../core/ports/bytes.ts';
import type { Refusal } from '../../../core/ports/coded-error.ts';
import type { Digest } from '../../../core/ports/digest.ts';
import { chooseSignature } from '../../../core/x509/algorithms.ts';
import type { Certificate } from '../../../core/x509/certificate.ts';
import type { CertId } from '../../../core/x509/ocsp/cert-id.ts';
import { readSpki } from '../../../core/x509/spki.ts';
import { Refused } from '../../ops/refused.ts';
import type { Issuer } from '../../sign/issuer.ts';
import type { IssuerKeys } from '../../sign/issuer-keys.ts';
import type { Issuers } from '../../sign/open-issuers.ts';

/** Who signs answers about the certificates of one CA. */
export interface OcspSigner {
  /** The name of its key in the plan. */
  readonly name: string;
  readonly certificate: Certificate;
  /** SHA-1 of the bits of its key: how an answer names its signer (RFC 6960 §4.2.1). */
  readonly keyHash: Uint8Array;
  readonly algorithm: SignatureAlgorithmName;
  readonly sign: Signer;
  /** Certificates that go along: its own where the CA has delegated, none where the CA itself signs. */
  readonly carried: readonly Uint8Array[];
}

/** An issuing CA whose certificates are asked about. */
export interface OcspAuthority {
  readonly issuer: Issuer;
  /** How requests name it, by the hash function they use. */
  readonly hashes: Readonly<Record<CertId['hash'], { readonly name: Uint8Array; readonly key: Uint8Array }>>;
  /** In the order in which they are preferred. The CA itself is the last, where its certificate lets it. */
  readonly signers: readonly OcspSigner[];
}

function makeSigner(
  { name, certificate, sign }: Pick<OcspSigner, 'name' | 'certificate'> & { readonly sign: Signer },
  digest: Digest,
  delegated: boolean,
): OcspSigner {
  const { algorithm, publicKey } = readSpki(certificate.tbs.spki);
  return {
    name,
    certificate,
    keyHash: digest('sha1', publicKey),
    algorithm: chooseSignature(algorithm),
    sign,
    carried: delegated ? [certificate.raw] : [],
  };
}

/** The signers that this CA has certified in the bundle and whose keys we hold; whoever lasts longest comes first. */
async function delegatedSigners(
  { certificates, manifest }: Bundle,
  issuer: Issuer,
  keys: IssuerKeys,
  digest: Digest,
): Promise<readonly OcspSigner[]> {
  const found: OcspSigner[] = [];
  for (const { name, issuedBy } of manifest.ocspSigners ?? []) {
    const certificate = certificates.get(name);
    if (certificate === undefined || issuedBy !== issuer.name) continue;
    const selector = { spki: certificate.tbs.spki };
    if (!(await keys.has(selector))) continue;
    const sign: Signer = (algorithm, message) => keys.sign(selector, algorithm, message);
    found.push(makeSigner({ name, certificate, sign }, digest, true));
  }
  return found.toSorted((left, right) => right.certificate.tbs.notAfter - left.certificate.tbs.notAfter);
}

/**
 * The CA itself, where its certificate lets its key sign more than certificates and CRLs (RFC 5280 §4.2.1.3; BR 7.1.2.10.7:
 * a CA that signs OCSP answers has digitalSignature).
 */
function ownSigners(issuer: Issuer, digest: Digest): readonly OcspSigner[] {
  const allowed = keyUsageOf(issuer.certificate.tbs)?.includes('digitalSignature') === true;
  return allowed ? [makeSigner(issuer, digest, false)] : [];
}

function refuseWithoutSigner({ name }: Issuer, { ocspSigners = [] }: Bundle['manifest']): Refusal {
  const named = ocspSigners.filter(({ issuedBy }) => issuedBy === name).map((each) => each.name);
  return {
    code: 'ocsp-no-signer',
    message:
      named.length === 0
        ? `The bundle has no OCSP signer for the issuing CA "${name}", and its own certificate lacks digitalSignature.`
        : `The key of no OCSP signer of the issuing CA "${name}" is here: ${named.join(', ')}.`,
    remedy:
      named.length === 0
        ? 'Hold the ceremony ocsp-signer.yaml and load its bundle, or take "ocsp" out of the configuration.'
        : 'Bring its key to the token that "pkcs11" (or "keyFiles") names, or take "ocsp" out of the configuration.',
    where: { field: 'ocsp' },
  };
}

/** Every issuing CA that can be asked about, by name. One for which nobody may ever sign is a refusal. */
export async function openAuthorities(
  bundle: Bundle,
  issuers: Issuers,
  keys: IssuerKeys,
  digest: Digest,
): Promise<ReadonlyMap<string, OcspAuthority>> {
  const opened = new Map<string, OcspAuthority>();
  const refusals: Refusal[] = [];
  for (const issuer of issuers.all) {
    const { subject, spki } = issuer.certificate.tbs;
    const { publicKey } = readSpki(spki);
    const hashed = (hash: CertId['hash']) => ({ name: digest(hash, subject), key: digest(hash, publicKey) });
    const signers = [...(await delegatedSigners(bundle, issuer, keys, digest)), ...ownSigners(issuer, digest)];
    if (signers.length === 0) refusals.push(refuseWithoutSigner(issuer, bundle.manifest));
    opened.set(issuer.name, {
      issuer,
      hashes: { sha1: hashed('sha1'), sha256: hashed('sha256') },
      signers,
    });
  }
  if (refusals.length > 0) throw new Refused(refusals);
  return opened;
}

/** Whether a question is about a certificate of this CA. */
export function isAbout({ hashes }: OcspAuthority, { hash, issuerNameHash, issuerKeyHash }: CertId): boolean {
  const { name, key } = hashes[hash];
  return equalBytes(name, issuerNameHash) && equalBytes(key, issuerKeyHash);
}

/** Who may sign now, in the order in which they are preferred. */
export function signersAt({ signers }: OcspAuthority, now: number): readonly OcspSigner[] {
  return signers.filter(({ certificate: { tbs } }) => tbs.notBefore <= now && now < tbs.notAfter);
}

/** Who signs now: undefined when the certificates of all have ended. */
export function signerAt(authority: OcspAuthority, now: number): OcspSigner | undefined {
  return signersAt(authority, now)[0];
}
