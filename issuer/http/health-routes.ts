import type { FastifyInstance } from 'fastify';
import type { Warning } from '../ops/end-watch.ts';

/** Why the issuer cannot do its work at the moment: short words for an operator, nothing secret. */
export interface Health {
  readonly version: string;
  readonly mode: 'production' | 'rehearsal';
  readonly hierarchy: string;
  /** Of the bundle in use. */
  readonly epoch: number;
  /** Empty when all is well. */
  problems(): Promise<readonly string[]>;
  /** What ends soon and has to be seen to by people. It does its work all the same. */
  warnings(): readonly Warning[];
}

/** /health says that the process lives, /ready whether it should be sent work. */
export function addHealthRoutes(server: FastifyInstance, health: Health): void {
  const { version, mode, hierarchy } = health;
  server.get('/health', (_, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'alive', version, mode, hierarchy, epoch: health.epoch }),
  );
  server.get('/ready', async (_, reply) => {
    const problems = await health.problems();
    const ready = problems.length === 0;
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ready' : 'not-ready', problems, warnings: health.warnings() });
  });
}
