// Bundles in which a thief of the bundle signer's key waives what makes a certificate what it is. A responder's key, which
// the root certified, lies on a machine of the network: it must not become a CA's by a sentence in a manifest.
import type { Manifest } from '../../../core/bundle/manifest.ts';
import { judgeCertificate, judgeCrl } from '../../../core/lint/linted.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { planProfileSchema } from '../../../core/profile/profile.ts';
import type { Certificate } from '../../../core/x509/certificate.ts';
import { readCrl } from '../../../core/x509/crl.ts';
import { forgeCertificate, forgeCrl, type Forge } from '../forge.ts';
import { testProfiles } from '../hierarchy.ts';
import { forged, type HostileKind } from './kind.ts';
import { adding, day, entryOf, issuerEntry } from './reforge.ts';

const responder = planProfileSchema.parse({
  type: 'ocsp-signer',
  subject: { C: 'US', O: 'Example Corp', CN: 'Example Corp OCSP Signer O1' },
  key: 'ec-p256',
  valid: { for: '1y' },
});
const evil = planProfileSchema.parse({
  ...testProfiles.issuing,
  subject: { C: 'US', O: 'Example Corp', CN: 'Example Corp Issuing I9' },
  valid: { for: '180d' },
});

/** Waivers of everything that these findings are. */
function waiving(object: string, findings: readonly { readonly rule: string }[]): Manifest['waivers'] {
  const reason = 'the thief would like to have this rule waived';
  const terms = { reason, clause: 'none', approver: 'thief', expires: '2099-01-01T00:00:00Z' };
  return findings.map(({ rule }) => ({ rule, object, ...terms }));
}

function judged({ tbs }: Certificate, issuer: Certificate): ReturnType<typeof judgeCertificate> {
  return judgeCertificate({ tbs, type: 'intermediate', issuer, digest: nodeDigest });
}

/** A responder that the root certified, its key in the thief's hands, and a CA that this key certifies. */
async function stolen({ hierarchy: { now, root, rootKey } }: Forge) {
  const [key, own] = [await throwawayKey('ec-p256'), await throwawayKey('ec-p256')];
  const signer = await forgeCertificate(responder, key.spki, rootKey, { now, issuer: root });
  const issuing = await forgeCertificate(evil, own.spki, key, { now, issuer: signer });
  const crl = await forgeCrl(signer, key, { number: 1n, thisUpdate: now, nextUpdate: now + 180 * day });
  const waivers = [
    ...waiving('o1', [...judged(signer, root), ...judgeCrl({ tbs: readCrl(crl).tbs, scope: 'ca', issuer: signer })]),
    ...waiving('issuing-i9', judged(issuing, signer)),
  ];
  return { signer, issuing, crl, waivers };
}

export const waiverKinds: readonly HostileKind[] = [
  forged('an OCSP signer as a CA, with all that speaks against it waived', 'bundle-certificate-lint', async (forge) => {
    const { signer, issuing, crl, waivers } = await stolen(forge);
    return {
      parts: (parts) => ({
        ...adding({ o1: signer, 'issuing-i9': issuing })(parts),
        crls: new Map([...parts.crls, ['crls/o1.pem', crl]]),
      }),
      manifest: (manifest) => ({
        ...manifest,
        crosses: [{ ...entryOf('o1', signer), issuedBy: 'root-r1' }],
        issuers: [...manifest.issuers, issuerEntry('issuing-i9', issuing, 'o1', ['certs/o1.pem'])],
        crls: [...manifest.crls, { ...manifest.crls[0], issuer: 'o1', file: 'crls/o1.pem' }],
        waivers,
      }),
    };
  }),
];
