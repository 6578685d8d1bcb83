import type { Server } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** What a process lets in at a time. */
export interface Bounds {
  /** Connections on each of its listeners: whoever comes then is cut off and may come again. */
  readonly connections: number;
  /** Requests that are not answered yet: whoever sends one more is told to come again. */
  readonly requests: number;
}

/** How long a connection may do nothing, a request may take to come in, and the next one to follow: milliseconds. */
export const patience = { connectionTimeout: 30_000, requestTimeout: 30_000, keepAliveTimeout: 60_000 } as const;

/** How long the head of a request may take, and how often all this is looked at: options of node:http. */
export const headPatience = { headersTimeout: 10_000, connectionsCheckingInterval: 2000 } as const;

/** Whether this must be answered however much there is to do: it is what tells an operator that there is. */
function isAboutHealth(url: string): boolean {
  return url === '/health' || url === '/ready';
}

/** What a process has on its hands, and how often each bound was met. */
export interface Traffic {
  requests: number;
  refusedRequests: number;
  refusedConnections: number;
}

export function makeTraffic(): Traffic {
  return { requests: 0, refusedRequests: 0, refusedConnections: 0 };
}

export interface BoundsOptions {
  readonly bounds: Bounds;
  readonly traffic: Traffic;
}

/**
 * Refuses requests beyond the bound before anything of them is read, and cuts off connections beyond theirs. What waits for
 * the database or the token waits in memory; a client that is told at once comes back when there is room.
 */
export function addBounds(
  server: FastifyInstance,
  { bounds, traffic }: BoundsOptions,
  refuse: (request: FastifyRequest, reply: FastifyReply) => FastifyReply,
): void {
  const listener: Server = server.server;
  listener.maxConnections = bounds.connections;
  listener.on('drop', () => (traffic.refusedConnections += 1));
  server.addHook('onRequest', (request, reply, done) => {
    if (traffic.requests >= bounds.requests && !isAboutHealth(request.url)) {
      traffic.refusedRequests += 1;
      void refuse(request, reply);
      return;
    }
    traffic.requests += 1;
    // Of the answer and not of the request: it comes once, however either of them ends.
    reply.raw.once('close', () => (traffic.requests -= 1));
    done();
  });
}
