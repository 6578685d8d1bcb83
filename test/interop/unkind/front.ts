import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import https from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientSite } from '../support/site.ts';

/** Of how many POSTs the first is refused. */
const oneIn = 3;

interface Upstream {
  readonly port: number;
  readonly agent: https.Agent;
}

function forward(
  { port, agent }: Upstream,
  { method, url, headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  body: Buffer,
): Promise<{ message: IncomingMessage; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = https.request({ port, agent, method, path: url, headers }, (message) => {
      const chunks: Buffer[] = [];
      message.on('data', (chunk: Buffer) => chunks.push(chunk));
      message.on('end', () => resolve({ message, body: Buffer.concat(chunks) }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** RFC 8555 §6.5: what a server answers that has forgotten a nonce: there is a new one in it. */
async function refuseNonce(upstream: Upstream, response: ServerResponse): Promise<void> {
  const { message } = await forward(
    upstream,
    { method: 'HEAD', url: '/acme/main/new-nonce', headers: {} },
    Buffer.of(),
  );
  const nonce = String(message.headers['replay-nonce']);
  response.writeHead(400, { 'content-type': 'application/problem+json', 'replay-nonce': nonce });
  response.end(
    JSON.stringify({ type: 'urn:ietf:params:acme:error:badNonce', detail: 'An unkind server.', status: 400 }),
  );
}

export interface UnkindFront {
  /** How many requests were refused although nothing was wrong with them. */
  refused(): number;
  close(): void;
}

/**
 * Stands before an issuer, at the address that its URLs have, and is as unkind as an honest server may be: one in three
 * good nonces is refused. Not a part of the issuer, so that nothing in there can ever be switched on by mistake.
 */
export async function unkindFront(site: ClientSite, issuerPort: number): Promise<UnkindFront> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'front.key'];
  const names = ['-subj', '/CN=front', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', ['req', '-x509', ...key, ...names, '-days', '2', '-out', 'front.pem'], {
    cwd: site.folder,
    stdio: 'pipe',
  });
  appendFileSync(site.rootFile, site.read('front.pem'));
  const upstream = { port: issuerPort, agent: new https.Agent({ keepAlive: true, ca: site.issuer.rootPem }) };
  let [posts, refused] = [0, 0];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (request.method === 'POST') posts += 1;
    if (request.method === 'POST' && posts % oneIn === 1) {
      refused += 1;
      return refuseNonce(upstream, response);
    }
    const answered = await forward(upstream, request, body);
    response.writeHead(answered.message.statusCode ?? 502, answered.message.headers);
    response.end(answered.body);
  }

  const identity = { key: readFileSync(site.at('front.key')), cert: readFileSync(site.at('front.pem')) };
  const server = https.createServer(identity, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(site.issuer.ports.https, '127.0.0.1', resolve));
  return {
    refused: () => refused,
    close: () => {
      server.closeAllConnections();
      server.close();
      upstream.agent.destroy();
    },
  };
}
