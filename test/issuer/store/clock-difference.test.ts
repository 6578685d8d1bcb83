import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/node/clock.ts';
import { nodeVerifier } from '../../../core/node/crypto.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import { makeHealth, type HealthSources } from '../../../issuer/ops/health.ts';
import { ensureCrl } from '../../../issuer/revocation/make-crl.ts';
import type { Issuer } from '../../../issuer/sign/issuer.ts';
import { requireClock } from '../../../issuer/store/clock-difference.ts';
import { Database } from '../../../issuer/store/database.ts';
import { createIssuerDatabase, type TestDatabase } from '../../support/postgres.ts';

describe('a clock that differs from the database’s', () => {
  let data: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    data = await createIssuerDatabase();
    database = new Database({ url: data.url, connections: 2, onError: () => undefined });
  });
  afterAll(async () => {
    await database.close();
    await data.drop();
  });
  const off = (seconds: number): Clock => ({ now: () => systemClock.now() + seconds });

  it('by some seconds is nothing', async () => {
    for (const seconds of [-200, 0, 200]) await expect(requireClock(database, off(seconds))).resolves.toBeUndefined();
  });

  it.each([
    ['ahead', 86_400, 'ahead of'],
    ['behind', -86_400, 'behind'],
  ])('makes no CRL, which would bind all others to its time: a day %s', async (_, seconds, words) => {
    // It is refused before anything is asked of its issuing CA but the name.
    const issuer = { name: 'issuing-i1' } as Issuer;
    const tools = { clock: off(seconds), verify: nodeVerifier };
    await expect(ensureCrl(database, issuer, { lifetime: 86_400 }, tools)).rejects.toMatchObject({
      code: 'clock-differs',
      message: expect.stringContaining(words),
    });
    expect(await data.query('SELECT FROM crls')).toEqual([]);
  });

  it('is a reason to be sent no work', async () => {
    const bundle = { manifest: { expires: '9999-12-31T23:59:59Z', epoch: 1 } };
    const health = (clock: Clock): Promise<readonly string[]> =>
      makeHealth({
        config: { mode: 'production', hierarchy: 'x' },
        bundle: () => bundle,
        database,
        clock,
        tokenWorks: () => true,
        stopping: () => false,
        ends: { warnings: () => [] },
      } as unknown as HealthSources).problems();
    expect(await health(off(0))).toEqual([]);
    expect(await health(off(3600))).toEqual(['clock']);
  });
});
