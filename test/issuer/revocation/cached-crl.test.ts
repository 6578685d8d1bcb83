import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { addPublicRoutes } from '../../../issuer/http/public-routes.ts';

describe('a published CRL', () => {
  it.each([
    [86_400, 60],
    [60, 60],
    [17, 17],
    [-5, 0],
  ])(
    'is kept by caches for a minute, and never beyond its end: %i s before it, for %i s',
    async (secondsLeft, kept) => {
      const server = Fastify();
      addPublicRoutes(server, {
        crl: () => Promise.resolve({ der: Uint8Array.of(0x30, 0), nextUpdate: 1_800_000_000, secondsLeft }),
        certificate: () => undefined,
      });
      const { headers } = await server.inject('/crl/issuing-i1.crl');
      await server.close();
      expect(headers).toMatchObject({
        'cache-control': `public, max-age=${kept}`,
        expires: 'Fri, 15 Jan 2027 08:00:00 GMT',
      });
    },
  );
});
