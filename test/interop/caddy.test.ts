import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caddy as record } from './records/caddy.ts';
import { ClientTests } from './support/client-tests.ts';
import { crossSign, olderRoot } from './support/cross-sign.ts';
import { Daemon } from './support/daemon.ts';
import { programPath } from './support/installed.ts';
import { ClientSite } from './support/site.ts';

const tests = new ClientTests(record);

interface Run {
  readonly name: string;
  readonly challenge: 'http' | 'tls-alpn';
  readonly directory?: string;
  readonly externalAccount?: { readonly key_id: string; readonly mac_key: string };
  /** Left of its life at which a certificate is renewed, as a share. */
  readonly renewAt?: number;
}

describe.skipIf(tests.missing)('caddy', () => {
  let site: ClientSite;

  function config({ name, challenge, directory, externalAccount, renewAt }: Run): object {
    const acme = {
      module: 'acme',
      ca: site.issuer.directoryUrl(directory),
      email: 'someone@example.com',
      preferred_chains: { root_common_name: [olderRoot] },
      trusted_roots_pem_files: [site.rootFile],
      challenges: { [challenge === 'http' ? 'tls-alpn' : 'http']: { disabled: true } },
      ...(externalAccount === undefined ? {} : { external_account: externalAccount }),
    };
    const policy = {
      subjects: [name],
      issuers: [acme],
      ...(renewAt === undefined ? {} : { renewal_window_ratio: renewAt }),
    };
    const routes = [{ match: [{ host: [name] }], handle: [{ handler: 'static_response', body: 'hello' }] }];
    return {
      admin: { disabled: true },
      storage: { module: 'file_system', root: site.at('storage') },
      logging: { logs: { default: { encoder: { format: 'json' }, level: 'INFO' } } },
      apps: {
        http: {
          http_port: site.issuer.ports.http01,
          https_port: site.alpnPort,
          servers: { all: { listen: [`127.0.0.1:${site.alpnPort}`], routes } },
        },
        // Were it to fall back on a CA of its own, at least nobody should come to trust that.
        pki: { certificate_authorities: { local: { install_trust: false } } },
        tls: { automation: { policies: [policy] } },
      },
    };
  }

  /** Lets it serve a site until its log says this of the certificate. */
  async function serve(run: Run, message: string): Promise<string> {
    writeFileSync(site.at('caddy.json'), JSON.stringify(config(run)));
    const env = { HOME: site.folder, XDG_CONFIG_HOME: site.folder, XDG_DATA_HOME: site.folder };
    const daemon = new Daemon(programPath('caddy'), ['run', '--config', site.at('caddy.json')], { env });
    try {
      await daemon.until(message, () => daemon.output.includes(message));
      return daemon.output;
    } finally {
      await daemon.stop();
    }
  }

  /** Where it keeps a certificate. */
  function file(name: string, directory = 'main'): string {
    const found = readdirSync(site.at('storage'), { recursive: true, encoding: 'utf8' });
    const at = found.find((each) => each.includes(`-acme-${directory}-`) && path.basename(each) === `${name}.crt`);
    return path.join('storage', at ?? 'nowhere');
  }

  beforeAll(async () => {
    site = await ClientSite.start();
  });
  afterAll(() => site.close());

  it('registers and gets a certificate by http-01', tests.shows('register', 'http-01'), async () => {
    await serve({ name: 'one.example.internal', challenge: 'http' }, 'certificate obtained successfully');
    expect(site.faults(file('one.example.internal'))).toEqual([]);
  });

  it('renews it', tests.shows('renew'), async () => {
    const before = site.serial(file('one.example.internal'));
    await serve({ name: 'one.example.internal', challenge: 'http', renewAt: 1 }, 'certificate renewed successfully');
    expect(site.faults(file('one.example.internal'))).toEqual([]);
    expect(site.serial(file('one.example.internal'))).not.toBe(before);
  });

  it('gets a certificate for an IP address', tests.shows('ip'), async () => {
    await serve({ name: '127.0.0.1', challenge: 'http' }, 'certificate obtained successfully');
    expect(site.faults(file('127.0.0.1'))).toEqual([]);
  });

  it('registers with an external account key and answers tls-alpn-01', tests.shows('eab', 'tls-alpn-01'), async () => {
    const { kid, hmac } = await site.externalKey();
    const externalAccount = { key_id: kid, mac_key: hmac };
    const run: Run = { name: 'two.example.internal', challenge: 'tls-alpn', directory: 'bound', externalAccount };
    await serve(run, 'certificate obtained successfully');
    expect(site.faults(file('two.example.internal', 'bound'))).toEqual([]);
    expect(await site.boundAccounts()).toEqual([{ kid, status: 'valid' }]);
  });

  it('takes the chain up to an older root', tests.shows('chain'), async () => {
    await crossSign(site.issuer);
    await serve({ name: 'two.example.internal', challenge: 'http' }, 'certificate obtained successfully');
    expect(site.topIssuer(file('two.example.internal'))).toBe(olderRoot);
  });

  it('shows why a name is refused', tests.shows('refusal'), async () => {
    const output = await serve({ name: 'elsewhere.example.org', challenge: 'http' }, 'could not get certificate');
    expect(output).toMatch(/rejectedIdentifier.*not among the names that this directory allows/u);
    expect(existsSync(site.at(file('elsewhere.example.org')))).toBe(false);
  });

  it('is what docs/clients.md says', () => {
    expect(tests.disagreements()).toEqual([]);
  });
});
