// What docs/directories.md shows is a configuration.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../issuer/ops/config.ts';

const text = readFileSync(path.resolve(import.meta.dirname, '../../../docs/directories.md'), 'utf8');
const example = /```yaml\n([^]*?)```/u.exec(text)?.[1] ?? '';

/** What every configuration has beside its directories. */
const rest = `database: { url: postgres://localhost/issuer }
listen: { host: 127.0.0.1, port: 443 }
baseUrl: https://acme.example.internal
rootFingerprint: ${'a'.repeat(64)}
hierarchy: example-corp
mode: production
pkcs11: { modules: { vendor: { path: /usr/lib/vendor.so } }, token: pkcs11:serial=1, pinFile: /etc/pin }
tls: { names: [acme.example.internal], issuer: issuing-i1 }
`;

function messages(directories: string): readonly string[] {
  const verdict = parseConfig(`${rest}${directories}`, '/etc/issuer.yaml');
  return verdict.ok ? [] : verdict.refusals.map(({ message }) => message);
}

describe('docs/directories.md', () => {
  it('has an example that is accepted, with all that it speaks of', () => {
    expect(messages(example)).toEqual([]);
    const verdict = parseConfig(`${rest}${example}`, '/etc/issuer.yaml');
    expect(verdict).toMatchObject({
      config: {
        directories: { everything: { externalAccountRequired: true, checkCaa: false } },
        validation: { attempts: 3 },
      },
    });
  });

  it.each([
    [
      'checkCaa together with subdomains',
      (page: string) => page.replace('    subdomains: true', '    checkCaa: true\n    subdomains: true'),
      /checkCaa/u,
    ],
    [
      'dns-persist-01 without a name for the CA',
      (page: string) => page.replace(/ {4}caaIdentities.*\n/u, ''),
      /domain that names this CA/u,
    ],
    [
      'subdomains without a challenge in DNS',
      (page: string) => page.replace(/\[http-01,.*?\]/u, '[http-01]').replace('wildcards: true, ', ''),
      /answered in DNS/u,
    ],
    [
      'a profile whose default is longer than its maximum',
      (page: string) => page.replace('default: 1h', 'default: 2h'),
      /longer than the maximum/u,
    ],
    ['terms that are no URL', (page: string) => page.replace(/https:\/\/pki\S*2026/u, 'soon'), /./u],
  ])('and %s is refused', (_, change, message) => {
    const changed = change(example);
    expect(changed).not.toBe(example);
    expect(messages(changed).join('\n')).toMatch(message);
  });
});
