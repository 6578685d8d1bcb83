import { X509Certificate } from 'node:crypto';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modMd } from './records/mod-md.ts';
import { ClientTests } from './support/client-tests.ts';
import { Daemon } from './support/daemon.ts';
import { ClientSite } from './support/site.ts';

const tests = new ClientTests(modMd);
/** Apache as root wants to become somebody else: it is somebody else from the start. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

interface Run {
  /** Names of one certificate; where it lies is named after the first of them. */
  readonly names: readonly string[];
  readonly challenge: 'http-01' | 'dns-01' | 'tls-alpn-01';
  readonly directory?: string;
  /** More directives. */
  readonly more?: readonly string[];
}

describe.skipIf(tests.missing)('mod-md', () => {
  let site: ClientSite;

  function config({ names, challenge, directory, more = [] }: Run): string {
    const modules = ['mpm_event', 'authz_core', 'socache_shmcb', 'ssl', 'md'];
    // The name of the first is the name of the folder.
    return [
      ...modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
      `DefaultRuntimeDir ${site.at('run')}`,
      `Mutex file:${site.at('run')}`,
      `PidFile ${site.at('run/pid')}`,
      'ErrorLog "|/bin/cat"',
      'LogLevel warn md:info',
      `ServerName ${names[0]}`,
      `Listen 127.0.0.1:${site.issuer.ports.http01}`,
      `Listen 127.0.0.1:${site.alpnPort} https`,
      `MDStoreDir ${site.at('md')}`,
      `MDCertificateAuthority ${site.issuer.directoryUrl(directory)}`,
      `MDCACertificateFile ${site.rootFile}`,
      'MDCertificateAgreement accepted',
      'MDContactEmail someone@example.com',
      `MDPortMap http:${site.issuer.ports.http01} https:${site.alpnPort}`,
      'Protocols http/1.1 acme-tls/1',
      `MDCAChallenges ${challenge}`,
      `MDChallengeDns01 ${site.hook}`,
      'MDChallengeDns01Version 2',
      'MDPrivateKeys secp256r1',
      'MDRetryDelay 5s',
      ...more,
      `MDomain ${names.join(' ')}`,
      `<VirtualHost 127.0.0.1:${site.alpnPort}>`,
      `ServerName ${names[0]}`,
      'SSLEngine on',
      '</VirtualHost>',
      '',
    ].join('\n');
  }

  /** Lets it serve a site until its log says this. */
  async function serve(run: Run, message: string): Promise<void> {
    writeFileSync(site.at('httpd.conf'), config(run));
    const argv = ['-d', site.folder, '-f', site.at('httpd.conf'), '-D', 'FOREGROUND'];
    const daemon = new Daemon('/usr/sbin/apache2', argv, nobody);
    try {
      await daemon.until(message, () => daemon.output.includes(message));
    } finally {
      await daemon.stop();
    }
  }

  /** "The Managed Domain … has been setup and changes will be activated on next (graceful) server restart." */
  const obtained = 'AH10059';
  const staged = (name: string): string => `md/staging/${name}/pubcert.secp256r1.pem`;
  const inUse = 'md/domains/one.example.internal/pubcert.secp256r1.pem';
  const one: Run = { names: ['one.example.internal', 'two.example.internal'], challenge: 'http-01' };

  beforeAll(async () => {
    site = await ClientSite.start();
    for (const name of ['alpn', 'bound']) site.issuer.dns.set(`${name}.example.internal`, { A: ['127.0.0.1'] });
    mkdirSync(site.at('run'));
    if (nobody.uid !== undefined) for (const at of ['.', 'run']) chownSync(site.at(at), nobody.uid, nobody.gid);
  });
  afterAll(() => site.close());

  it('registers and gets a certificate for two names by http-01', tests.shows('register', 'http-01'), async () => {
    await serve(one, obtained);
    expect(site.faults(staged('one.example.internal'))).toEqual([]);
  });

  it('uses it after a restart, and renews it', tests.shows('renew'), async () => {
    const run = { ...one, more: ['MDRenewWindow 50d'] };
    await serve(run, obtained);
    expect(site.faults(inUse)).toEqual([]);
    expect(site.faults(staged('one.example.internal'))).toEqual([]);
    expect(site.serial(staged('one.example.internal'))).not.toBe(site.serial(inUse));
  });

  it('renews a fresh one when the operator asks for it, and says which it replaces', tests.shows('ari'), async () => {
    await site.recall();
    await serve({ ...one, more: ['MDRenewViaARI on'] }, obtained);
    expect(site.faults(staged('one.example.internal'))).toEqual([]);
    expect(site.serial(staged('one.example.internal'))).not.toBe(site.serial(inUse));
    const text = "SELECT upper(encode(serial, 'hex')) AS serial FROM certificates WHERE replaced_by IS NOT NULL";
    expect(await site.issuer.database.query(text)).toContainEqual({ serial: site.serial(inUse) });
  });

  it('gets a wildcard and its base name by dns-01', tests.shows('dns-01', 'wildcard'), async () => {
    const names = ['wild.example.internal', '*.wild.example.internal'];
    await serve({ names, challenge: 'dns-01' }, obtained);
    expect(site.faults(staged('wild.example.internal'))).toEqual([]);
  });

  it(
    'gets a certificate by tls-alpn-01, in the profile it asks for',
    tests.shows('tls-alpn-01', 'profile'),
    async () => {
      const more = ['MDProfile short', 'MDProfileMandatory on'];
      await serve({ names: ['alpn.example.internal'], challenge: 'tls-alpn-01', more }, obtained);
      expect(site.faults(staged('alpn.example.internal'))).toEqual([]);
      const { validFromDate, validToDate } = new X509Certificate(site.read(staged('alpn.example.internal')));
      expect(validToDate.getTime() - validFromDate.getTime()).toBeLessThanOrEqual(6 * 86_400_000);
    },
  );

  it('registers with an external account key', tests.shows('eab'), async () => {
    const { kid, hmac } = await site.externalKey();
    const more = [`MDExternalAccountBinding ${kid} ${hmac}`];
    await serve({ names: ['bound.example.internal'], challenge: 'tls-alpn-01', directory: 'bound', more }, obtained);
    expect(site.faults(staged('bound.example.internal'))).toEqual([]);
    expect(await site.boundAccounts()).toEqual([{ kid, status: 'valid' }]);
  });

  it('shows why a name is refused', tests.shows('refusal'), async () => {
    await serve({ names: ['elsewhere.example.org'], challenge: 'http-01' }, 'rejectedIdentifier');
    expect(site.read('md/staging/elsewhere.example.org/job.json')).toContain(
      'not among the names that this directory allows',
    );
  });

  it('is what docs/clients.md says', () => {
    expect(tests.disagreements()).toEqual([]);
  });
});
