import type { FastifyInstance } from 'fastify';

export interface PublicCrl {
  readonly der: Uint8Array;
  readonly nextUpdate: number;
  readonly secondsLeft: number;
}

/** Seconds that a cache may keep a CRL: few, because a revocation makes a new one at any time. */
const keptInCaches = 60;

/** Files that relying parties fetch. */
export interface PublicFiles {
  /** The newest CRL of a CA: DER, seconds since the epoch until when it is good, and how many of them are left. */
  crl(name: string): Promise<PublicCrl | undefined>;
  /** A CA's certificate, DER. */
  certificate(name: string): Uint8Array | undefined;
}

/** RFC 5280 §4.2.1.13 and §4.2.2.1, with the media types of RFC 2585. */
export function addPublicRoutes(server: FastifyInstance, files: PublicFiles): void {
  server.get<{ Params: { name: string } }>('/crl/:name.crl', async (request, reply) => {
    const found = await files.crl(request.params.name);
    if (found === undefined) return reply.callNotFound();
    return reply
      .headers({
        'content-type': 'application/pkix-crl',
        'cache-control': `public, max-age=${Math.max(0, Math.min(keptInCaches, found.secondsLeft))}`,
        expires: new Date(found.nextUpdate * 1000).toUTCString(),
      })
      .send(Buffer.from(found.der));
  });
  server.get<{ Params: { name: string } }>('/ca/:name.cer', (request, reply) => {
    const der = files.certificate(request.params.name);
    if (der === undefined) return reply.callNotFound();
    return reply
      .headers({ 'content-type': 'application/pkix-cert', 'cache-control': 'public, max-age=3600' })
      .send(Buffer.from(der));
  });
}
