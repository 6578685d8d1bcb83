import type { Bundle } from '../../core/bundle/bundle.ts';
import { equalBytes } from '../../core/ports/bytes.ts';
import type { Certificate } from '../../core/x509/certificate.ts';
import type { OcspAuthority } from '../revocation/ocsp/authority.ts';
import type { Issuer } from '../sign/issuer.ts';
import type { CrlDates } from '../store/crl-dates.ts';

const day = 86_400;

interface Rule {
  /** For people, before the name. */
  readonly what: string;
  /** It is time to say so when this share of its life is left, and never earlier than `atMost` seconds before its end. */
  readonly share: number;
  readonly atMost: number;
  /** What comes of it when nobody does anything, and what to do. */
  readonly remedy: string;
}

/** Everything the issuer depends on that ends by itself: when that is to be said, and what is to be done. */
export const endRules = {
  bundle: {
    what: 'the bundle',
    share: 1 / 4,
    atMost: 30 * day,
    remedy: 'After that no start accepts it and /ready fails: hold the next ceremony for a CRL, and load its bundle.',
  },
  'bundle-signer': {
    what: 'the certificate of the bundle signer',
    share: 1 / 5,
    atMost: 90 * day,
    remedy: 'After that no bundle can be signed with it: have the next ceremony certify another signer.',
  },
  root: {
    what: 'the root certificate',
    share: 1 / 10,
    atMost: 730 * day,
    remedy: 'After that nothing below it verifies: plan a renewal or a new root, and give it to every client.',
  },
  'chain-ca': {
    what: 'the CA certificate in a chain',
    share: 1 / 5,
    atMost: 180 * day,
    remedy: 'After that the chain does not verify: have it renewed in a ceremony.',
  },
  'issuing-ca': {
    what: 'the certificate of the issuing CA',
    share: 1 / 5,
    atMost: 180 * day,
    remedy: 'Certificates already become shorter towards it: have a new issuing CA made in a ceremony.',
  },
  'ocsp-signer': {
    what: 'the certificate of the OCSP signer',
    share: 1 / 4,
    atMost: 60 * day,
    remedy: 'After that OCSP is not answered: hold the ceremony ocsp-signer.yaml, and load its bundle.',
  },
  'offline-crl': {
    what: 'the CRL of the offline CA',
    share: 1 / 4,
    atMost: 30 * day,
    remedy: 'After that clients that check it refuse every certificate: hold the ceremony for a new CRL.',
  },
  crl: {
    what: 'the CRL of the issuing CA',
    share: 1 / 4,
    atMost: 10 * day,
    remedy: 'It should have been made anew long ago: look in the log for why the job "CRLs" fails.',
  },
  tls: {
    what: 'the server’s own TLS certificate',
    share: 1 / 4,
    atMost: 30 * day,
    remedy: 'It should have been renewed: look in the log for why the job "own TLS certificate" fails.',
  },
} as const satisfies Readonly<Record<string, Rule>>;
export type EndKind = keyof typeof endRules;

/** Something with an end. Times are seconds since the epoch. */
export interface End {
  readonly kind: EndKind;
  readonly name: string;
  readonly begins: number;
  readonly ends: number;
}

/** What there is at the moment that can end. */
export interface EndSources {
  readonly bundle: Bundle;
  readonly issuers: readonly Issuer[];
  readonly authorities: Iterable<OcspAuthority>;
  readonly crls: readonly CrlDates[];
  /** The certificate that this process serves with. */
  readonly tls: { readonly begins: number; readonly ends: number } | undefined;
}

function certificateEnd(kind: EndKind, name: string, { tbs }: Certificate): End {
  return { kind, name, begins: tbs.notBefore, ends: tbs.notAfter };
}

/** CA certificates above an issuing CA that are no roots, each once. */
function chainEnds({ certificates }: Bundle, issuers: readonly Issuer[]): readonly End[] {
  const above = issuers.flatMap(({ chains }) => chains.flatMap(([, ...rest]) => rest));
  return [...certificates]
    .filter(([, { raw }]) => above.some((each) => equalBytes(each.raw, raw)))
    .map(([name, certificate]) => certificateEnd('chain-ca', name, certificate));
}

/** Of several that do the same, the one that lasts longest is the one that counts. */
function signerEnd({ certificates, manifest }: Bundle): readonly End[] {
  const ends = manifest.signers.flatMap(({ name }) => {
    const certificate = certificates.get(name);
    return certificate === undefined ? [] : [certificateEnd('bundle-signer', name, certificate)];
  });
  return ends.toSorted((one, other) => other.ends - one.ends).slice(0, 1);
}

function bundleEnds(bundle: Bundle): readonly End[] {
  const { manifest, anchors, certificates, crls } = bundle;
  const at = (instant: string): number => Date.parse(instant) / 1000;
  const [root] = anchors;
  const rootName = [...certificates].find(([, each]) => each === root)?.[0] ?? manifest.roots[0]?.name ?? '';
  return [
    { kind: 'bundle', name: `epoch-${manifest.epoch}`, begins: at(manifest.created), ends: at(manifest.expires) },
    ...signerEnd(bundle),
    ...(root === undefined ? [] : [certificateEnd('root', rootName, root)]),
    ...crls.map(({ issuer, crl: { tbs } }) => ({
      kind: 'offline-crl' as const,
      name: issuer,
      begins: tbs.thisUpdate,
      ends: tbs.nextUpdate ?? tbs.thisUpdate,
    })),
  ];
}

/** Everything that ends, what ends first in front. */
export function endsOf({ bundle, issuers, authorities, crls, tls }: EndSources): readonly End[] {
  const ours = new Set(issuers.map(({ name }) => name));
  // A CRL of ours in the bundle is of its first day: the database has the ones after it.
  const fromBundle = bundleEnds(bundle).filter(({ kind, name }) => kind !== 'offline-crl' || !ours.has(name));
  const signers = [...authorities].flatMap(({ signers: [first] }) =>
    first === undefined || first.carried.length === 0
      ? []
      : [certificateEnd('ocsp-signer', first.name, first.certificate)],
  );
  const all = [
    ...fromBundle,
    ...chainEnds(bundle, issuers),
    ...issuers.map(({ name, certificate }) => certificateEnd('issuing-ca', name, certificate)),
    ...signers,
    ...crls.map((each) => ({
      kind: 'crl' as const,
      name: each.issuer,
      begins: each.this_update,
      ends: each.next_update,
    })),
    ...(tls === undefined ? [] : [{ kind: 'tls' as const, name: 'own', ...tls }]),
  ];
  return all.toSorted((one, other) => one.ends - other.ends);
}

/** Whether it is time to say that it ends. */
export function isNear({ kind, begins, ends }: End, now: number): boolean {
  const { share, atMost } = endRules[kind];
  return now > ends - Math.min(atMost, (ends - begins) * share);
}
