// What the issuer forgets, so that no table grows for ever; and what it never forgets.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../../core/ports/base64.ts';
import { forgetOldOrders } from '../../../issuer/run/retention.ts';
import { Database } from '../../../issuer/store/database.ts';
import { pruneRateLimits } from '../../../issuer/store/prune-rate-limits.ts';
import { createIssuerDatabase, type TestDatabase } from '../../support/postgres.ts';

const day = 86_400;
const now = 1_800_000_000;
const settings = { retention: 90 * day, orderLifetime: 7 * day };

describe('what is forgotten', () => {
  let test: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    test = await createIssuerDatabase();
    database = new Database({ url: test.url, connections: 6, onError: () => undefined });
    await test.query(`INSERT INTO accounts VALUES ('a', 'main', 'valid', '{}', sha256('a'), '{}', now())`);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  /** An order made so many days ago, with an authorization and a challenge of its own or with that of another order. */
  async function order(
    id: string,
    daysAgo: number,
    more: { status?: string; replaces?: string; shares?: string } = {},
  ) {
    const { status = 'valid', replaces = null, shares } = more;
    const made = now - daysAgo * day;
    await test.query(
      `INSERT INTO orders (id, account_id, directory, status, identifiers, awaiting, created_at, expires_at, replaces)
       VALUES ($1, 'a', 'main', $2, '[]', 0, to_timestamp($3), to_timestamp($3 + 7 * 86400), $4)`,
      [id, status, made, replaces],
    );
    if (shares === undefined) {
      await test.query(
        `INSERT INTO authorizations
           (id, account_id, status, identifier_type, identifier_value, wildcard, created_at, expires_at)
         VALUES ($1, 'a', 'valid', 'dns', 'x', false, to_timestamp($2), to_timestamp($2 + 7 * 86400))`,
        [`of-${id}`, made],
      );
      await test.query(
        `INSERT INTO challenges (id, authorization_id, type, status, token) VALUES ($1, $1, 'dns-01', 'valid', 'x')`,
        [`of-${id}`],
      );
    }
    await test.query('INSERT INTO order_authorizations VALUES ($1, 0, $2)', [id, `of-${shares ?? id}`]);
  }

  async function certificate(serial: string, orderId: string, replacedBy: string | null): Promise<void> {
    await test.query(
      `INSERT INTO certificates (serial, issuer, directory, account_id, order_id, status, tbs_sha256, spki_sha256, names,
         not_before, not_after, der, intended_at, issued_at, replaced_by)
       VALUES (decode($1, 'hex'), 'issuing-i1', 'main', 'a', $2, 'issued', sha256('a'), sha256('a'), '{}', now(), now(), '',
         now(), now(), $3)`,
      [serial, orderId, replacedBy],
    );
  }

  async function idsOf(table: string): Promise<string[]> {
    return (await test.query<{ id: string }>(`SELECT id FROM ${table} ORDER BY id`)).map(({ id }) => id);
  }

  const forget = (): Promise<void> => forgetOldOrders(database, { now: () => now }, settings);

  it('are orders, authorizations and challenges that ended long ago; never certificates, nor what is younger', async () => {
    await order('old', 98);
    await order('young', 96);
    await order('shared-old', 120);
    await order('shared-young', 60, { shares: 'shared-old' });
    await certificate('0102030405060708', 'old', null);
    await Promise.all([forget(), forget()]);
    expect(await idsOf('orders')).toEqual(['shared-young', 'young']);
    // An authorization stays as long as an order might be in which it is.
    expect(await idsOf('authorizations')).toEqual(['of-old', 'of-shared-old', 'of-young']);
    const later = { now: () => now + 7 * day };
    await forgetOldOrders(database, later, settings);
    expect(await idsOf('orders')).toEqual(['shared-young']);
    expect(await idsOf('authorizations')).toEqual(['of-shared-old', 'of-young']);
    expect(await idsOf('challenges')).toEqual(['of-shared-old', 'of-young']);
    const kept = await test.query('SELECT order_id FROM certificates');
    expect(kept).toEqual([{ order_id: 'old' }]);
    await test.query('DELETE FROM certificates');
  });

  it('does not leave a certificate marked as replaced by an order that came to nothing', async () => {
    const [lost, done] = ['00fe02030405060708', '0102030405060709'];
    const named = (serial: string): string => `AAECAwQFBgcICQoLDA0ODxAREhM.${toBase64Url(Buffer.from(serial, 'hex'))}`;
    await order('came-to-nothing', 200, { status: 'invalid', replaces: named(lost) });
    await order('was-issued', 200, { replaces: named(done) });
    await certificate(lost, 'before-1', 'came-to-nothing');
    await certificate(done, 'before-2', 'was-issued');
    await forget();
    const rows = await test.query(
      `SELECT encode(serial, 'hex') AS serial, replaced_by FROM certificates ORDER BY serial`,
    );
    expect(rows).toEqual([
      { serial: lost, replaced_by: null },
      { serial: done, replaced_by: 'was-issued' },
    ]);
  });

  it('are limits at rest, as many as there are, round by round', async () => {
    await test.query(
      `INSERT INTO rate_limits SELECT 'ordersPerAccount', n::text, CASE WHEN n > 2500 THEN 1e12 ELSE 1 END
       FROM generate_series(1, 2501) AS n`,
    );
    await pruneRateLimits(database, { atOnce: 1000, rounds: 2 });
    expect(await test.query('SELECT count(*)::int FROM rate_limits')).toEqual([{ count: 501 }]);
    await pruneRateLimits(database);
    expect(await test.query('SELECT subject FROM rate_limits')).toEqual([{ subject: '2501' }]);
  });
});
