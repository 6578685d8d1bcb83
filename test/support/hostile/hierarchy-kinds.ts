// Bundles whose certificates and CRLs are not what the pinned root stands for: most are what a thief of the bundle
// signer's key would try, some are what a mistake in a ceremony would make.
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { planProfileSchema } from '../../../core/profile/profile.ts';
import { extension } from '../../../core/x509/extensions/extension.ts';
import { keyUsage } from '../../../core/x509/extensions/key-usage.ts';
import { oids } from '../../../core/x509/oids.ts';
import * as der from '../../../core/der/writer.ts';
import { forgeCertificate, forgeCrl, type Recipe } from '../forge.ts';
import { testProfiles, type TestHierarchy } from '../hierarchy.ts';
import { flipped, forged, type HostileKind } from './kind.ts';

import { adding, day, entryOf, issuerEntry, issuingFile, recrled, reissued, revoked, rootFile } from './reforge.ts';

const chains: readonly HostileKind[] = [
  forged('a root that another key signed', 'bundle-chain', async ({ hierarchy: { now, root } }) => {
    const key = await throwawayKey('ec-p384');
    const odd = await forgeCertificate(testProfiles.root, root.tbs.spki, key, { now });
    return {
      parts: adding({ 'root-r2': odd }),
      manifest: (manifest) => ({ ...manifest, roots: [...manifest.roots, entryOf('root-r2', odd)] }),
    };
  }),
  forged('a second signer of another root', 'bundle-chain', async ({ hierarchy: { now } }) => {
    const key = await throwawayKey('ec-p384');
    const issuer = await forgeCertificate(testProfiles.root, key.spki, key, { now });
    const own = await throwawayKey('ec-p256');
    const odd = await forgeCertificate(testProfiles.signer, own.spki, key, { now, issuer });
    return {
      parts: adding({ 'bundle-signer-b2': odd }),
      manifest: (manifest) => ({ ...manifest, signers: [...manifest.signers, entryOf('bundle-signer-b2', odd)] }),
    };
  }),
  forged('a cross-certificate for the name of a root with a key of the thief’s', 'bundle-cross', async (forge) => {
    const { now, root, rootKey } = forge.hierarchy;
    const [secondKey, own] = [await throwawayKey('ec-p384'), await throwawayKey('ec-p384')];
    const subject = { C: 'US', O: 'Example Corp', CN: 'Example Corp Root R2' };
    const profile = planProfileSchema.parse({ ...testProfiles.root, subject });
    const second = await forgeCertificate(profile, secondKey.spki, secondKey, { now });
    const crossing = planProfileSchema.parse({ ...testProfiles.issuing, subject });
    const cross = await forgeCertificate(crossing, own.spki, rootKey, { now, issuer: root });
    return {
      parts: adding({ 'root-r2': second, 'root-r2-by-r1': cross }),
      manifest: (manifest) => ({
        ...manifest,
        roots: [...manifest.roots, entryOf('root-r2', second)],
        crosses: [{ ...entryOf('root-r2-by-r1', cross), issuedBy: 'root-r1' }],
      }),
    };
  }),
  forged('an issuer of nobody', 'bundle-chain', {
    manifest: (manifest) => ({
      ...manifest,
      issuers: manifest.issuers.map((issuer) => ({ ...issuer, issuedBy: 'root-r9' })),
    }),
  }),
  forged('an issuer that issued itself', 'bundle-chain', {
    manifest: (manifest) => ({
      ...manifest,
      issuers: manifest.issuers.map((issuer) => ({ ...issuer, issuedBy: 'issuing-i1' })),
    }),
  }),
  forged('a chain that begins with another certificate', 'bundle-chain', {
    manifest: (manifest) => ({
      ...manifest,
      issuers: manifest.issuers.map((issuer) => ({ ...issuer, chains: [[rootFile]] })),
    }),
  }),
  forged('a chain with a certificate that is not there', 'bundle-chain', {
    manifest: (manifest) => ({
      ...manifest,
      issuers: manifest.issuers.map((issuer) => ({ ...issuer, chains: [[issuingFile, 'certs/none.pem']] })),
    }),
  }),
  forged('a chain out of order', 'bundle-chain', {
    manifest: (manifest) => ({
      ...manifest,
      issuers: manifest.issuers.map((issuer) => ({ ...issuer, chains: [[issuingFile, issuingFile]] })),
    }),
  }),
  forged('an issuer of a root that the thief made', 'bundle-chain', async ({ hierarchy: { now } }) => {
    const [rootKey, key] = [await throwawayKey('ec-p384'), await throwawayKey('ec-p256')];
    const profile = planProfileSchema.parse({
      ...testProfiles.root,
      subject: { C: 'US', O: 'Example Corp', CN: 'Example Corp Root R2' },
    });
    const root = await forgeCertificate(profile, rootKey.spki, rootKey, { now });
    const issuing = await forgeCertificate(testProfiles.issuing, key.spki, rootKey, { now, issuer: root });
    const nextUpdate = now + 180 * day;
    const crl = await forgeCrl(root, rootKey, { number: 1n, thisUpdate: now, nextUpdate });
    return {
      parts: (parts) => ({
        ...adding({ 'root-r2': root, 'issuing-i2': issuing })(parts),
        crls: new Map([...parts.crls, ['crls/root-r2.pem', crl]]),
      }),
      manifest: (manifest) => ({
        ...manifest,
        roots: [...manifest.roots, entryOf('root-r2', root)],
        issuers: [...manifest.issuers, issuerEntry('issuing-i2', issuing, 'root-r2')],
        crls: [...manifest.crls, { ...manifest.crls[0], issuer: 'root-r2', file: 'crls/root-r2.pem' }],
      }),
    };
  }),
  forged(
    'an issuer that the bundle signer certified, every rule waived',
    'bundle-chain',
    async ({ hierarchy: { now, signer, signerKey } }) => {
      const key = await throwawayKey('ec-p256');
      const issuing = await forgeCertificate(testProfiles.issuing, key.spki, signerKey, { now, issuer: signer });
      const crl = await forgeCrl(signer, signerKey, { number: 1n, thisUpdate: now, nextUpdate: now + 180 * day });
      const waived = [
        'cert-issuer-is-ca',
        'cert-issuer-key-cert-sign',
        'intermediate-issuer-path-length',
        'cert-subject-not-issuer',
        'cert-within-issuer-validity',
        'cert-eku-within-issuer',
        'cert-locations-not-issuers-own',
      ];
      const waiver = {
        reason: 'the thief would like to have this rule waived',
        clause: 'none',
        approver: 'thief',
        expires: '2099-01-01T00:00:00Z',
      };
      return {
        parts: (parts) => ({
          ...adding({ 'issuing-i2': issuing })(parts),
          crls: new Map([...parts.crls, ['crls/signer.pem', crl]]),
        }),
        manifest: (manifest) => ({
          ...manifest,
          issuers: [
            ...manifest.issuers,
            issuerEntry('issuing-i2', issuing, 'bundle-signer-b1', ['certs/bundle-signer-b1.pem']),
          ],
          crls: [...manifest.crls, { ...manifest.crls[0], issuer: 'bundle-signer-b1', file: 'crls/signer.pem' }],
          waivers: [
            ...waived.map((rule) => ({ rule, object: 'issuing-i2', ...waiver })),
            { rule: 'crl-issuer-crl-sign', object: 'bundle-signer-b1', ...waiver },
          ],
        }),
      };
    },
  ),
];

const ocspProfile = planProfileSchema.parse({
  type: 'ocsp-signer',
  subject: { C: 'US', O: 'Example Corp', CN: 'Example Corp OCSP Signer O1' },
  key: 'ec-p256',
  valid: { for: '90d' },
});

/** An OCSP signer that the root certified, for the CA that `issuedBy` names. */
async function answering(
  { now, root, rootKey }: TestHierarchy,
  issuedBy: string,
  serial?: Uint8Array,
): Promise<Recipe> {
  const { spki } = await throwawayKey('ec-p256');
  const change = (): object => (serial === undefined ? {} : { serial });
  const signer = await forgeCertificate(ocspProfile, spki, rootKey, { now, issuer: root, change });
  return {
    parts: adding({ 'ocsp-o1': signer }),
    manifest: (manifest) => ({ ...manifest, ocspSigners: [{ ...entryOf('ocsp-o1', signer), issuedBy }] }),
  };
}

const answers: readonly HostileKind[] = [
  forged('an OCSP signer that another CA than its own certified', 'bundle-ocsp-signer', ({ hierarchy }) =>
    answering(hierarchy, 'issuing-i1'),
  ),
  forged('an OCSP signer for nobody', 'bundle-ocsp-signer', ({ hierarchy }) => answering(hierarchy, 'root-r9')),
  forged('an OCSP signer that the bundle signer certified', 'bundle-ocsp-signer', ({ hierarchy }) =>
    answering(hierarchy, 'bundle-signer-b1'),
  ),
  forged('an OCSP signer with the serial of the issuing CA', 'bundle-serial-duplicate', ({ hierarchy }) =>
    answering(hierarchy, 'root-r1', hierarchy.issuing.tbs.serial),
  ),
  forged('an OCSP signer for two years', 'bundle-certificate-lint', async ({ hierarchy: { now, root, rootKey } }) => {
    const { spki } = await throwawayKey('ec-p256');
    const profile = planProfileSchema.parse({ ...ocspProfile, valid: { for: '2y' } });
    const signer = await forgeCertificate(profile, spki, rootKey, { now, issuer: root });
    return {
      parts: adding({ 'ocsp-o1': signer }),
      manifest: (manifest) => ({
        ...manifest,
        ocspSigners: [{ ...entryOf('ocsp-o1', signer), issuedBy: 'root-r1' }],
      }),
    };
  }),
  forged('an OCSP signer that is revoked', 'bundle-ocsp-signer-revoked', async (forge) => {
    const serial = Uint8Array.from({ length: 16 }, () => 0x42);
    const signer = await answering(forge.hierarchy, 'root-r1', serial);
    const revocations = [{ serial, revokedAt: forge.hierarchy.now, reason: 'keyCompromise' }] as const;
    const crl = await recrled(forge, { revocations });
    return {
      parts: (parts) => ({ ...signer.parts?.(parts), ...crl.parts?.(parts) }),
      manifest: (manifest) => crl.manifest?.(signer.manifest?.(manifest) as typeof manifest),
    };
  }),
];

/** The root, renewed a day before, under a name of its own: what it issued still stands under the older certificate. */
async function renewedRoot({ now, root, rootKey }: TestHierarchy, own = rootKey): Promise<Recipe> {
  const change = (): object => ({ notBefore: root.tbs.notBefore + 1, notAfter: root.tbs.notAfter + 86_400 });
  const renewed = await forgeCertificate(testProfiles.root, own.spki, own, { now, change });
  return {
    parts: adding({ 'root-r1-again': renewed }),
    manifest: (manifest) => ({ ...manifest, roots: [...manifest.roots, entryOf('root-r1-again', renewed)] }),
  };
}

const renewals: readonly HostileKind[] = [
  forged('a renewed root whose issuers stand under its older certificate', 'bundle-root-order', ({ hierarchy }) =>
    renewedRoot(hierarchy),
  ),
  forged(
    'an issuer under a root of the pinned one’s name, with a key of the thief’s',
    'bundle-chain',
    async (forge) => {
      const recipe = await renewedRoot(forge.hierarchy, await throwawayKey('ec-p384'));
      return {
        ...recipe,
        manifest: (manifest) => ({
          ...(recipe.manifest?.(manifest) as typeof manifest),
          issuers: manifest.issuers.map((issuer) => ({ ...issuer, issuedBy: 'root-r1-again' })),
        }),
      };
    },
  ),
];

const certificates: readonly HostileKind[] = [
  forged('an issuer without the right to sign CRLs', 'bundle-certificate-lint', (forge) =>
    reissued(forge, ({ extensions }) => ({
      extensions: extensions.map((one) => (one.oid === oids.keyUsage ? keyUsage(['keyCertSign']) : one)),
    })),
  ),
  forged('an issuer without key purposes, as in May 2026', 'bundle-certificate-lint', (forge) =>
    reissued(forge, ({ extensions }) => ({ extensions: extensions.filter(({ oid }) => oid !== oids.extKeyUsage) })),
  ),
  forged('a policy for more purposes than the certificate has', 'bundle-policy', {
    manifest: (manifest) => ({
      ...manifest,
      issuers: manifest.issuers.map((issuer) => ({
        ...issuer,
        policy: { ...issuer.policy, eku: ['serverAuth', 'codeSigning'] },
      })),
    }),
  }),
  forged('a policy for longer than the certificate lasts', 'bundle-policy', (forge) =>
    reissued(forge, undefined, '89d'),
  ),
  forged('a certificate whose purposes do not parse, waived', 'bundle-certificate-lint', async (forge) => {
    const broken = extension(oids.extKeyUsage, false, der.sequence(der.integer(1)));
    const recipe = await reissued(forge, ({ extensions }) => ({
      extensions: extensions.map((one) => (one.oid === oids.extKeyUsage ? broken : one)),
    }));
    const waiver = {
      object: 'issuing-i1',
      reason: 'the thief would like to have this rule waived',
      clause: 'none',
      approver: 'thief',
      expires: '2099-01-01T00:00:00Z',
    };
    const waivers = ['cert-extension-value-der', 'intermediate-eku-present', 'intermediate-eku-separate'].map(
      (rule) => ({ rule, ...waiver }),
    );
    return { ...recipe, manifest: (manifest) => ({ ...(recipe.manifest?.(manifest) as object), waivers }) };
  }),
  forged(
    'an issuer that has expired',
    'bundle-issuer-expired',
    (forge) => reissued(forge, undefined, '100d'),
    ({ hierarchy }) => ({ now: hierarchy.now + 101 * day }),
  ),
  forged('an issuer that is revoked', 'bundle-issuer-revoked', (forge) =>
    recrled(forge, { revocations: revoked(forge.hierarchy.issuing, forge.hierarchy.now) }),
  ),
  forged('a bundle signer that is revoked', 'bundle-signer-revoked', (forge) =>
    recrled(forge, { revocations: revoked(forge.hierarchy.signer, forge.hierarchy.now) }),
  ),
];

const crls: readonly HostileKind[] = [
  forged('a CRL with a bit flipped', 'bundle-crl-signature', {
    parts: ({ crls: there }) => ({ crls: new Map([...there].map(([path, bytes]) => [path, flipped(bytes, -1)])) }),
  }),
  forged('a CRL by another key', 'bundle-crl-signature', async (forge) =>
    recrled(forge, {}, await throwawayKey('ec-p384')),
  ),
  forged('a CRL of the root under the issuing CA’s name', 'bundle-crl-signature', {
    manifest: (manifest) => ({ ...manifest, crls: [...manifest.crls, { ...manifest.crls[0], issuer: 'issuing-i1' }] }),
  }),
  forged('another CRL number than the CRL has', 'bundle-crl-mismatch', {
    manifest: (manifest) => ({ ...manifest, crls: manifest.crls.map((crl) => ({ ...crl, number: '2' })) }),
  }),
  forged('another nextUpdate than the CRL has', 'bundle-crl-mismatch', {
    manifest: (manifest) => ({
      ...manifest,
      crls: manifest.crls.map((crl) => ({ ...crl, nextUpdate: '2099-01-01T00:00:00Z' })),
    }),
  }),
  forged('a CRL whose number does not parse', 'bundle-crl-mismatch', (forge) =>
    recrled(forge, {
      change: ({ extensions }) => ({
        extensions: extensions.map((one) =>
          one.oid === oids.cRLNumber ? extension(oids.cRLNumber, false, der.sequence()) : one,
        ),
      }),
    }),
  ),
  forged('a CRL valid for two years', 'bundle-crl-lint', (forge) =>
    recrled(forge, { nextUpdate: forge.hierarchy.now + 730 * day }),
  ),
  forged(
    'a CRL that has lapsed',
    'bundle-crl-expired',
    (forge) => recrled(forge, { nextUpdate: forge.hierarchy.now + 10 * day }),
    ({ hierarchy }) => ({ now: hierarchy.now + 11 * day }),
  ),
  forged('no CRL at all', 'bundle-crl-missing', {
    parts: () => ({ crls: new Map() }),
    manifest: (manifest) => ({ ...manifest, crls: [] }),
  }),
  forged('neither issuers nor a CRL that could say the signer is revoked', 'bundle-crl-missing', {
    parts: ({ certificates: there }) => ({
      crls: new Map(),
      certificates: new Map([...there].filter(([path]) => path !== issuingFile)),
    }),
    manifest: (manifest) => ({ ...manifest, crls: [], issuers: [] }),
  }),
  forged(
    'a CRL older than the one loaded',
    'bundle-crl-older',
    { manifest: (manifest) => ({ ...manifest, epoch: 3, previous: 'cd'.repeat(32) }) },
    () => ({
      last: { epoch: 1, sums: 'ab'.repeat(32), crlNumbers: new Map([['root-r1', 2n]]) },
    }),
  ),
  forged(
    'an older CRL under a new name for its issuer',
    'bundle-crl-missing',
    {
      manifest: (manifest) => ({
        ...manifest,
        epoch: 3,
        previous: 'cd'.repeat(32),
        roots: manifest.roots.map((root) => ({ ...root, name: 'root-x' })),
        issuers: manifest.issuers.map((issuer) => ({ ...issuer, issuedBy: 'root-x' })),
        crls: manifest.crls.map((crl) => ({ ...crl, issuer: 'root-x' })),
      }),
    },
    () => ({ last: { epoch: 1, sums: 'ab'.repeat(32), crlNumbers: new Map([['root-r1', 2n]]) } }),
  ),
];

export const hierarchyKinds: readonly HostileKind[] = [...chains, ...renewals, ...answers, ...certificates, ...crls];
