import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Dns } from '../../../issuer/validate/dns.ts';
import { http01 } from '../../../issuer/validate/http-01.ts';
import { NetworkPolicy } from '../../../issuer/validate/networks.ts';
import type { Validator } from '../../../issuer/validate/validator.ts';
import { TestDns } from '../../support/dns-server.ts';
import { validationJob } from '../../support/validation-job.ts';

const name = 'host.example.internal';
const token = 'dG9rZW4tdG9rZW4tdG9rZW4';
const keyAuthorization = `${token}.thumbprint-thumbprint-thumbprint-thumbprint`;
const place = `/.well-known/acme-challenge/${token}`;

function listen(server: Server, host = '127.0.0.1', port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** A certificate that nobody trusts, for another name, expired. */
function badCertificate(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(path.join(tmpdir(), 'coldroot-bad-tls-'));
  try {
    const argv = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
    const files = ['-keyout', 'key.pem', '-out', 'cert.pem', '-subj', '/CN=somebody.else'];
    execFileSync('openssl', [...argv, ...files], { cwd: folder, stdio: 'pipe' });
    return { key: readFileSync(path.join(folder, 'key.pem')), cert: readFileSync(path.join(folder, 'cert.pem')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('http-01', () => {
  let dnsServer: TestDns;
  let plain: http.Server;
  let secure: https.Server;
  let httpPort = 0;
  let httpsPort = 0;
  let requests: IncomingMessage[] = [];
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    requests.push(request);
    answer(request, response);
  };

  beforeAll(async () => {
    dnsServer = await TestDns.start();
    plain = http.createServer(handle);
    httpPort = await listen(plain);
    secure = https.createServer(badCertificate(), handle);
    httpsPort = await listen(secure);
  });
  afterAll(async () => {
    plain.closeAllConnections();
    secure.closeAllConnections();
    plain.close();
    secure.close();
    await dnsServer.close();
  });
  beforeEach(() => {
    requests = [];
    dnsServer.set(name, { A: ['127.0.0.1'] });
    dnsServer.set('other.example.internal', { A: ['127.0.0.1'] });
    answer = (_, response) => response.end(keyAuthorization);
  });

  interface Options {
    allowed?: string[];
    denied?: string[];
    value?: string;
    hosts?: Record<string, string[]>;
    milliseconds?: number;
  }

  function validate(options: Options = {}): ReturnType<Validator> {
    const {
      allowed = ['127.0.0.0/8', '::1/128'],
      denied = [],
      value = name,
      hosts = {},
      milliseconds = 30_000,
    } = options;
    const dns = new Dns({ servers: [dnsServer.server], hosts, timeout: 20_000 });
    const networks = new NetworkPolicy({ allowed, denied });
    const validator = http01({ dns, networks, httpPort, httpsPort });
    const job = validationJob({
      token,
      identifier_type: value === name ? 'dns' : 'ip',
      identifier_value: value,
    });
    return validator(job, keyAuthorization, AbortSignal.timeout(milliseconds));
  }

  const redirect =
    (...targets: string[]) =>
    (_: IncomingMessage, response: ServerResponse): void => {
      const target = targets[requests.length - 1];
      if (target === undefined) response.end(keyAuthorization);
      else response.writeHead(302, { location: target }).end();
    };

  it('asks at the well-known place with the name as Host, over no agent or proxy of the process', async () => {
    process.env['http_proxy'] = 'http://127.0.0.1:1';
    try {
      await expect(validate()).resolves.toBeUndefined();
    } finally {
      delete process.env['http_proxy'];
    }
    expect(requests.map(({ url, headers, method }) => [method, url, headers.host])).toEqual([
      ['GET', place, `${name}:${httpPort}`],
    ]);
  });

  it('trims white space at the end, and only there', async () => {
    answer = (_, response) => response.end(`${keyAuthorization}\r\n \t\n`);
    await expect(validate()).resolves.toBeUndefined();
    answer = (_, response) => response.end(` ${keyAuthorization}`);
    await expect(validate()).rejects.toMatchObject({ type: 'incorrectResponse' });
  });

  it.each([
    ['another text', 'x', 200, 'incorrectResponse'],
    ['nothing', '', 200, 'incorrectResponse'],
    ['the key authorization of another account', `${token}.other`, 200, 'incorrectResponse'],
    ['the right text with status 404', keyAuthorization, 404, 'incorrectResponse'],
    ['the right text with status 500', keyAuthorization, 500, 'incorrectResponse'],
    ['far too much', keyAuthorization.padEnd(100_000), 200, 'incorrectResponse'],
  ])('fails with %s, without repeating it', async (_, body, status, type) => {
    answer = (__, response) => response.writeHead(status).end(body);
    const failure = validate();
    await expect(failure).rejects.toMatchObject({ type });
    await expect(failure).rejects.not.toThrow(/thumbprint|\.other/u);
  });

  it('stops reading what does not end', async () => {
    answer = (_, response) => {
      const timer = setInterval(() => response.write('x'.repeat(1000)), 1);
      response.on('close', () => clearInterval(timer));
    };
    await expect(validate()).rejects.toMatchObject({ type: 'incorrectResponse' });
  });

  it('follows redirects, relative ones and those to https, whose certificate it does not check', async () => {
    answer = redirect(
      '/elsewhere?x=1',
      `https://other.example.internal:${httpsPort}/secure`,
      '//other.example.internal/again',
    );
    await expect(validate()).resolves.toBeUndefined();
    expect(requests.map(({ url, headers }) => `${headers.host} ${url}`)).toEqual([
      `${name}:${httpPort} ${place}`,
      `${name}:${httpPort} /elsewhere?x=1`,
      `other.example.internal:${httpsPort} /secure`,
      'other.example.internal /again',
    ]);
  });

  it('follows ten redirects and no more', async () => {
    answer = redirect(...Array.from({ length: 10 }, (_, index) => `/${index}`));
    await expect(validate()).resolves.toBeUndefined();
    requests = [];
    answer = redirect(...Array.from({ length: 11 }, (_, index) => `/${index}`));
    await expect(validate()).rejects.toMatchObject({
      type: 'connection',
      message: expect.stringContaining('10 redirects'),
    });
  });

  it.each([
    ['an IP address', 'http://127.0.0.1/'],
    ['an IPv6 address', 'http://[::1]/'],
    ['an address in another notation', 'http://0x7f000001/'],
    ['another scheme', 'ftp://other.example.internal/'],
    ['a file', 'file:///etc/passwd'],
    ['another port', 'http://other.example.internal:22/'],
    ['credentials', 'http://a:b@other.example.internal/'],
    ['nonsense', 'http://'],
  ])('does not follow a redirect to %s', async (_, target) => {
    answer = redirect(target);
    await expect(validate()).rejects.toMatchObject({ type: 'connection' });
    expect(requests).toHaveLength(1);
  });

  it('does not follow a redirect to a name whose address is not permitted', async () => {
    dnsServer.set('other.example.internal', { A: ['10.0.0.1'] });
    answer = redirect('http://other.example.internal/');
    await expect(validate()).rejects.toMatchObject({
      type: 'connection',
      message: expect.stringContaining('no address'),
    });
  });

  it('connects to nothing that is not permitted, and looks the name up only once', async () => {
    await expect(validate({ allowed: [] })).rejects.toMatchObject({ type: 'connection' });
    await expect(validate({ denied: ['127.0.0.1/32'] })).rejects.toMatchObject({ type: 'connection' });
    expect(requests).toEqual([]);
    dnsServer.queries.length = 0;
    await validate();
    expect(dnsServer.queries.toSorted()).toEqual([`A ${name}`, `AAAA ${name}`]);
  });

  it('takes IPv6 first and IPv4 when that fails', async () => {
    dnsServer.set(name, { AAAA: ['::1'], A: ['127.0.0.1'] });
    await expect(validate()).resolves.toBeUndefined();
    const six = http.createServer((_, response) => response.end('from IPv6'));
    await listen(six, '::1', httpPort);
    try {
      await expect(validate()).rejects.toMatchObject({ type: 'incorrectResponse' });
    } finally {
      six.close();
    }
  });

  it('uses an A record although the server fails for AAAA, and static hosts without any query', async () => {
    dnsServer.queries.length = 0;
    await expect(validate({ hosts: { [name]: ['127.0.0.1'] } })).resolves.toBeUndefined();
    expect(dnsServer.queries).toEqual([]);
  });

  it.each([
    ['does not exist', undefined, 'dns', /does not exist/u],
    ['has no address', { TXT: [['x']] }, 'dns', /has no such record/u],
    ['has a name server that fails', { fault: 'SERVFAIL' }, 'dns', /SERVFAIL/u],
  ] as const)('fails when the name %s', async (_, records, type, message) => {
    if (records === undefined) dnsServer.remove(name);
    else dnsServer.set(name, records);
    await expect(validate()).rejects.toMatchObject({ type, message: expect.stringMatching(message) });
  });

  it('fails when nobody listens, when the connection breaks, and when no answer comes in time', async () => {
    dnsServer.set(name, { A: ['127.0.0.2'] });
    await expect(validate()).rejects.toMatchObject({ type: 'connection', message: expect.stringContaining('refused') });
    dnsServer.set(name, { A: ['127.0.0.1'] });
    answer = (_, response) => response.socket?.destroy();
    await expect(validate()).rejects.toMatchObject({ type: 'connection' });
    answer = () => undefined;
    // Not looked up, so that the time is over while the server is asked.
    await expect(validate({ milliseconds: 500, hosts: { [name]: ['127.0.0.1'] } })).rejects.toMatchObject({
      type: 'connection',
      message: expect.stringContaining('no answer in time'),
    });
  });

  // Node gives the caller neither an answer nor an error for the first of them.
  it.each([
    ['changes the protocol', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'],
    ['says only that it will answer', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['says two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'],
    ['says more headers than anybody needs', `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`],
  ])('ends where the server %s', async (_, text) => {
    const other = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(text));
    });
    await listen(other, '127.0.0.3', httpPort);
    dnsServer.set(name, { A: ['127.0.0.3'] });
    try {
      await expect(validate()).rejects.toMatchObject({ type: 'connection' });
    } finally {
      other.close();
    }
  });

  it('fails when the answer is not HTTP', async () => {
    const other = createServer((socket) => socket.end('SSH-2.0-x\r\n'));
    await listen(other, '127.0.0.3', httpPort);
    dnsServer.set(name, { A: ['127.0.0.3'] });
    try {
      await expect(validate()).rejects.toMatchObject({
        type: 'connection',
        message: expect.stringContaining('not HTTP'),
      });
    } finally {
      other.close();
    }
  });

  it('connects to the address itself for an identifier that is one (RFC 8738)', async () => {
    dnsServer.queries.length = 0;
    await expect(validate({ value: '127.0.0.1' })).resolves.toBeUndefined();
    expect(dnsServer.queries).toEqual([]);
    expect(requests[0]?.headers.host).toBe(`127.0.0.1:${httpPort}`);
  });

  it('names an IPv6 address in brackets as Host (RFC 8738 §5)', async () => {
    const six = http.createServer(handle);
    await listen(six, '::1', httpPort);
    try {
      await expect(validate({ value: '::1' })).resolves.toBeUndefined();
    } finally {
      six.closeAllConnections();
      six.close();
    }
    expect(requests.map(({ url, headers }) => [url, headers.host])).toEqual([[place, `[::1]:${httpPort}`]]);
  });
});
