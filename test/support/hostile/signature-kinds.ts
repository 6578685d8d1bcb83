// Bundles whose signature, seal or signer is not right: what somebody does who has the file, or another key, or an old
// one, but not what it takes.
import { readCms, writeCms } from '../../../core/bundle/cms.ts';
import { sumsFile } from '../../../core/bundle/layout.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { concatBytes, utf8 } from '../../../core/ports/bytes.ts';
import { fromHex } from '../../../core/ports/hex.ts';
import { planProfileSchema } from '../../../core/profile/profile.ts';
import { extKeyUsage } from '../../../core/x509/extensions/ext-key-usage.ts';
import { oids } from '../../../core/x509/oids.ts';
import type { Certificate } from '../../../core/x509/certificate.ts';
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { forgeCertificate, type Forge, type Recipe } from '../forge.ts';
import { testProfiles } from '../hierarchy.ts';
import { flipped, forged, type HostileKind } from './kind.ts';

const day = 86_400;

/** DER with the first occurrence of some bytes replaced by others of the same length. */
function swapBytes(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const index = Buffer.from(bytes).indexOf(Buffer.from(fromHex(from)));
  if (index < 0) throw new Error(`there is no ${from}`);
  const copy = Uint8Array.from(bytes);
  copy.set(fromHex(to), index);
  return copy;
}

/** Signed by the real signer's key, but under another certificate. */
function withSigner({ hierarchy }: Forge, certificate: Certificate): Recipe {
  return { signer: { certificate, key: hierarchy.signerKey } };
}

function signerProfile(valid: string): ReturnType<typeof planProfileSchema.parse> {
  return planProfileSchema.parse({ ...testProfiles.signer, valid: { for: valid } });
}

const envelope: readonly HostileKind[] = [
  forged('a signature file that is empty', 'bundle-cms-malformed', { cms: () => new Uint8Array() }),
  forged('a signature file with a byte behind it', 'bundle-cms-malformed', {
    cms: (cms) => concatBytes(cms, Uint8Array.of(0)),
  }),
  forged('a signature file of BER with an indefinite length', 'bundle-cms-malformed', {
    cms: (cms) => concatBytes(Uint8Array.of(0x30, 0x80), cms.subarray(4), Uint8Array.of(0, 0)),
  }),
  forged('a signature file in PEM', 'bundle-cms-malformed', { cms: () => utf8('-----BEGIN CMS-----\n') }),
  forged('a signature whose digest algorithm is not the one used', 'bundle-cms-malformed', {
    cms: (cms) => swapBytes(cms, '608648016503040201', '608648016503040202'),
  }),
  forged('a signature without the time it was made', 'bundle-cms-malformed', ({ files, hierarchy }) => ({
    cms: (cms) => {
      const verdict = readCms(cms, files.get(sumsFile) ?? new Uint8Array(), nodeDigest);
      if (!verdict.ok) throw new Error(verdict.fault);
      const attributes = swapBytes(verdict.cms.attributes, '2a864886f70d010905', '2a864886f70d010907');
      return writeCms({ ...verdict.cms, signer: hierarchy.signer, attributes });
    },
  })),
  forged('a signature by an algorithm nobody knows', 'bundle-cms-algorithm', {
    cms: (cms) => swapBytes(cms, '300a06082a8648ce3d040302', '300a06082a8648ce3d040301'),
  }),
  forged('a signature by SHA-384, which the documented command does not check', 'bundle-cms-algorithm', {
    algorithm: 'ecdsa-sha384',
  }),
  forged('the signature of another file list', 'bundle-cms-digest', { signed: utf8('another list\n') }),
  forged('a signature with a bit flipped', 'bundle-cms-signature', {
    signature: (signature) => flipped(signature, -1),
  }),
  forged(
    'a signature by another key under the signer’s certificate',
    'bundle-cms-signature',
    async ({ hierarchy }) => ({
      signer: { certificate: hierarchy.signer, key: await throwawayKey('ec-p256') },
    }),
  ),
  forged('a seal with a bit flipped', 'bundle-seal', { seal: (seal) => flipped(seal, -1) }),
  forged('a seal that is empty', 'bundle-seal', { seal: () => new Uint8Array() }),
  forged('a seal over something else', 'bundle-seal', async ({ hierarchy }) => {
    const other = await hierarchy.signerKey.sign('ecdsa-sha256', utf8('something else'));
    return { seal: () => other };
  }),
];

const signers: readonly HostileKind[] = [
  forged('a signer that certified itself', 'bundle-signer-issuer', async (forge) => {
    const { now, signerKey } = forge.hierarchy;
    return withSigner(forge, await forgeCertificate(testProfiles.signer, signerKey.spki, signerKey, { now }));
  }),
  forged('a signer issued by another root of the same name', 'bundle-signer-issuer', async (forge) => {
    const { now, signerKey } = forge.hierarchy;
    const key = await throwawayKey('ec-p384');
    const issuer = await forgeCertificate(testProfiles.root, key.spki, key, { now });
    return withSigner(forge, await forgeCertificate(testProfiles.signer, signerKey.spki, key, { now, issuer }));
  }),
  forged('the root’s own key as the signer', 'bundle-signer-purpose', ({ hierarchy: { root, rootKey } }) => ({
    signer: { certificate: root, key: rootKey },
  })),
  forged('the issuing CA’s key as the signer', 'bundle-signer-purpose', ({ hierarchy: { issuing, issuingKey } }) => {
    if (issuingKey === undefined) throw new Error('the issuing key is elsewhere');
    return { signer: { certificate: issuing, key: issuingKey } };
  }),
  forged('a signer that may also serve web sites', 'bundle-signer-purpose', async (forge) => {
    const { now, signerKey, rootKey, root } = forge.hierarchy;
    const certificate = await forgeCertificate(testProfiles.signer, signerKey.spki, rootKey, {
      now,
      issuer: root,
      change: ({ extensions }) => ({
        extensions: extensions.map((one) =>
          one.oid === oids.extKeyUsage ? extKeyUsage(['bundleSigning', 'serverAuth'], true) : one,
        ),
      }),
    });
    return withSigner(forge, certificate);
  }),
  forged(
    'a signer whose certificate had lapsed when it signed',
    'bundle-signer-expired',
    async (forge) => {
      const { now, signerKey, rootKey, root } = forge.hierarchy;
      const profile = signerProfile('1d');
      const certificate = await forgeCertificate(profile, signerKey.spki, rootKey, { now, issuer: root });
      return { ...withSigner(forge, certificate), signingTime: now + 3 * day };
    },
    ({ hierarchy }) => ({ now: hierarchy.now + 3 * day }),
  ),
  forged('a signer whose certificate was not valid yet', 'bundle-signer-expired', ({ hierarchy }) => ({
    signingTime: hierarchy.now - 2 * day,
  })),
];

const lists: readonly HostileKind[] = [
  forged('a file list with capital hex', 'bundle-sums-malformed', {
    sums: (sums) =>
      utf8(
        Buffer.from(sums)
          .toString('utf8')
          .replaceAll(/^[0-9a-f]{64}/gmu, (hash) => hash.toUpperCase()),
      ),
  }),
  forged('a file list with one space', 'bundle-sums-malformed', {
    sums: (sums) => utf8(Buffer.from(sums).toString('utf8').replaceAll('  ', ' ')),
  }),
  forged('a file list with carriage returns', 'bundle-sums-malformed', {
    sums: (sums) => utf8(Buffer.from(sums).toString('utf8').replaceAll('\n', '\r\n')),
  }),
  forged('a file list without its last line end', 'bundle-sums-malformed', { sums: (sums) => sums.subarray(0, -1) }),
  forged('a file list with an empty line', 'bundle-sums-malformed', { sums: (sums) => concatBytes(sums, utf8('\n')) }),
  forged('a file list that is not text', 'bundle-sums-malformed', { sums: () => Uint8Array.of(0xff, 0xfe, 0x0a) }),
  forged('an empty file list', 'bundle-sums-malformed', { sums: () => new Uint8Array() }),
  forged('a file list that is not sorted', 'bundle-sums-order', {
    sums: (sums) => utf8(`${Buffer.from(sums).toString('utf8').trimEnd().split('\n').toReversed().join('\n')}\n`),
  }),
  forged('a file list with a line twice', 'bundle-sums-order', {
    sums: (sums) =>
      utf8(
        Buffer.from(sums)
          .toString('utf8')
          .replace(/^(.*\n)/u, '$1$1'),
      ),
  }),
  forged('a file that is not in the list', 'bundle-file-unlisted', {
    sums: (sums) =>
      utf8(
        Buffer.from(sums)
          .toString('utf8')
          .replace(/^.* {2}plan\.yaml\n/mu, ''),
      ),
  }),
  forged('a listed file that is not there', 'bundle-file-absent', {
    sums: (sums) => concatBytes(sums, utf8(`${'0'.repeat(64)}  zzz.txt\n`)),
  }),
  forged('a file with another hash than the list says', 'bundle-file-hash', {
    sums: (sums) =>
      utf8(
        Buffer.from(sums)
          .toString('utf8')
          .replace(/^[0-9a-f]{8}/u, '00000000'),
      ),
  }),
];

export const signatureKinds: readonly HostileKind[] = [...envelope, ...signers, ...lists];
