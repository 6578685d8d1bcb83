import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { drainable } from '../../../issuer/http/drain.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** A server whose only resource answers when it is told to. */
async function start(): Promise<{
  server: FastifyInstance;
  end: () => Promise<void>;
  answer: () => void;
  port: number;
}> {
  const server = Fastify();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.get('/slow', async () => {
    await promise;
    return 'done';
  });
  server.get('/fast', () => 'done');
  const end = drainable(server, 0);
  await server.listen({ host: '127.0.0.1', port: 0 });
  return { server, end, answer: resolve, port: (server.server.address() as AddressInfo).port };
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  // What was sent and not read makes the end of a connection an abrupt one.
  socket.on('error', () => undefined);
  return socket;
}

/** Not `once` of node:events, which takes an error for an answer. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

async function ask(socket: Socket, path: string): Promise<void> {
  await new Promise<void>((resolve) => socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`, () => resolve()));
}

describe('a server that is ended', () => {
  it('closes connections on which nothing was ever asked', async () => {
    const { end, port } = await start();
    const [silent, half] = [await connected(port), await connected(port)];
    half.write('GET /slow HT');
    const closed = Promise.all([closing(silent), closing(half)]);
    silent.resume();
    half.resume();
    await expect(end()).resolves.toBeUndefined();
    await closed;
  });

  it('closes connections that were kept after an answer', async () => {
    const { end, port } = await start();
    const kept = await connected(port);
    await ask(kept, '/fast');
    await once(kept, 'data');
    const closed = closing(kept);
    kept.resume();
    await expect(end()).resolves.toBeUndefined();
    await closed;
  });

  it('waits for a request that is being answered, and then closes its connection as well', async () => {
    const { server, end, answer, port } = await start();
    const busy = await connected(port);
    let text = '';
    busy.setEncoding('utf8').on('data', (more: string) => (text += more));
    const began = once(server.server, 'request');
    await ask(busy, '/slow');
    await began;
    const [ended, closed] = [end(), closing(busy)];
    expect(text).toBe('');
    answer();
    await ended;
    await closed;
    expect(text).toMatch(/^HTTP\/1.1 200 OK[^]*done/u);
  });
});
