// Forged cross-certificates: a second way up that the pinned root never opened.
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { planProfileSchema } from '../../../core/profile/profile.ts';
import type { Certificate } from '../../../core/x509/certificate.ts';
import { forgeCertificate, type Recipe } from '../forge.ts';
import { testProfiles } from '../hierarchy.ts';
import { forged, type HostileKind } from './kind.ts';
import { adding, entryOf, issuingFile, recrled, revoked } from './reforge.ts';

const subject = { C: 'US', O: 'Example Corp', CN: 'Example Corp Root R2' };
const crossing = planProfileSchema.parse({ ...testProfiles.issuing, subject });
const name = 'root-r2-by-r1';

/** The valid bundle with this cross-certificate in it. */
function crossed(cross: Certificate, issuedBy: string, file = name): Recipe {
  return {
    parts: adding({ [name]: cross }),
    manifest: (manifest) => ({
      ...manifest,
      crosses: [{ ...entryOf(file, cross), certificate: `certs/${name}.pem`, issuedBy }],
    }),
  };
}

export const crossKinds: readonly HostileKind[] = [
  forged('a cross-certificate by nobody', 'bundle-chain', async ({ hierarchy: { now, root, rootKey } }) => {
    const { spki } = await throwawayKey('ec-p256');
    return crossed(await forgeCertificate(crossing, spki, rootKey, { now, issuer: root }), 'root-r9');
  }),
  forged('a cross-certificate that a thief signed in the root’s name', 'bundle-chain', async (forge) => {
    const { now, root } = forge.hierarchy;
    const [{ spki }, thief] = [await throwawayKey('ec-p256'), await throwawayKey('ec-p384')];
    return crossed(await forgeCertificate(crossing, spki, thief, { now, issuer: root }), 'root-r1');
  }),
  forged('a cross-certificate of the root under the issuing CA’s name', 'bundle-chain', async (forge) => {
    const { now, root, rootKey } = forge.hierarchy;
    const { spki } = await throwawayKey('ec-p256');
    return crossed(await forgeCertificate(crossing, spki, rootKey, { now, issuer: root }), 'issuing-i1');
  }),
  forged('a cross-certificate that the bundle signer signed', 'bundle-certificate-lint', async (forge) => {
    const { now, signer, signerKey } = forge.hierarchy;
    const { spki } = await throwawayKey('ec-p256');
    return crossed(await forgeCertificate(crossing, spki, signerKey, { now, issuer: signer }), 'bundle-signer-b1');
  }),
  forged('a cross-certificate without key purposes, as in May 2026', 'bundle-certificate-lint', async (forge) => {
    const { now, root, rootKey } = forge.hierarchy;
    const { spki } = await throwawayKey('ec-p256');
    const change = ({ extensions }: { readonly extensions: readonly { readonly oid: string }[] }): object => ({
      extensions: extensions.filter(({ oid }) => oid !== '2.5.29.37'),
    });
    return crossed(await forgeCertificate(crossing, spki, rootKey, { now, issuer: root, change }), 'root-r1');
  }),
  forged('a cross-certificate that is the issuing CA’s own, twice', 'bundle-name-duplicate', ({ hierarchy }) =>
    crossed(hierarchy.issuing, 'root-r1'),
  ),
  forged('a cross-certificate with the name of an issuing CA', 'bundle-name-duplicate', async (forge) => {
    const { now, root, rootKey } = forge.hierarchy;
    const { spki } = await throwawayKey('ec-p256');
    return crossed(await forgeCertificate(crossing, spki, rootKey, { now, issuer: root }), 'root-r1', 'issuing-i1');
  }),
  forged('a cross-certificate that is revoked', 'bundle-issuer-revoked', async (forge) => {
    const { now, root, rootKey } = forge.hierarchy;
    const { spki } = await throwawayKey('ec-p256');
    const cross = await forgeCertificate(crossing, spki, rootKey, { now, issuer: root });
    const [recipe, crl] = [crossed(cross, 'root-r1'), await recrled(forge, { revocations: revoked(cross, now) })];
    return {
      parts: (parts) => ({ ...recipe.parts?.(parts), ...crl.parts?.(parts) }),
      manifest: (manifest) => crl.manifest?.(recipe.manifest?.(manifest) as typeof manifest),
    };
  }),
  forged('only a chain to a root of the thief’s, who cross-certified the pinned one', 'bundle-chain', async (forge) => {
    const { now, root } = forge.hierarchy;
    const thief = await throwawayKey('ec-p384');
    const other = await forgeCertificate(
      planProfileSchema.parse({ ...testProfiles.root, subject }),
      thief.spki,
      thief,
      {
        now,
      },
    );
    const own = planProfileSchema.parse({ ...testProfiles.issuing, subject: testProfiles.root.subject, pathLen: 1 });
    const cross = await forgeCertificate(own, root.tbs.spki, thief, { now, issuer: other });
    return {
      parts: adding({ 'root-r2': other, 'root-r1-by-r2': cross }),
      manifest: (manifest) => ({
        ...manifest,
        roots: [...manifest.roots, entryOf('root-r2', other)],
        crosses: [{ ...entryOf('root-r1-by-r2', cross), issuedBy: 'root-r2' }],
        issuers: manifest.issuers.map((issuer) => ({
          ...issuer,
          chains: [[issuingFile, 'certs/root-r1-by-r2.pem']],
        })),
      }),
    };
  }),
];
