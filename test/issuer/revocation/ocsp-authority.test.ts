// Who may sign OCSP answers for an issuing CA of a bundle.
import { describe, expect, it } from 'vitest';
import { verifyBundle } from '../../../core/bundle/verify.ts';
import type { Bundle } from '../../../core/bundle/bundle.ts';
import { nodeDigest, nodeVerifier } from '../../../core/node/crypto.ts';
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { equalBytes } from '../../../core/ports/bytes.ts';
import type { Certificate } from '../../../core/x509/certificate.ts';
import { keyUsage } from '../../../core/x509/extensions/key-usage.ts';
import { oids } from '../../../core/x509/oids.ts';
import { Refused } from '../../../issuer/ops/refused.ts';
import { openAuthorities } from '../../../issuer/revocation/ocsp/authority.ts';
import { bundleIssuer, makeIssuer } from '../../../issuer/sign/issuer.ts';
import type { IssuerKeys } from '../../../issuer/sign/issuer-keys.ts';
import { Issuers } from '../../../issuer/sign/open-issuers.ts';
import { forgeCertificate } from '../../support/forge.ts';
import { makeHierarchy, testProfiles, type TestHierarchy } from '../../support/hierarchy.ts';
import { bundleWithSigners, certifyOcspSigner, type NamedSigner } from '../../support/ocsp-signer.ts';

async function bundleOf(hierarchy: TestHierarchy, signers: readonly NamedSigner[]): Promise<Bundle> {
  const { rootFingerprint, now } = hierarchy;
  const bytes = await bundleWithSigners(hierarchy, signers);
  const verdict = verifyBundle(
    bytes,
    { rootFingerprint, now, rehearsal: 'refuse' },
    { digest: nodeDigest, verify: nodeVerifier },
  );
  if (!verdict.ok) throw new Error(verdict.refusal.message);
  return verdict.bundle;
}

/** Keys of which these are there. */
function keysOf(...spkis: readonly Uint8Array[]): IssuerKeys {
  return {
    working: true,
    overloaded: false,
    require: () => Promise.resolve(),
    has: ({ spki }) => Promise.resolve(spkis.some((each) => equalBytes(each, spki))),
    sign: () => Promise.reject(new Error('not asked here')),
    close: () => Promise.resolve(),
  };
}

async function signersOf(bundle: Bundle, keys: IssuerKeys, certificate?: Certificate): Promise<readonly string[]> {
  const found = bundleIssuer(bundle, 'issuing-i1');
  const issuer = makeIssuer({ ...found, certificate: certificate ?? found.certificate }, () =>
    Promise.reject(new Error('not asked here')),
  );
  const authorities = await openAuthorities(bundle, new Issuers(new Map([['issuing-i1', issuer]])), keys, nodeDigest);
  return authorities.get('issuing-i1')?.signers.map(({ name }) => name) ?? [];
}

async function refusalOf(work: Promise<unknown>): Promise<{ code: string; message: string }[]> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Refused) return error.refusals.map(({ code, message }) => ({ code, message }));
    throw error;
  }
  return [];
}

describe('who signs OCSP answers', () => {
  it('is who the bundle names and whose key is here, the one that lasts longest first', async () => {
    const hierarchy = await makeHierarchy();
    const { issuingKey } = hierarchy;
    if (issuingKey === undefined) throw new Error('no key');
    const [one, two, elsewhere] = await Promise.all([1, 2, 3].map(() => throwawayKey('ec-p256')));
    const named = async (name: string, spki: Uint8Array, days: number): Promise<NamedSigner> => ({
      name,
      certificate: await certifyOcspSigner(hierarchy, spki, issuingKey, { CN: `OCSP Signer ${name}`, days }),
    });
    const [spki1, spki2, spki3] = [one, two, elsewhere].map((key) => key?.spki ?? new Uint8Array());
    if (spki1 === undefined || spki2 === undefined || spki3 === undefined) throw new Error('no keys');
    const bundle = await bundleOf(hierarchy, [
      await named('ocsp-o1', spki1, 30),
      await named('ocsp-o2', spki2, 60),
      await named('ocsp-o3', spki3, 90),
    ]);
    expect(await signersOf(bundle, keysOf(spki1, spki2))).toEqual(['ocsp-o2', 'ocsp-o1']);
    expect(await refusalOf(signersOf(bundle, keysOf()))).toEqual([
      { code: 'ocsp-no-signer', message: expect.stringContaining('ocsp-o1, ocsp-o2, ocsp-o3') as string },
    ]);
  });

  it('is the CA itself only where its certificate has digitalSignature', async () => {
    const hierarchy = await makeHierarchy();
    const bundle = await bundleOf(hierarchy, []);
    expect(await refusalOf(signersOf(bundle, keysOf()))).toEqual([
      { code: 'ocsp-no-signer', message: expect.stringContaining('lacks digitalSignature') as string },
    ]);
    // No ceremony makes such a CA: the issuer reads what is there all the same.
    const { root, rootKey, issuing, now } = hierarchy;
    const signing = await forgeCertificate(testProfiles.issuing, issuing.tbs.spki, rootKey, {
      now,
      issuer: root,
      change: ({ extensions }) => ({
        extensions: extensions.map((each) =>
          each.oid === oids.keyUsage ? keyUsage(['digitalSignature', 'keyCertSign', 'cRLSign']) : each,
        ),
      }),
    });
    expect(await signersOf(bundle, keysOf(), signing)).toEqual(['issuing-i1']);
  });
});
