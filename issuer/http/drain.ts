import { Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** Milliseconds in which a client that keeps its connection can make one more request on it. */
const patience = 2000;

/**
 * Ends a server without cutting anybody off between two requests. First nobody new is let in: another replica takes them.
 * Who is connected gets an answer that says that the connection ends with it. Only then what is still idle is closed.
 * `http.Server.close` alone closes idle connections at once, and with them a request that is just on its way.
 */
export async function drain(server: FastifyInstance): Promise<void> {
  const drained = new Promise<void>((resolve) => {
    // The close of node:net, which lets connections be; that of node:http comes after it.
    Server.prototype.close.call(server.server, () => resolve());
  });
  await Promise.race([drained, pause(patience, undefined, { ref: false })]);
  await server.close();
}
