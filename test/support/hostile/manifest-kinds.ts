// Bundles that are signed as they should be, by the signer's own key, and say something they must not: what a thief of
// that key does, or somebody with an old bundle.
import type { BundleExpectations } from '../../../core/bundle/bundle.ts';
import type { Manifest } from '../../../core/bundle/manifest.ts';
import { manifestFile, planFile, transcriptFile } from '../../../core/bundle/layout.ts';
import type { BundleRefusalCode } from '../../../core/bundle/refusals.ts';
import { toBase64 } from '../../../core/ports/base64.ts';
import { concatBytes, utf8 } from '../../../core/ports/bytes.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { readSigned } from '../../../core/x509/certificate.ts';
import { forgeBundle, type Forge } from '../forge.ts';
import { sha256 } from '../hierarchy.ts';
import { forged, type HostileKind } from './kind.ts';

const day = 86_400;
const other = 'ab'.repeat(32);

/** A manifest that says something else. */
function says(
  what: string,
  code: BundleRefusalCode,
  change: (manifest: Manifest, forge: Forge) => object,
  expect?: Partial<BundleExpectations> | ((forge: Forge) => Partial<BundleExpectations>),
): HostileKind {
  const recipe = (forge: Forge): { manifest: (manifest: Manifest) => unknown } => ({
    manifest: (manifest) => ({ ...manifest, ...change(manifest, forge) }),
  });
  if (expect === undefined) return forged(what, code, recipe);
  return forged(what, code, recipe, typeof expect === 'function' ? expect : () => expect);
}

/** manifest.json as other bytes. */
function written(what: string, code: BundleRefusalCode, change: (text: string) => string): HostileKind {
  return forged(what, code, {
    files: (files) => {
      const text = Buffer.from(files.get(manifestFile) ?? []).toString('utf8');
      files.set(manifestFile, utf8(change(text)));
    },
  });
}

const shapes: readonly HostileKind[] = [
  written('a manifest with a space in it', 'bundle-manifest-malformed', (text) => text.replace(':', ': ')),
  written('a manifest with a key twice', 'bundle-manifest-malformed', (text) => text.replace('{', '{"epoch":9,')),
  written('a manifest with a byte order mark', 'bundle-manifest-malformed', (text) => `\uFEFF${text}`),
  written('a manifest that is a list', 'bundle-manifest-malformed', (text) => `[${text}]`),
  written(
    'a manifest of a hundred thousand brackets',
    'bundle-manifest-malformed',
    () => `{"a":${'['.repeat(100_000)}`,
  ),
  written(
    'a manifest nested too deeply',
    'bundle-manifest-malformed',
    () => `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  ),
  written('an epoch that is no whole number', 'bundle-manifest-malformed', (text) =>
    text.replace('"epoch":1', '"epoch":1.5'),
  ),
  says('a format of the future', 'bundle-manifest-format', () => ({ format: 'coldroot-bundle-2' })),
  says('an unknown key', 'bundle-manifest-schema', () => ({ comment: 'trust me' })),
  says('the key __proto__', 'bundle-manifest-schema', () => JSON.parse('{"__proto__":{"rehearsal":false}}') as object),
  says('a missing key', 'bundle-manifest-schema', () => ({ approvals: null })),
  says('an epoch of zero', 'bundle-manifest-schema', () => ({ epoch: 0 })),
  says('a hierarchy with a slash', 'bundle-manifest-schema', () => ({ hierarchy: '../x' })),
  says('a hierarchy named constructor', 'bundle-manifest-schema', () => ({ hierarchy: 'constructor' })),
  says('a creation on 31 February', 'bundle-manifest-schema', () => ({ created: '2026-02-31T00:00:00Z' })),
  says('a certificate path outside certs/', 'bundle-manifest-schema', ({ roots }) => ({
    roots: roots.map((root) => ({ ...root, certificate: '../root.pem' })),
  })),
  says('a leaf validity of ten years', 'bundle-manifest-schema', ({ issuers }) => ({
    issuers: issuers.map((issuer) => ({ ...issuer, policy: { ...issuer.policy, maxValidity: 3650 * day } })),
  })),
  says('a subject policy with an attribute that leaves cannot have', 'bundle-manifest-schema', ({ issuers }) => ({
    issuers: issuers.map((issuer) => ({ ...issuer, policy: { ...issuer.policy, subject: { CN: 'any' } } })),
  })),
];

const history: readonly HostileKind[] = [
  says('another hierarchy', 'bundle-hierarchy', () => ({ hierarchy: 'other-corp' }), { hierarchy: 'example-corp' }),
  {
    what: 'a rehearsal in production',
    code: 'bundle-rehearsal',
    make: ({ rehearsal }) => rehearsal.archive,
    expect: ({ rehearsal }) => ({ rootFingerprint: rehearsal.expect.rootFingerprint, rehearsal: 'refuse' }),
  },
  {
    what: 'a rehearsal that says it is none',
    code: 'bundle-rehearsal-hidden',
    make: ({ rehearsal }) => forgeBundle(rehearsal, { manifest: (manifest) => ({ ...manifest, rehearsal: false }) }),
    expect: ({ rehearsal }) => ({ rootFingerprint: rehearsal.expect.rootFingerprint, rehearsal: 'refuse' }),
  },
  says('a production bundle where rehearsals are held', 'bundle-rehearsal-expected', () => ({}), {
    rehearsal: 'require',
  }),
  says('production certificates called a rehearsal', 'bundle-rehearsal-hidden', () => ({ rehearsal: true }), {
    rehearsal: 'require',
  }),
  forged('a creation that the signature’s time does not confirm', 'bundle-time-mismatch', ({ hierarchy: { now } }) => ({
    signingTime: now + 1,
  })),
  forged('a creation that the archive’s times do not confirm', 'bundle-time-mismatch', ({ hierarchy: { now } }) => ({
    mtime: now - 1,
  })),
  says('an expiry before its creation', 'bundle-expiry-order', (_, { hierarchy: { now } }) => ({
    expires: formatUtc(now),
  })),
  says('an expiry in two years', 'bundle-expiry-order', (_, { hierarchy: { now } }) => ({
    expires: formatUtc(now + 730 * day),
  })),
  says(
    'a creation in the future',
    'bundle-created-future',
    () => ({}),
    ({ hierarchy: { now } }) => ({ now: now - 1 }),
  ),
  says(
    'a bundle that has expired',
    'bundle-expired',
    (_, { hierarchy: { now } }) => ({ expires: formatUtc(now + day) }),
    ({ hierarchy: { now } }) => ({ now: now + day + 1 }),
  ),
  says('an older epoch than the one loaded', 'bundle-epoch-older', () => ({}), { last: { epoch: 2, sums: other } }),
  says('the loaded epoch with other content', 'bundle-epoch-conflict', () => ({}), { last: { epoch: 1, sums: other } }),
  says('a first bundle that follows another', 'bundle-previous', () => ({ previous: other })),
  says('a later bundle that follows none', 'bundle-previous', () => ({ epoch: 2 })),
  says('the next epoch after another history', 'bundle-previous', () => ({ epoch: 2, previous: 'cd'.repeat(32) }), {
    last: { epoch: 1, sums: other },
  }),
  says('another plan than it names', 'bundle-plan-hash', () => ({ plan: other })),
  forged('a plan with a line more', 'bundle-plan-hash', {
    files: (files) => files.set(planFile, concatBytes(files.get(planFile) ?? new Uint8Array(), utf8('# \n'))),
  }),
];

const transcripts: readonly HostileKind[] = [
  forged('a transcript that is not JSON', 'bundle-transcript', {
    files: (files) => files.set(transcriptFile, utf8('begin\n')),
  }),
  forged('a transcript with a changed record', 'bundle-transcript', {
    files: (files) => {
      const text = Buffer.from(files.get(transcriptFile) ?? []).toString('utf8');
      files.set(transcriptFile, utf8(text.replace('"kind":"begin"', '"kind":"ended"')));
    },
  }),
  forged('a transcript without records', 'bundle-transcript', {
    files: (files) => files.set(transcriptFile, utf8('{"records":[]}')),
  }),
  says('another transcript than it names', 'bundle-transcript', () => ({ journal: other })),
];

const approval = { who: 'Olga One', role: 'officer', plan: other, act: 1, digest: other } as const;

/** An approval of the root certificate that is in the bundle, changed in some way. */
function ofRoot({ hierarchy: { root } }: Forge, change: object): { approvals: object[] } {
  const digest = sha256(readSigned(root.raw, root.raw.length).tbs);
  return { approvals: [{ ...approval, digest, ...change }] };
}

const approvals: readonly HostileKind[] = [
  says('an approval of something else', 'bundle-approval-digest', () => ({ approvals: [approval] })),
  says('an approval with a signature that is none', 'bundle-approval-signature', (_, forge) =>
    ofRoot(forge, { signed: { spki: toBase64(forge.hierarchy.root.tbs.spki), signature: 'AAAA' } }),
  ),
  says('an approval with a key that is none', 'bundle-approval-signature', (_, forge) =>
    ofRoot(forge, { signed: { spki: 'AAAA', signature: 'AAAA' } }),
  ),
  says(
    'approvals of the root alone, where everything needs one',
    'bundle-approval-quorum',
    (_, forge) => ofRoot(forge, {}),
    {
      approvals: { quorum: 1 },
    },
  ),
  says('a typed approval where only signatures count', 'bundle-approval-quorum', (_, forge) => ofRoot(forge, {}), {
    approvals: { quorum: 1, keys: [other] },
  }),
];

/** A key without a certificate, changed in some way. */
function stray({ hierarchy: { root } }: Forge, change: object): { keys: object[] } {
  return { keys: [{ name: 'stray', algorithm: 'ec-p384', publicKey: toBase64(root.tbs.spki), ...change }] };
}

const keys: readonly HostileKind[] = [
  says('a key of another kind than it says', 'bundle-key', (_, forge) => stray(forge, { algorithm: 'ec-p256' })),
  says('a key that is none', 'bundle-key', (_, forge) => stray(forge, { publicKey: 'MAA=' })),
  says('a key twice', 'bundle-name-duplicate', (_, forge) => {
    const { keys: once } = stray(forge, {});
    return { keys: [...once, ...once] };
  }),
  says('a key with the name of a certificate', 'bundle-name-duplicate', ({ roots }, forge) =>
    stray(forge, { name: roots[0]?.name }),
  ),
  says('a key that may leave its token, and nobody knows', 'bundle-unsealed', () => ({ unsealed: ['nobody'] })),
  says('a key with no CKA_ID but letters', 'bundle-manifest-schema', (_, forge) => stray(forge, { id: 'xyz' })),
];

export const manifestKinds: readonly HostileKind[] = [...shapes, ...history, ...transcripts, ...approvals, ...keys];
