import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acmeTiny } from './records/acme-tiny.ts';
import { ClientTests } from './support/client-tests.ts';
import { runClient } from './support/run-client.ts';
import { ClientSite } from './support/site.ts';

const tests = new ClientTests(acmeTiny);

describe.skipIf(tests.missing)('acme-tiny', () => {
  let site: ClientSite;
  let webroot: string;

  function makeCsr(file: string, subject: string, ...names: string[]): void {
    const alternatives = names.length === 0 ? [] : ['-addext', `subjectAltName=${names.map((n) => `DNS:${n}`).join()}`];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${file}.key`];
    execFileSync('openssl', ['req', '-new', ...key, '-subj', subject, ...alternatives, '-out', file], {
      cwd: site.folder,
      stdio: 'pipe',
    });
  }

  /** What it writes is the chain; what it says goes to the other stream. */
  async function order(csr: string, ...argv: string[]): Promise<void> {
    const files = ['--account-key', site.at('account.key'), '--csr', site.at(csr), '--acme-dir', webroot];
    const server = ['--directory-url', site.issuer.directoryUrl(), '--disable-check', '--quiet'];
    const chain = await runClient('acme-tiny', [...files, ...server, ...argv], { SSL_CERT_FILE: site.rootFile });
    writeFileSync(site.at(`${csr}.pem`), chain);
  }

  beforeAll(async () => {
    site = await ClientSite.start();
    webroot = await site.serveWebroot();
    execFileSync('openssl', ['genrsa', '-out', 'account.key', '2048'], { cwd: site.folder, stdio: 'pipe' });
  });
  afterAll(() => site.close());

  it(
    'registers and gets a certificate for a CSR that has a common name alone',
    tests.shows('register', 'http-01'),
    async () => {
      makeCsr('one.csr', '/CN=one.example.internal');
      await order('one.csr');
      expect(site.faults('one.csr.pem')).toEqual([]);
    },
  );

  it('gets another one for the same CSR', tests.shows('renew'), async () => {
    const before = site.serial('one.csr.pem');
    await order('one.csr');
    expect(site.faults('one.csr.pem')).toEqual([]);
    expect(site.serial('one.csr.pem')).not.toBe(before);
  });

  it('changes its contact and gets a certificate for two alternative names', tests.shows('contact'), async () => {
    makeCsr('two.csr', '/', 'one.example.internal', 'two.example.internal');
    await order('two.csr', '--contact', 'mailto:other@example.com');
    expect(site.faults('two.csr.pem')).toEqual([]);
    expect(await site.accounts()).toEqual([{ status: 'valid', contact: ['mailto:other@example.com'] }]);
  });

  it('shows why a name is refused', tests.shows('refusal'), async () => {
    makeCsr('elsewhere.csr', '/CN=elsewhere.example.org');
    await expect(order('elsewhere.csr')).rejects.toThrow(
      /rejectedIdentifier.*not among the names that this directory allows/u,
    );
  });

  it('is what docs/clients.md says', () => {
    expect(tests.disagreements()).toEqual([]);
  });
});
