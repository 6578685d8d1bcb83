// The last look before the HSM: what is about to be signed is held to what a ceremony signed.
import { describe, expect, it } from 'vitest';
import type { BundleIssuer } from '../../../core/bundle/bundle.ts';
import { nodeDigest, nodeVerifier } from '../../../core/node/crypto.ts';
import { systemClock } from '../../../core/node/clock.ts';
import { systemEntropy } from '../../../core/node/entropy.ts';
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { leafProfileSchema } from '../../../core/profile/profile.ts';
import type { SubjectPolicy } from '../../../core/profile/subject-policy.ts';
import { readCertificate } from '../../../core/x509/certificate.ts';
import { formatName } from '../../../core/x509/name.ts';
import { issueCertificate } from '../../../issuer/sign/issue.ts';
import { makeIssuer } from '../../../issuer/sign/issuer.ts';
import { makeHierarchy } from '../../support/hierarchy.ts';

/** Issues one certificate by a profile that fixes O and takes OU, and says what was asked of token and ledger. */
async function issue(subject: SubjectPolicy | undefined, OU: string): Promise<{ issued: string; calls: string[] }> {
  const { issuing, issuingKey } = await makeHierarchy();
  const calls: string[] = [];
  const policy = { maxValidity: 86_400, keys: ['ec-p256'], eku: ['serverAuth'], subject } as const;
  // Only the parts that issuing reads.
  const bundled = {
    entry: { name: 'issuing-i1', policy },
    certificate: issuing,
    chains: [],
  } as unknown as BundleIssuer;
  const issuer = makeIssuer(bundled, (algorithm, message) => {
    calls.push('sign');
    return issuingKey === undefined ? Promise.reject(new Error('no key')) : issuingKey.sign(algorithm, message);
  });
  const { spki } = await throwawayKey('ec-p256');
  const now = systemClock.now();
  const rules = { fixed: { O: 'Example Corp' }, fromRequest: ['OU'] };
  const made = await issueCertificate(
    {
      issuer,
      profile: leafProfileSchema.parse({ type: 'leaf', subject: rules }),
      identifiers: [{ type: 'dns', value: 'a.example.internal' }],
      spki,
      subject: { OU },
      notBefore: now,
      notAfter: now + 3599,
    },
    {
      intend: () => Promise.resolve(calls.push('intend') > 0),
      store: () => Promise.resolve(calls.push('store') > 0),
      abandon: () => Promise.resolve(),
    },
    { clock: systemClock, entropy: systemEntropy, digest: nodeDigest, verify: nodeVerifier },
  ).catch((error: unknown) => {
    throw Object.assign(error as Error, { calls });
  });
  return { issued: made === undefined ? '' : formatName(readCertificate(made.der).tbs.subject), calls };
}

describe('a certificate whose subject', () => {
  it.each<[string, SubjectPolicy | undefined, string]>([
    ['another value than the signed policy', { O: ['Example Corp'], OU: ['Dev'] }, 'Ops'],
    ['another attribute than the signed policy', { O: ['Example Corp'] }, 'Ops'],
    ['an attribute where the policy permits none', {}, 'Ops'],
    ['more than the CA itself, where there is no policy', undefined, 'Ops'],
  ])('says %s is refused before anything is recorded or signed', async (_, policy, OU) => {
    await expect(issue(policy, OU)).rejects.toMatchObject({ code: 'subject-wider-than-policy', calls: [] });
  });

  it('says what the signed policy permits is signed', async () => {
    expect(await issue({ O: ['Example Corp'], OU: ['Dev', 'Ops'] }, 'Ops')).toEqual({
      issued: 'O=Example Corp, OU=Ops, CN=a.example.internal',
      calls: ['intend', 'sign', 'store'],
    });
  });
});
