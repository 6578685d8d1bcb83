import type { FastifyInstance } from 'fastify';
import { CodedError } from '../../core/ports/coded-error.ts';

/** Starts a server; `listen-failed` when its address or port cannot be had. */
export async function listenOn(server: FastifyInstance, { host, port }: { host: string; port: number }): Promise<void> {
  try {
    await server.listen({ host, port, listenTextResolver: (address) => `listening on ${address}` });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new CodedError({
      code: 'listen-failed',
      message: `Cannot listen on ${host} port ${port}${code}.`,
      remedy: 'Choose another address or port, or stop what uses it.',
    });
  }
}
