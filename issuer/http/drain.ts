import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** Milliseconds in which a client that keeps its connection can make one more request on it. */
export const drainPatience = 2000;

/** One name for both ends of a connection: TLS has a socket of its own above the one that was accepted. */
function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? ''} ${remotePort ?? ''}`;
}

/** The connections of a server, and which of them have a request that is not answered yet. */
class Connections {
  readonly #open = new Map<Socket, string>();
  readonly #requests = new Map<string, number>();
  #ending = false;

  constructor({ server }: FastifyInstance) {
    server.on('connection', (socket: Socket) => {
      this.#open.set(socket, nameOf(socket));
      socket.once('close', () => this.#open.delete(socket));
    });
    server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      const name = nameOf(socket);
      this.#requests.set(name, (this.#requests.get(name) ?? 0) + 1);
      response.once('close', () => this.#answered(name));
    });
  }

  #answered(name: string): void {
    const left = (this.#requests.get(name) ?? 1) - 1;
    if (left > 0) this.#requests.set(name, left);
    else this.#requests.delete(name);
    if (this.#ending) this.endIdle();
  }

  /** Ends every connection without a request, and from now on each as soon as it has none. */
  endIdle(): void {
    this.#ending = true;
    for (const [socket, name] of this.#open) if (!this.#requests.has(name)) socket.destroy();
  }
}

/**
 * Gives what ends a server without cutting anybody off between two requests; to be called before the server listens. First
 * nobody new is let in: another replica takes them. Who is connected gets an answer that says that the connection ends with
 * it. Only then what is still idle is closed. `http.Server.close` alone closes idle connections at once, and with them a
 * request that is just on its way; and it waits for connections on which nothing was ever asked.
 */
export function drainable(server: FastifyInstance, patience: number): () => Promise<void> {
  const connections = new Connections(server);
  return async () => {
    const drained = new Promise<void>((resolve) => {
      // The close of node:net, which lets connections be; that of node:http comes after it.
      Server.prototype.close.call(server.server, () => resolve());
    });
    if (patience > 0) await Promise.race([drained, pause(patience, undefined, { ref: false })]);
    connections.endIdle();
    await server.close();
  };
}
