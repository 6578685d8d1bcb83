import { describe, expect, it } from 'vitest';
import { makeDirectory, type Directory } from '../../../issuer/acme/directory.ts';
import { parseConfig } from '../../../issuer/ops/config.ts';
import type { Issuer } from '../../../issuer/sign/issuer.ts';

/** A directory of a configuration; of its CA only what is looked at when it is made. */
function directory(challenges: string, limits = '{}'): Directory {
  const verdict = parseConfig(
    `database: { url: x }
listen: { host: x, port: 1 }
baseUrl: https://x
rootFingerprint: ${'ab'.repeat(32)}
hierarchy: x
mode: production
pkcs11: { modules: { x: { path: x } }, token: x, pinFile: x }
tls: { names: [x], issuer: x }
directories:
  main:
    issuer: x
    challenges: ${challenges}
    caaIdentities: [ca.example.internal]
    profile: { type: leaf }
    lifetime: { default: 1d, max: 1d }
    allow: { dns: [example.internal] }
    rateLimits: ${limits}
`,
    'x.yaml',
  );
  const main = verdict.ok ? verdict.config.directories['main'] : undefined;
  if (main === undefined) throw new Error(JSON.stringify(verdict));
  const issuer = { certificate: { tbs: {} }, policy: { keys: ['ec-p256'] } } as unknown as Issuer;
  return makeDirectory('main', main, issuer, 'https://x');
}

describe('a directory', () => {
  it('limits failed validations where it offers dns-persist-01, whatever the configuration says of limits', () => {
    expect(directory('[dns-persist-01]').rateLimits.failedValidationsPerName).toEqual({ count: 60, period: 3600 });
    const own = '{ failedValidationsPerName: { count: 5, per: 1d } }';
    expect(directory('[dns-persist-01]', own).rateLimits.failedValidationsPerName).toEqual({
      count: 5,
      period: 86_400,
    });
  });

  it('limits nothing that the configuration does not, otherwise', () => {
    expect(directory('[dns-01]').rateLimits.failedValidationsPerName).toBeUndefined();
  });
});
