// The servers that are not ACME's: CRLs and CA certificates for everybody, metrics for this machine.
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { makeTraffic } from '../../../issuer/http/bounds.ts';
import { makeMetricsServer, makePlainServer } from '../../../issuer/http/server.ts';

const told = 'password authentication failed for user "issuer" at 10.0.0.5';

/** A logger, and the lines it was given. */
function listening(): { logger: FastifyBaseLogger; lines: string[] } {
  const lines: string[] = [];
  const logger = Fastify({ logger: { stream: { write: (line: string) => void lines.push(line) } } }).log;
  return { logger, lines };
}

function publishing(logger: FastifyBaseLogger, error: Error): FastifyInstance {
  const files = { crl: () => Promise.reject(error), certificate: () => undefined };
  return makePlainServer(logger, files, undefined, {
    bounds: { connections: 100, requests: 100 },
    traffic: makeTraffic(),
  });
}

describe('a server beside ACME', () => {
  it.each([
    ['an error that nobody expected', new Error(told), 500],
    ['an error that passes', Object.assign(new Error(told), { code: '57P03' }), 503],
  ])('tells %s to the log and not to who asked', async (_, error, status) => {
    const { logger, lines } = listening();
    const answer = await publishing(logger, error).inject('/crl/issuing-i1.crl');
    expect([answer.statusCode, answer.json()]).toEqual([status, { status }]);
    expect(lines.join('')).toContain('10.0.0.5');
  });

  it('says what is wrong with a request that is', async () => {
    const { logger, lines } = listening();
    const server = publishing(logger, new Error(told));
    expect((await server.inject('/crl/%zz.crl')).statusCode).toBe(400);
    expect((await server.inject('/ca/nobody.cer')).statusCode).toBe(404);
    expect(lines).toEqual([]);
  });

  it('says nothing of an error on the way to its metrics', async () => {
    const { logger } = listening();
    const server = makeMetricsServer(logger, () => Promise.reject(new Error(told)));
    expect((await server.inject('/metrics')).json()).toEqual({ status: 500 });
  });

  it('waits for no request without end, so that slow ones cannot hold all of its connections', () => {
    const { logger } = listening();
    for (const { server } of [
      publishing(logger, new Error(told)),
      makeMetricsServer(logger, () => Promise.resolve('')),
    ]) {
      expect(server.requestTimeout).toBe(30_000);
      expect(server.timeout).toBe(30_000);
    }
  });
});
