import { equalBytes } from '../ports/bytes.ts';
import { isCoded } from '../ports/coded-error.ts';
import type { Verifier } from '../ports/verifier.ts';
import { extensionOf, type Certificate } from '../x509/certificate.ts';
import { readBasicConstraints } from '../x509/extensions/basic-constraints.ts';
import { readKeyUsage } from '../x509/extensions/key-usage.ts';
import { oids } from '../x509/oids.ts';

/** Certificates between an attestation and the CA that is pinned for it: vendors use two or three. */
const maximumDepth = 6;

interface ChainTerms {
  /** The vendor's CA: believed by its hash, whatever its dates say. */
  readonly anchor: Certificate;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly verify: Verifier;
}

const understood: ReadonlySet<string> = new Set([oids.basicConstraints, oids.keyUsage]);

function value<T>(certificate: Certificate, oid: string, read: (der: Uint8Array) => T): T | undefined {
  const found = extensionOf(certificate.tbs, oid);
  return found === undefined ? undefined : read(found.value);
}

/**
 * Whether this certificate may vouch for others. The mark of a CA is demanded of every device too: an attested key can
 * sign whatever its owner likes, also a certificate that looks like an attestation of another key.
 */
function mayIssue(issuer: Certificate, below: number): boolean {
  const constraints = value(issuer, oids.basicConstraints, readBasicConstraints);
  if (constraints?.ca !== true || (constraints.pathLength ?? below) < below) return false;
  const usages = value(issuer, oids.keyUsage, readKeyUsage);
  return usages === undefined || usages.includes('keyCertSign');
}

function isIn(time: number, { tbs }: Certificate): boolean {
  return tbs.notBefore <= time && time <= tbs.notAfter;
}

function vouches(issuer: Certificate, { tbs, signatureAlgorithm, signature }: Certificate, verify: Verifier): boolean {
  if (!equalBytes(tbs.issuer, issuer.tbs.subject)) return false;
  return verify(issuer.tbs.spki, signatureAlgorithm, tbs.raw, signature);
}

/** A certificate with an extension that must be understood and is not, or that is malformed, vouches for nothing. */
function quietly(judge: () => boolean): boolean {
  try {
    return judge();
  } catch (error) {
    if (isCoded(error)) return false;
    throw error;
  }
}

/**
 * A chain from `leaf` to the anchor, both included, over certificates of `pool`; undefined where there is none. Signatures,
 * names, dates, CA marks, path lengths and critical extensions are checked. Each certificate is tried once.
 */
export function chainTo(
  leaf: Certificate,
  pool: readonly Certificate[],
  terms: ChainTerms,
): readonly Certificate[] | undefined {
  const { anchor, now, verify } = terms;
  const tried = new Set<Certificate>([leaf]);
  const climb = (chain: readonly Certificate[]): readonly Certificate[] | undefined => {
    const last = chain.at(-1);
    if (last === undefined || !isIn(now, last)) return undefined;
    if (last.tbs.extensions.some(({ oid, critical }) => critical && !understood.has(oid))) return undefined;
    // Certificates between the next issuer and the leaf.
    const below = chain.length - 1;
    const fits = (issuer: Certificate): boolean =>
      quietly(() => mayIssue(issuer, below) && vouches(issuer, last, verify));
    if (fits(anchor)) return [...chain, anchor];
    if (chain.length >= maximumDepth) return undefined;
    for (const issuer of pool) {
      if (tried.has(issuer) || !fits(issuer)) continue;
      tried.add(issuer);
      const whole = climb([...chain, issuer]);
      if (whole !== undefined) return whole;
    }
    return undefined;
  };
  return climb([leaf]);
}
