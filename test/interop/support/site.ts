import { randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readPem } from '../../../core/x509/pem.ts';
import { Database } from '../../../issuer/store/database.ts';
import { insertExternalKey } from '../../../issuer/store/external-keys.ts';
import { insertIncident } from '../../../issuer/store/incidents.ts';
import { chainFaults, serialOf } from '../../support/chain-checks.ts';
import { freePort } from '../../support/free-port.ts';
import { TestIssuer, type Change } from '../../support/issuer.ts';
import { serveDnsHook, type DnsHook } from './hook.ts';

/** What clients need beside what every test has: more kinds of challenge, a profile, and accounts by invitation. */
function changes(alpnPort: number): Change {
  const challenges = ['http-01', 'dns-01', 'tls-alpn-01'];
  const bound = {
    issuer: 'issuing-i1',
    profile: { type: 'leaf', eku: ['serverAuth'], crl: 'http://pki.example.internal/crl/issuing-i1.crl' },
    challenges,
    lifetime: { default: '30d', max: '60d' },
    allow: { dns: ['example.internal'] },
    externalAccountRequired: true,
  };
  const profiles = { short: { description: 'Six days', lifetime: { default: '6d', max: '6d' } } };
  return { directories: { main: { challenges, profiles }, bound }, validation: { tlsAlpnPort: alpnPort } };
}

/** A running issuer with what its clients need around it: names, a folder, a hook for DNS, a web server. */
export class ClientSite {
  readonly issuer: TestIssuer;
  /** The client's own. */
  readonly folder: string;
  readonly hook: string;
  /** The root, in the client's folder. */
  readonly rootFile: string;
  /** Where the issuer looks for tls-alpn-01. */
  readonly alpnPort: number;
  readonly #hookServer: DnsHook;
  #web: Server | undefined;

  private constructor(issuer: TestIssuer, hookServer: DnsHook, alpnPort: number) {
    this.issuer = issuer;
    this.alpnPort = alpnPort;
    // Under /var/tmp because a client may run as a user who must get there, and TMPDIR may be ours alone.
    this.folder = mkdtempSync(path.join(existsSync('/var/tmp') ? '/var/tmp' : tmpdir(), 'coldroot-client-'));
    this.rootFile = this.at('root.pem');
    writeFileSync(this.rootFile, issuer.rootPem);
    this.#hookServer = hookServer;
    this.hook = hookServer.install(this.folder);
  }

  static async start(more: Change = {}): Promise<ClientSite> {
    const alpnPort = await freePort();
    const issuer = await (await TestIssuer.create({ change: { ...changes(alpnPort), ...more } })).start('--migrate');
    for (const name of ['one', 'two']) issuer.dns.set(`${name}.example.internal`, { A: ['127.0.0.1'] });
    return new ClientSite(issuer, await serveDnsHook(issuer.dns), alpnPort);
  }

  /** A path in the client's folder. */
  at(...names: string[]): string {
    return path.join(this.folder, ...names);
  }

  read(...names: string[]): string {
    return readFileSync(this.at(...names), 'utf8');
  }

  /** What relying parties have against the chain in this file of the client's. */
  faults(...names: string[]): readonly string[] {
    return chainFaults(this.read(...names), this.issuer.rootPem);
  }

  /** The serial number of the first certificate in this file of the client's. */
  serial(...names: string[]): string {
    return serialOf(this.read(...names));
  }

  /** The common name of who has signed the last certificate in this file of the client's. */
  topIssuer(...names: string[]): string {
    const last = readPem(this.read(...names)).at(-1);
    const issuer = last === undefined ? '' : new X509Certificate(last.bytes).issuer;
    return /^CN=(.*)$/mu.exec(issuer)?.[1] ?? 'nobody';
  }

  /** What the issuer knows of its accounts. */
  async accounts(): Promise<readonly { status: string; contact: string[] }[]> {
    return this.issuer.database.query(
      "SELECT status, contact FROM accounts WHERE directory = 'main' ORDER BY created_at",
    );
  }

  /** What an operator hands to somebody who may register in the directory `bound`. */
  async externalKey(): Promise<{ kid: string; hmac: string }> {
    const secret = randomBytes(32);
    const kid = `invited-${secret.toString('hex', 0, 4)}`;
    const about = { kid, directory: 'bound', label: 'a client', reusable: false, expires: null };
    await this.#operate((database) =>
      insertExternalKey(database, { ...about, secret, sealedWith: null, now: new Date().toISOString() }),
    );
    return { kid, hmac: secret.toString('base64url') };
  }

  /** What an operator does when everything that the issuing CA has signed is to be renewed at once. */
  async recall(): Promise<void> {
    const now = new Date().toISOString();
    const before = new Date(Date.now() - 60_000).toISOString();
    const when = { issuedBefore: now, begins: before, deadline: now, now };
    await this.#operate((database) =>
      insertIncident(database, { id: 'recall', issuer: 'issuing-i1', explanationUrl: null, ...when }),
    );
  }

  async #operate(work: (database: Database) => Promise<void>): Promise<void> {
    const database = new Database({ url: this.issuer.database.url, connections: 1, onError: () => undefined });
    await work(database);
    await database.close();
  }

  /** Which key has let in whom: the accounts of the directory `bound`. */
  async boundAccounts(): Promise<readonly { kid: string; status: string }[]> {
    const text = `SELECT k.kid, a.status FROM external_account_keys k JOIN accounts a ON a.id = k.account_id`;
    return this.issuer.database.query(text);
  }

  /** A folder that is served as `/.well-known/acme-challenge/` where the issuer looks. */
  async serveWebroot(): Promise<string> {
    const folder = this.at('webroot');
    mkdirSync(folder, { recursive: true });
    this.#web ??= createServer((request, response) => {
      const token = /^\/\.well-known\/acme-challenge\/([A-Za-z0-9_-]+)$/u.exec(request.url ?? '')?.[1];
      try {
        response.end(readFileSync(path.join(folder, token ?? '')));
      } catch {
        response.writeHead(404).end();
      }
    });
    const web = this.#web;
    if (!web.listening) {
      await new Promise<void>((resolve) => web.listen(this.issuer.ports.http01, '127.0.0.1', resolve));
    }
    return folder;
  }

  async close(): Promise<void> {
    this.#hookServer.close();
    this.#web?.closeAllConnections();
    this.#web?.close();
    await this.issuer.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
