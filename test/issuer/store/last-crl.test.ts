import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../../issuer/store/database.ts';
import { lastCrl } from '../../../issuer/store/last-crl.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';

describe('the newest CRL in the database', () => {
  let data: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    data = await createDatabase();
    database = new Database({ url: data.url, connections: 2, onError: () => undefined });
    await data.query(`INSERT INTO bundles VALUES (1, 'example-corp', false, 'x', '\\x00', '{}', now())`);
    await data.query(`INSERT INTO issuers VALUES ('i1', 1, '\\x00', '\\x00', '[]'), ('i2', 1, '\\x00', '\\x01', '[]')`);
  });
  afterAll(async () => {
    await database.close();
    await data.drop();
  });
  const store = async (number: number, der: string): Promise<void> => {
    await data.query('INSERT INTO crls VALUES ($1, $2, $3, now(), now())', ['i1', number, Buffer.from(der)]);
  };
  const text = (der: Uint8Array | undefined): string => Buffer.from(der ?? []).toString();

  it('is none where none was made', async () => {
    expect(await lastCrl(database, 'i2')).toBeUndefined();
  });

  it('is what is at hand as long as there is no newer one, and is not fetched again', async () => {
    await store(7, 'seventh');
    const first = await lastCrl(database, 'i1');
    expect([first?.number, text(first?.der)]).toEqual([7, 'seventh']);
    // A change of the row shows that it was not read a second time.
    await data.query(`UPDATE crls SET der = 'changed' WHERE number = 7`);
    expect(await lastCrl(database, 'i1', first)).toBe(first);
    await store(8, 'eighth');
    const second = await lastCrl(database, 'i1', first);
    expect([second?.number, text(second?.der)]).toEqual([8, 'eighth']);
    expect(await lastCrl(database, 'i1', second)).toBe(second);
  });
});
