import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer, type TlsOptions, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Dns } from '../../../issuer/validate/dns.ts';
import { NetworkPolicy } from '../../../issuer/validate/networks.ts';
import { reverseName } from '../../../issuer/validate/reverse-name.ts';
import { tlsAlpn01 } from '../../../issuer/validate/tls-alpn-01.ts';
import type { Validator } from '../../../issuer/validate/validator.ts';
import { TestDns } from '../../support/dns-server.ts';
import { validationJob } from '../../support/validation-job.ts';

const name = 'host.example.internal';
const keyAuthorization = 'token.thumbprint-thumbprint-thumbprint-thumbprint';

interface Presented {
  readonly names?: string;
  /** Hex of the extension's digest. */
  readonly digest?: string;
  readonly critical?: boolean;
  readonly without?: boolean;
  readonly selfSigned?: boolean;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

describe('tls-alpn-01 (RFC 8737)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'coldroot-alpn-'));
  const digest = createHash('sha256').update(keyAuthorization).digest('hex');
  let dnsServer: TestDns;
  let server: Server | undefined;
  let greetings: { servername: string | false | undefined; protocols: readonly string[] }[] = [];
  /** Of each connection: how many bytes came after the handshake, told when the other side has ended it. */
  let afterwards: Promise<number>[] = [];

  const openssl = (...argv: string[]): void => {
    execFileSync('openssl', argv, { cwd: folder, stdio: 'pipe' });
  };

  beforeAll(async () => {
    dnsServer = await TestDns.start();
    dnsServer.set(name, { A: ['127.0.0.1'] });
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'key.pem');
    openssl('req', '-x509', '-new', '-key', 'key.pem', '-subj', '/CN=ca', '-days', '2', '-out', 'ca.pem');
  });
  afterEach(() => {
    server?.close();
    greetings = [];
    afterwards = [];
  });
  afterAll(async () => {
    await dnsServer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A challenge certificate made by OpenSSL: not a line of ours. */
  function present(options: Presented = {}): TlsOptions {
    const { names = `DNS:${name}`, critical = true, without = false, selfSigned = true } = options;
    const extension = `${critical ? 'critical,' : ''}DER:0420${options.digest ?? digest}`;
    const lines = [`subjectAltName=${names}`, ...(without ? [] : [`1.3.6.1.5.5.7.1.31=${extension}`])];
    const config = ['[req]', 'distinguished_name=dn', 'x509_extensions=v3', '[dn]', '[v3]', ...lines];
    writeFileSync(path.join(folder, 'c.cnf'), `${config.join('\n')}\n`);
    const signer = selfSigned ? [] : ['-CA', 'ca.pem', '-CAkey', 'key.pem'];
    const subject = ['-subj', '/CN=ACME challenge', '-days', '1'];
    openssl('req', '-x509', '-new', '-config', 'c.cnf', '-key', 'key.pem', ...signer, ...subject, '-out', 'c.pem');
    const read = (file: string): Buffer => readFileSync(path.join(folder, file));
    return { key: read('key.pem'), cert: read('c.pem') };
  }

  async function serve(options: TlsOptions): Promise<number> {
    server = createServer({
      ALPNCallback: ({ servername, protocols }) => {
        greetings.push({ servername, protocols });
        return 'acme-tls/1';
      },
      ...options,
    });
    server.on('tlsClientError', () => undefined);
    let bytes = 0;
    server.on('connection', (socket: Socket) => {
      afterwards.push(new Promise((resolve) => socket.once('close', () => resolve(bytes))));
    });
    server.on('secureConnection', (socket: TLSSocket) => {
      socket.on('error', () => undefined).on('data', (chunk: Buffer) => (bytes += chunk.length));
    });
    return listen(server);
  }

  function validate(port: number, value = name, allowed = ['127.0.0.0/8', '::1/128']): ReturnType<Validator> {
    const dns = new Dns({ servers: [dnsServer.server], hosts: {}, timeout: 20_000 });
    const networks = new NetworkPolicy({ allowed, denied: [] });
    const identifier_type = value === name ? 'dns' : 'ip';
    const job = validationJob({ type: 'tls-alpn-01', identifier_type, identifier_value: value });
    return tlsAlpn01({ dns, networks, port })(job, keyAuthorization, AbortSignal.timeout(30_000));
  }

  it('succeeds with the hash in a self-signed certificate for exactly this name', async () => {
    await expect(validate(await serve(present()))).resolves.toBeUndefined();
    expect(greetings).toEqual([{ servername: name, protocols: ['acme-tls/1'] }]);
  });

  it('sends nothing after the handshake, and ends the connection at once (§4)', async () => {
    await validate(await serve(present()));
    expect(afterwards).toHaveLength(1);
    expect(await Promise.all(afterwards)).toEqual([0]);
  });

  it('compares names without regard to case (§3)', async () => {
    await expect(validate(await serve(present({ names: `DNS:${name.toUpperCase()}` })))).resolves.toBeUndefined();
  });

  it('for an address sends its reverse name as SNI and wants an iPAddress (RFC 8738 §6)', async () => {
    await expect(validate(await serve(present({ names: 'IP:127.0.0.1' })), '127.0.0.1')).resolves.toBeUndefined();
    expect(greetings).toEqual([{ servername: '1.0.0.127.in-addr.arpa', protocols: ['acme-tls/1'] }]);
    expect(reverseName('2001:db8::1')).toBe(`${'1.0.'.padEnd(48, '0.')}8.b.d.0.1.0.0.2.ip6.arpa`);
  });

  it.each<[string, Presented]>([
    ['the hash of another key authorization', { digest: '00'.repeat(32) }],
    ['a hash that is not marked critical', { critical: false }],
    ['no acmeIdentifier', { without: true }],
    ['a further name', { names: `DNS:${name},DNS:other.example.internal` }],
    ['another name', { names: 'DNS:other.example.internal' }],
    ['a wildcard for it', { names: 'DNS:*.example.internal' }],
    ['an address for a name', { names: 'IP:127.0.0.1' }],
    ['the signature of a CA', { selfSigned: false }],
  ])('fails with %s', async (_, presented) => {
    await expect(validate(await serve(present(presented)))).rejects.toMatchObject({ type: 'incorrectResponse' });
  });

  it('fails with a name where an address is asked for', async () => {
    const port = await serve(present({ names: 'DNS:1.0.0.127.in-addr.arpa' }));
    await expect(validate(port, '127.0.0.1')).rejects.toMatchObject({ type: 'incorrectResponse' });
  });

  it('fails with a tls problem when the server knows no acme-tls/1, chooses none, or speaks no TLS', async () => {
    const other = { ALPNProtocols: ['http/1.1'], ALPNCallback: undefined };
    await expect(validate(await serve({ ...present(), ...other }))).rejects.toMatchObject({ type: 'tls' });
    server?.close();
    await expect(validate(await serve({ ...present(), ALPNCallback: undefined }))).rejects.toMatchObject({
      type: 'tls',
    });
    server?.close();
    server = createTcpServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-x\r\n'));
    await expect(validate(await listen(server))).rejects.toMatchObject({ type: 'tls' });
  });

  it('fails with a tls problem when the server offers nothing newer than TLS 1.1', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(validate(await serve({ ...present(), ...old }))).rejects.toMatchObject({ type: 'tls' });
  });

  it('connects to nothing that is not permitted, and tells a closed port apart', async () => {
    const port = await serve(present());
    await expect(validate(port, name, [])).rejects.toMatchObject({ type: 'connection' });
    expect(greetings).toEqual([]);
    server?.close();
    await expect(validate(1)).rejects.toMatchObject({ type: 'connection' });
  });
});
