import { beforeAll, describe, expect, it } from 'vitest';
import type { BundleIssuer } from '../../../core/bundle/bundle.ts';
import { parseConfig, type DirectoryConfig } from '../../../issuer/ops/config.ts';
import { makeIssuer, type Issuer } from '../../../issuer/sign/issuer.ts';
import { widerThanSigned } from '../../../issuer/sign/policy.ts';
import { makeHierarchy } from '../../support/hierarchy.ts';

const day = 86_400;

function directory(more: string): DirectoryConfig {
  const verdict = parseConfig(
    `database: { url: x }
listen: { host: x, port: 1 }
baseUrl: https://x
rootFingerprint: ${'ab'.repeat(32)}
hierarchy: x
mode: production
pkcs11: { modules: { x: { path: x } }, token: x, pinFile: x }
tls: { names: [x], issuer: x }
directories: { main: { issuer: x, challenges: [http-01, dns-01], ${more} } }
`,
    'x.yaml',
  );
  if (!verdict.ok) throw new Error(JSON.stringify(verdict.refusals));
  const { main } = verdict.config.directories;
  if (main === undefined) throw new Error('no directory');
  return main;
}

describe('a directory is held to what was signed for its issuing CA', () => {
  let issuer: Issuer;

  beforeAll(async () => {
    const { issuing } = await makeHierarchy();
    const policy = { maxValidity: 90 * day, keys: ['ec-p256'], eku: ['serverAuth'] } as const;
    // Only the parts that the comparison reads.
    const bundled = {
      entry: { name: 'issuing-i1', policy },
      certificate: issuing,
      chains: [],
    } as unknown as BundleIssuer;
    issuer = makeIssuer(bundled, () => Promise.reject(new Error('not signed with')));
  });

  function faults(more: string): string[] {
    const found = widerThanSigned('main', directory(more), issuer, (path) => ({ field: path.map(String).join('.') }));
    return found.map(({ where }) => where?.field ?? '');
  }

  it('and accepted when it is as wide or narrower', () => {
    const allow =
      'allow: { dns: [example.internal, sub.example.internal, localhost], ip: [127.0.0.0/8, 127.1.0.0/16] }';
    expect(faults(`profile: { type: leaf }, lifetime: { default: 1d, max: 90d }, ${allow}`)).toEqual([]);
  });

  it('and refused in everything that is wider, each with its place', () => {
    const profile = 'profile: { type: leaf, eku: [serverAuth, clientAuth], signature: ecdsa-sha384 }';
    const allow =
      'allow: { dns: [internal, example.internal, example.com], ip: [127.0.0.0/8, 126.0.0.0/7, "::1/128"] }';
    expect(faults(`${profile}, lifetime: { default: 1d, max: 7776001s }, ${allow}`)).toEqual([
      'directories.main.allow.dns.0',
      'directories.main.allow.dns.2',
      'directories.main.allow.ip.1',
      'directories.main.allow.ip.2',
      'directories.main.lifetime.max',
      'directories.main.profile.eku.1',
      'directories.main.profile.signature',
    ]);
  });

  const common = 'lifetime: { default: 1d, max: 1d }, allow: { dns: [example.internal] }';
  const subject = (rules: string): string => `profile: { type: leaf, subject: { ${rules} } }, ${common}`;

  it('in subjects to what the CA says of itself, where the policy says nothing', () => {
    expect(faults(subject('fixed: { O: Example Corp, C: US }'))).toEqual([]);
    expect(faults(subject('fixed: { O: Somebody, C: US, L: Bonn }, fromRequest: [OU]'))).toEqual([
      'directories.main.profile.subject.fixed.L',
      'directories.main.profile.subject.fixed.O',
      'directories.main.profile.subject.fromRequest.0',
    ]);
  });

  it('in subjects to what the policy says, where it says something, in the profiles of orders as well', () => {
    const before = issuer;
    issuer = { ...before, subjects: { O: ['Example Labs'], OU: 'any' } };
    try {
      expect(faults(subject('fixed: { O: Example Labs }, fromRequest: [OU]'))).toEqual([]);
      const named = `profiles: { x: { description: x, profile: { type: leaf, subject: { fixed: { O: Example Corp } } } } }`;
      expect(faults(`profile: { type: leaf }, ${common}, ${named}`)).toEqual([
        'directories.main.profiles.x.profile.subject.fixed.O',
      ]);
    } finally {
      issuer = before;
    }
  });
});
