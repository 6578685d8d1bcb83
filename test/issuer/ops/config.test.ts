import { describe, expect, it } from 'vitest';
import { configJsonSchema, parseConfig } from '../../../issuer/ops/config.ts';
import { summarise } from '../../../issuer/ops/summary.ts';

const good = `database: { urlFile: secrets/database-url }
listen: { host: 0.0.0.0, port: 8443 }
baseUrl: https://acme.example.internal
rootFingerprint: ${'ab'.repeat(32)}
hierarchy: example-corp
mode: production
bundle: bundles/latest.coldroot
pkcs11:
  modules: { vendor: { path: /usr/lib/vendor.so } }
  token: pkcs11:serial=0001;token=issuing
  pinFile: secrets/pin
tls: { names: [acme.example.internal], issuer: issuing-i1 }
directories:
  main:
    issuer: issuing-i1
    profile: { type: leaf, crl: http://pki.example.internal/issuing-i1.crl }
    challenges: [http-01, dns-01]
    lifetime: { default: 30d, max: 90d }
    allow: { dns: [example.internal], wildcards: true }
`;

function refusals(text: string): string[] {
  const verdict = parseConfig(text, '/etc/coldroot/issuer.yaml');
  if (verdict.ok) return [];
  return verdict.refusals.map(({ code, message, where }) => `${where?.line}:${where?.column} ${code} ${message}`);
}

describe('a configuration', () => {
  it('is read, its paths begin at its folder, and everything left out has a default', () => {
    const verdict = parseConfig(good, '/etc/coldroot/issuer.yaml');
    expect(verdict).toMatchObject({
      ok: true,
      config: {
        database: { urlFile: '/etc/coldroot/secrets/database-url', connections: 10 },
        bundle: '/etc/coldroot/bundles/latest.coldroot',
        pkcs11: { pinFile: '/etc/coldroot/secrets/pin', modules: { vendor: { path: '/usr/lib/vendor.so' } } },
        directories: { main: { backdate: '1m', profile: { eku: ['serverAuth'], commonName: 'first' } } },
        validation: { httpPort: 80, tlsAlpnPort: 443, resolver: { servers: 'system' }, allowedNetworks: [] },
        crl: { lifetime: '7d' },
        limits: { bodyBytes: 65_536, nonceLifetime: '2h' },
      },
    });
  });

  it.each<[string, RegExp, string, RegExp]>([
    ['an unknown key', /mode: production/u, 'mode: production\nmodus: x', /^7:1 yaml-unknown-key "modus"/u],
    ['a missing key', /hierarchy: .*\n/u, '', /yaml-missing-key The key "hierarchy" is missing/u],
    [
      'a URL and a file for it',
      /urlFile: secrets.*? /u,
      'urlFile: x, url: postgres://x ',
      /^1:1 .*either "url" or "urlFile"/u,
    ],
    ['a base URL without TLS', /https:\/\/acme/u, 'http://acme', /^3:1 .*not an https URL/u],
    [
      'a base URL with a final slash',
      /baseUrl: .*/u,
      'baseUrl: https://acme.example.internal/',
      /^3:1 .*without a final/u,
    ],
    ['a base URL that is not in its normal form', /baseUrl: .*/u, 'baseUrl: https://ACME.example.internal', /^3:1 /u],
    ['a fingerprint in capitals', /(?:ab){32}/u, 'AB'.repeat(32), /^4:1 .*lower-case hex/u],
    ['an unknown mode', /production/u, 'test', /^6:1 /u],
    [
      'a profile that names an OCSP responder where there is none',
      /profile: \{ type: leaf,/u,
      'profile: { type: leaf, ocsp: http://pki.example.internal/ocsp/issuing-i1,',
      /^16:\d+ .*"ocsp" is not configured/u,
    ],
    [
      'OCSP answers that are good for too long',
      /mode: production/u,
      'mode: production\nocsp: { lifetime: 8d }',
      /^7:9 .*not between 3600 and 604800/u,
    ],
    ['a directory for nothing', /allow: .*/u, 'allow: {}', /allow.*|nothing is allowed/u],
    [
      'a wildcard without dns-01',
      /\[http-01, dns-01\]/u,
      '[http-01]',
      /wildcards can be validated by dns-01 or dns-account-01 or dns-persist-01/u,
    ],
    [
      'addresses without http-01',
      /http-01, dns-01\]([^]*)wildcards: true/u,
      'dns-01]$1ip: [10.0.0.0/8]',
      /IP addresses can be validated by http-01/u,
    ],
    [
      'a default lifetime above the maximum',
      /default: 30d/u,
      'default: 91d',
      /the default lifetime is longer than the maximum/u,
    ],
    ['a lifetime that no bundle can allow', /max: 90d/u, 'max: 401d', /not between 60 and/u],
    ['the same challenge twice', /dns-01\]/u, 'http-01, dns-01]', /stands there twice|Too big/u],
    ['a name in capitals', /\[example.internal\]/u, '[Example.internal]', /not a DNS name/u],
    [
      'a network with host bits',
      /mode: production/u,
      'mode: production\nvalidation: { allowedNetworks: [10.0.0.1/8] }',
      /^7:\d+ .*host bits zero/u,
    ],
    [
      'a name server by name',
      /mode: production/u,
      'mode: production\nvalidation: { resolver: { servers: [dns.example] } }',
      /^7:\d+ .*/u,
    ],
    [
      'metrics for everybody',
      /mode: production/u,
      'mode: production\nmetrics: { host: 0.0.0.0, port: 9 }',
      /^7:1 .*this machine alone/u,
    ],
    [
      'nonces that live less than an hour',
      /mode: production/u,
      'mode: production\nlimits: { nonceLifetime: 59m }',
      /not between 3600/u,
    ],
    [
      'CRLs for more than ten days',
      /mode: production/u,
      'mode: production\ncrl: { lifetime: 11d }',
      /not between 3600 and 864000/u,
    ],
    [
      'a default lifetime below the minimum',
      /lifetime: \{/u,
      'lifetime: { min: 31d,',
      /default lifetime is shorter than the minimum/u,
    ],
    [
      'a part of the subject that is no closed list',
      /type: leaf,/u,
      'type: leaf, subject: { fixed: { CN: x } },',
      /yaml-unknown-key "CN"/u,
    ],
    ['an anchor', /mode: production/u, 'mode: &x production', /yaml-feature/u],
  ])('with %s is refused, with its place', (_, from, to, expected) => {
    const changed = good.replace(from, to);
    expect(changed).not.toBe(good);
    const found = refusals(changed);
    expect(found.join('\n')).toMatch(expected);
    expect(found.every((line) => /^\d+:\d+ yaml-/u.test(line))).toBe(true);
  });

  it('is summarised without anything secret', () => {
    const verdict = parseConfig(good.replace(/urlFile: \S+/u, 'url: postgres://me:geheim@db/x'), 'x.yaml');
    const text = verdict.ok ? summarise(verdict.config) : '';
    expect(text).toContain('directory https://acme.example.internal/acme/main/directory');
    expect(text).not.toContain('geheim');
  });
});

describe('the JSON Schema of the configuration', () => {
  it('is current in docs/schema/issuer-config.json (vitest -u writes it anew)', async () => {
    const text = `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../../../docs/schema/issuer-config.json');
  });
});
