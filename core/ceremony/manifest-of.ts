import { bundleFormat, type CertificateEntry, type IssuancePolicy, type Manifest } from '../bundle/manifest.ts';
import type { Digest } from '../ports/digest.ts';
import { fromBase64 } from '../ports/base64.ts';
import { equalBytes } from '../ports/bytes.ts';
import { toHex } from '../ports/hex.ts';
import { formatUtc } from '../profile/dates.ts';
import { readCertificate, readSigned } from '../x509/certificate.ts';
import { maximumCrlBytes, readCrl } from '../x509/crl.ts';
import { impossible } from './ceremony-error.ts';
import type { CeremonyCertificate, CeremonyState } from './state.ts';

/** What the export itself adds to the ceremony's state. Times in seconds since the epoch. */
export interface ExportFacts {
  readonly created: number;
  readonly expires: number;
  /** Hash of the last journal record in the transcript. */
  readonly journal: string;
}

export function certificatePath(name: string): string {
  return `certs/${name}.pem`;
}

export function crlPath(issuer: string): string {
  return `crls/${issuer}.pem`;
}

function entryOf(name: string, { der }: CeremonyCertificate, digest: Digest): CertificateEntry {
  const { raw, tbs } = readCertificate(fromBase64(der));
  const sha256 = toHex(digest('sha256', raw));
  return { name, certificate: certificatePath(name), sha256, spki: toHex(digest('sha256', tbs.spki)) };
}

function entriesOf(state: CeremonyState, type: CeremonyCertificate['type']): [string, CeremonyCertificate][] {
  return Object.entries(state.certificates).filter(([, certificate]) => certificate.type === type);
}

/** Cross-certificates of a CA: of its name and its key. */
function crossesOf(state: CeremonyState, name: string): string[] {
  const own = state.certificates[name];
  if (own === undefined) return [];
  const { tbs } = readCertificate(fromBase64(own.der));
  return entriesOf(state, 'cross')
    .filter(([, { der }]) => {
      const cross = readCertificate(fromBase64(der)).tbs;
      return equalBytes(cross.subject, tbs.subject) && equalBytes(cross.spki, tbs.spki);
    })
    .map(([cross]) => cross);
}

/** The other ways up: the same chain with a cross-certificate of its root at the end. */
function chainsOf(state: CeremonyState, name: string): string[][] {
  const chain = chainOf(state, name);
  const [top = name] = chain.slice(-1).map((path) => path.replace(/^certs\/|\.pem$/gu, ''));
  const root = state.certificates[top]?.issuedBy ?? '';
  const others = crossesOf(state, root).map((cross) => [...chain, certificatePath(cross)]);
  return [chain, ...others.filter((one) => one.length <= 5)].slice(0, 10);
}

/** Certificate files from an issuer up to, but without, the root. */
function chainOf(state: CeremonyState, name: string): string[] {
  const chain: string[] = [];
  for (let at: string | undefined = name; at !== undefined && chain.length < 5;) {
    const certificate: CeremonyCertificate | undefined = state.certificates[at];
    if (certificate === undefined || certificate.type === 'root') break;
    chain.push(certificatePath(at));
    at = certificate.issuedBy;
  }
  return chain;
}

function issuersOf(state: CeremonyState, digest: Digest): Manifest['issuers'] {
  return entriesOf(state, 'intermediate').map(([name, certificate]) => {
    if (certificate.policy === undefined) throw impossible(`The issuance policy of ${name} is not known`);
    return {
      ...entryOf(name, certificate, digest),
      issuedBy: certificate.issuedBy,
      chains: chainsOf(state, name),
      policy: certificate.policy as IssuancePolicy,
    };
  });
}

function crlsOf(state: CeremonyState): Manifest['crls'] {
  return Object.entries(state.crls).map(([issuer, { der, number }]) => {
    const { thisUpdate, nextUpdate = 0 } = readCrl(fromBase64(der)).tbs;
    const dates = { thisUpdate: formatUtc(thisUpdate), nextUpdate: formatUtc(nextUpdate) };
    return { issuer, file: crlPath(issuer), number, ...dates };
  });
}

/**
 * Keys that only this field tells the next ceremony of: it would take them for leftovers. One that came as a CSR is
 * elsewhere, and that of a revoked certificate may be: they are told of only while a token is known for them.
 */
function keysOf({ keys, certificates }: CeremonyState): NonNullable<Manifest['keys']> {
  return Object.entries(keys)
    .filter(([name]) => certificates[name] === undefined)
    .filter(([, { origin, token }]) => origin === 'uncertified' || token !== undefined)
    .map(([name, { algorithm, spki, id }]) => ({
      name,
      algorithm,
      publicKey: spki,
      ...(id === undefined ? {} : { id }),
    }));
}

/** Keys that may leave their token, of those the bundle tells of: by a certificate, or without one. */
function unsealedOf({ keys, certificates }: CeremonyState, uncertified: ReadonlySet<string>): string[] {
  return Object.entries(keys)
    .filter(
      ([name, { wrappable }]) => wrappable === true && (Object.hasOwn(certificates, name) || uncertified.has(name)),
    )
    .map(([name]) => name);
}

/**
 * Waivers that let something in this bundle through, under the name of the certificate or CRL they are for: the loader
 * lints again and knows keys, not plan profiles.
 */
function waiversOf(state: CeremonyState): Manifest['waivers'] {
  const held = [...Object.entries(state.certificates), ...Object.entries(state.crls)];
  return held.flatMap(([name, { waived }]) => waived.map((waiver) => ({ ...waiver, object: name })));
}

/** Approvals of what is in this bundle: those of a CRL that another has followed stay in the bundle they were given for. */
function approvalsOf({ certificates, crls, approvals }: CeremonyState, digest: Digest): Manifest['approvals'] {
  const held = [...Object.values(certificates), ...Object.values(crls)];
  const digests = new Set(
    held.map(({ der }) => toHex(digest('sha256', readSigned(fromBase64(der), maximumCrlBytes).tbs))),
  );
  return approvals.filter((approval) => digests.has(approval.digest));
}

/** The manifest of everything the hierarchy has now: what came with the previous bundle and what was made today. */
export function manifestOf(state: CeremonyState, facts: ExportFacts, digest: Digest): Manifest {
  const { plan, planHash, rehearsal, previous } = state.beginning;
  const named = (type: CeremonyCertificate['type']): CertificateEntry[] =>
    entriesOf(state, type).map(([name, certificate]) => entryOf(name, certificate, digest));
  const issued = (type: CeremonyCertificate['type']): NonNullable<Manifest['crosses']> =>
    entriesOf(state, type).map(([name, certificate]) => ({
      ...entryOf(name, certificate, digest),
      issuedBy: certificate.issuedBy,
    }));
  const [crosses, ocspSigners] = [issued('cross'), issued('ocsp-signer')];
  const keys = keysOf(state);
  const unsealed = unsealedOf(state, new Set(keys.map(({ name }) => name)));
  return {
    format: bundleFormat,
    hierarchy: plan.hierarchy,
    epoch: (previous?.epoch ?? 0) + 1,
    previous: previous?.sums ?? null,
    created: formatUtc(facts.created),
    expires: formatUtc(facts.expires),
    rehearsal,
    plan: planHash,
    journal: facts.journal,
    roots: named('root'),
    signers: named('bundle-signer'),
    issuers: issuersOf(state, digest),
    ...(crosses.length === 0 ? {} : { crosses }),
    ...(ocspSigners.length === 0 ? {} : { ocspSigners }),
    ...(keys.length === 0 ? {} : { keys }),
    ...(unsealed.length === 0 ? {} : { unsealed }),
    ...(state.compromised.length === 0 ? {} : { compromised: [...state.compromised] }),
    crls: crlsOf(state),
    waivers: waiversOf(state),
    approvals: approvalsOf(state, digest),
  };
}

/** When the first CRL in the bundle lapses; undefined where there is none. */
export function earliestCrlLapse(state: CeremonyState): number | undefined {
  const lapses = Object.values(state.crls).map(({ der }) => readCrl(fromBase64(der)).tbs.nextUpdate ?? 0);
  return lapses.length === 0 ? undefined : Math.min(...lapses);
}
