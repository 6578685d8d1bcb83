import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chainFaults, serialOf } from '../../support/chain-checks.ts';
import { TestIssuer, type Change } from '../../support/issuer.ts';
import { serveDnsHook, type DnsHook } from './hook.ts';

/** A running issuer with what its clients need around it: names, a folder, a hook for DNS, a web server. */
export class ClientSite {
  readonly issuer: TestIssuer;
  /** The client's own. */
  readonly folder: string;
  readonly hook: string;
  /** The root, in the client's folder. */
  readonly rootFile: string;
  readonly #hookServer: DnsHook;
  #web: Server | undefined;

  private constructor(issuer: TestIssuer, hookServer: DnsHook) {
    this.issuer = issuer;
    // Under /var/tmp because a client may run as a user who must get there, and TMPDIR may be ours alone.
    this.folder = mkdtempSync(path.join(existsSync('/var/tmp') ? '/var/tmp' : tmpdir(), 'coldroot-client-'));
    this.rootFile = this.at('root.pem');
    writeFileSync(this.rootFile, issuer.rootPem);
    this.#hookServer = hookServer;
    this.hook = hookServer.install(this.folder);
  }

  static async start(change: Change = {}): Promise<ClientSite> {
    const issuer = await (await TestIssuer.create({ change })).start('--migrate');
    for (const name of ['one', 'two']) issuer.dns.set(`${name}.example.internal`, { A: ['127.0.0.1'] });
    return new ClientSite(issuer, await serveDnsHook(issuer.dns));
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

  /** What the issuer knows of its accounts. */
  async accounts(): Promise<readonly { status: string; contact: string[] }[]> {
    return this.issuer.database.query('SELECT status, contact FROM accounts ORDER BY created_at');
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
