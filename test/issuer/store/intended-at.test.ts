import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/node/clock.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { Database } from '../../../issuer/store/database.ts';
import { intendCertificate } from '../../../issuer/store/intend-certificate.ts';
import { reconcileCertificates } from '../../../issuer/store/reconcile-certificates.ts';
import { createIssuerDatabase, type TestDatabase } from '../../support/postgres.ts';

describe('a certificate that is written ahead', () => {
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

  it.each([
    ['ten minutes behind', -600],
    ['right', 0],
    ['ten minutes ahead', 600],
  ])('by a replica whose clock is %s has the time to be signed that every other has', async (_, off) => {
    const now = formatUtc(systemClock.now());
    const serial = randomBytes(16);
    const dates = { notBefore: now, notAfter: now, now: formatUtc(systemClock.now() + off) };
    const digests = { tbsSha256: randomBytes(32), spkiSha256: randomBytes(32) };
    await intendCertificate(database, { serial, issuer: 'issuing-i1', names: ['x.internal'], ...digests, ...dates });
    expect(await reconcileCertificates(database, 300, now)).toEqual([]);
    expect(await reconcileCertificates(database, -300, now)).toEqual([serial]);
  });
});
