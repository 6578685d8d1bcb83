import type { Bundle, BundleTools, BundleVerdict } from '../bundle/bundle.ts';
import { verifyBundle } from '../bundle/verify.ts';
import { toBase64 } from '../ports/base64.ts';
import { policyJson } from './issuance-policy.ts';
import type { Json } from '../ports/json.ts';
import { parseUtc } from '../profile/dates.ts';
import type { EventBody } from './events.ts';

/** What a ceremony takes over from the one before it. */
export type Carried = Pick<
  EventBody<'begin'>,
  'previous' | 'certificates' | 'keys' | 'unsealed' | 'compromised' | 'crls' | 'approvals'
>;

/** Nothing comes from an earlier ceremony. */
export const nothingCarried: Carried = {
  previous: null,
  certificates: {},
  keys: {},
  unsealed: [],
  compromised: [],
  crls: {},
  approvals: [],
};

/** What a verified bundle brings into the ceremony after it: its place in history, its certificates, its CRLs. */
export function carriedFrom(bundle: Bundle): Carried {
  const { manifest, certificates, crls, sums } = bundle;
  const waivedFor = (name: string): Carried['certificates'][string]['waived'] =>
    manifest.waivers.filter(({ object }) => object === name);
  const carried: Carried['certificates'] = {};
  const add = (name: string, type: Carried['certificates'][string]['type'], issuedBy: string, policy?: Json): void => {
    const certificate = certificates.get(name);
    if (certificate === undefined) return;
    const base = { der: toBase64(certificate.raw), type, issuedBy, waived: waivedFor(name) };
    carried[name] = policy === undefined ? base : { ...base, policy };
  };
  for (const { name } of manifest.roots) add(name, 'root', name);
  // Signers are the pinned root's, and there may be another root in front of it.
  const root = manifest.roots.find(({ name }) => certificates.get(name) === bundle.anchors[0]);
  for (const { name } of manifest.signers) add(name, 'bundle-signer', root?.name ?? '');
  for (const { name, issuedBy, policy } of manifest.issuers) {
    add(name, 'intermediate', issuedBy, policyJson(policy));
  }
  for (const { name, issuedBy } of manifest.crosses ?? []) add(name, 'cross', issuedBy);
  for (const { name, issuedBy } of manifest.ocspSigners ?? []) add(name, 'ocsp-signer', issuedBy);
  const lists = crls.map(({ issuer, number, crl }) => [
    issuer,
    { der: toBase64(crl.raw), number: number.toString(), waived: waivedFor(issuer) },
  ]);
  return {
    previous: { epoch: manifest.epoch, sums, created: parseUtc(manifest.created) ?? 0 },
    certificates: carried,
    keys: Object.fromEntries(
      (manifest.keys ?? []).map(({ name, algorithm, publicKey, id }) => {
        return [name, { algorithm, spki: publicKey, ...(id === undefined ? {} : { id }) }];
      }),
    ),
    unsealed: [...(manifest.unsealed ?? [])],
    compromised: [...(manifest.compromised ?? [])],
    crls: Object.fromEntries(lists) as Carried['crls'],
    approvals: [...manifest.approvals],
  };
}

/** Judges the bundle a ceremony is to go on from. It may have lapsed: that is often why the next ceremony is held. */
export function verifyPrevious(
  archive: Uint8Array,
  expect: { readonly root: string; readonly now: number; readonly rehearsal: boolean; readonly hierarchy: string },
  tools: BundleTools,
): BundleVerdict {
  const { root, now, rehearsal, hierarchy } = expect;
  const kind = rehearsal ? 'require' : 'refuse';
  return verifyBundle(archive, { rootFingerprint: root, now, rehearsal: kind, hierarchy, historical: true }, tools);
}
