// What comes at once and cannot be served at once: cut off or told to come again, and never piled up.
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { addBounds, headPatience, makeTraffic, patience, type Traffic } from '../../../issuer/http/bounds.ts';

const open: { destroy(): unknown }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.destroy();
});

interface Site {
  readonly server: FastifyInstance;
  readonly traffic: Traffic;
  readonly port: number;
  /** Answers what is waiting. */
  readonly answer: () => void;
}

async function start(bounds: { connections: number; requests: number }, http: object = headPatience): Promise<Site> {
  const server = Fastify({ http, ...patience, forceCloseConnections: true });
  const traffic = makeTraffic();
  addBounds(server, { bounds, traffic }, (_, reply) => reply.code(503).header('retry-after', '3').send());
  const { promise, resolve } = Promise.withResolvers<void>();
  server.get('/slow', async () => {
    await promise;
    return 'done';
  });
  server.post('/slow', () => 'done');
  server.get('/health', () => 'alive');
  await server.listen({ host: '127.0.0.1', port: 0 });
  open.push({ destroy: () => server.close() });
  return { server, traffic, port: (server.server.address() as AddressInfo).port, answer: resolve };
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  open.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Everything that comes until the other end closes. */
async function received(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return text;
}

describe('a listener of the issuer', () => {
  it('answers so many requests at a time, tells the next to come again at once, and is asked for its health all the same', async () => {
    const { traffic, port, answer } = await start({ connections: 100, requests: 3 });
    const url = `http://127.0.0.1:${port}`;
    const waiting = [1, 2, 3].map(() => fetch(`${url}/slow`));
    while (traffic.requests < 3) await new Promise(setImmediate);
    const refused = await fetch(`${url}/slow`, { method: 'POST', body: 'x'.repeat(60_000) });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '3']);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(traffic).toMatchObject({ refusedRequests: 1 });
    answer();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await fetch(`${url}/slow`)).status).toBe(200);
  });

  it('counts a request no longer once its client has gone away', async () => {
    const { traffic, port } = await start({ connections: 100, requests: 1 });
    const socket = await connected(port);
    socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
    while (traffic.requests < 1) await new Promise(setImmediate);
    socket.destroy();
    while (traffic.requests > 0) await new Promise(setImmediate);
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  });

  it('cuts off connections beyond its bound and counts them', async () => {
    const { traffic, port } = await start({ connections: 2, requests: 10 });
    const first = await connected(port);
    await connected(port);
    const third = await connected(port);
    expect(await received(third)).toBe('');
    expect(traffic.refusedConnections).toBe(1);
    const heard = received(first);
    first.write('GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await heard).toMatch(/^HTTP\/1\.1 200 /u);
  });

  it('ends a connection on which the head of a request comes too slowly, though it never rests', async () => {
    expect(headPatience.headersTimeout).toBeLessThanOrEqual(patience.requestTimeout);
    const { port } = await start(
      { connections: 100, requests: 10 },
      { headersTimeout: 200, connectionsCheckingInterval: 50 },
    );
    const socket = await connected(port);
    const heard = received(socket);
    socket.write('GET /health HTTP/1.1\r\n');
    const drip = setInterval(() => socket.write('X: y\r\n'), 20);
    // Where the 408 is read depends on what is still on its way; that the connection ends does not.
    expect(await heard).not.toContain(' 200 ');
    clearInterval(drip);
  });
});
