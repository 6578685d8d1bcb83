import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../../issuer/store/database.ts';
import { migrate, readMigrations, requireMigrated } from '../../../issuer/store/migrate.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';

const migrations = readMigrations();

describe('migrations', () => {
  let test: TestDatabase;
  let database: Database;

  beforeEach(async () => {
    test = await createDatabase({ empty: true });
    database = new Database({ url: test.url, connections: 4, onError: () => undefined });
  });
  afterEach(async () => {
    await database.close();
    await test.drop();
  });

  it('have a number each: of two with the same one, nobody could say which comes first', () => {
    const numbers = migrations.map(({ name }) => name.slice(0, 4));
    expect(numbers).toEqual([...new Set(numbers)]);
  });

  it('are applied in order, once, and recorded with their hashes', async () => {
    const names = migrations.map(({ name }) => name);
    expect(await migrate(database)).toEqual(names);
    expect(await migrate(database)).toEqual([]);
    const rows = await test.query('SELECT name, sha256 FROM migrations ORDER BY name');
    expect(rows).toEqual(migrations.map(({ name, sha256 }) => ({ name, sha256 })));
    await expect(requireMigrated(database)).resolves.toBeUndefined();
  });

  it('are applied once by several who start at the same time', async () => {
    const applied = await Promise.all([migrate(database), migrate(database), migrate(database)]);
    expect(applied.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([0, 0, migrations.length]);
  });

  it('that are missing are told before anything runs on the database', async () => {
    await expect(requireMigrated(database)).rejects.toMatchObject({
      code: 'migration-missing',
      message: expect.stringContaining(`lacks ${migrations.length}`),
      remedy: expect.stringContaining('migrate'),
    });
    await migrate(database, migrations.slice(0, 2));
    await expect(requireMigrated(database)).rejects.toMatchObject({ code: 'migration-missing' });
  });

  it('that were changed after they were applied are refused', async () => {
    await migrate(database, migrations.slice(0, 2));
    const changed = migrations.map((each, index) => (index === 1 ? { ...each, sha256: '0'.repeat(64) } : each));
    await expect(migrate(database, changed)).rejects.toMatchObject({ code: 'migration-changed' });
    await expect(requireMigrated(database, changed)).rejects.toMatchObject({ code: 'migration-changed' });
  });

  it('of a newer program are not known, and the database is left alone', async () => {
    await migrate(database);
    const older = migrations.slice(0, -1);
    await expect(migrate(database, older)).rejects.toMatchObject({ code: 'migration-unknown' });
    await expect(requireMigrated(database, older)).rejects.toMatchObject({ code: 'migration-unknown' });
  });

  it('in a gap between numbers are applied although later ones were before', async () => {
    const own = { name: '0000-own.sql', sha256: 'x', text: 'CREATE TABLE own ()' };
    await migrate(database, [own]);
    expect(await migrate(database, [own, ...migrations])).toEqual(migrations.map(({ name }) => name));
    const gap = { name: '0003-a-gap.sql', sha256: 'y', text: 'CREATE TABLE gap ()' };
    expect(await migrate(database, [own, ...migrations, gap])).toEqual([gap.name]);
  });

  it('that fail in the middle leave nothing behind', async () => {
    const broken = [...migrations, { name: '9999-broken.sql', sha256: 'x', text: 'CREATE TABLE x (); SELECT 1 / 0' }];
    await expect(migrate(database, broken)).rejects.toThrow('division by zero');
    const tables = await test.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    expect(tables).toEqual([]);
  });
});

describe('the database', () => {
  it('is refused without its URL being told, when it cannot be reached', async () => {
    const url = 'postgres://user:geheim@127.0.0.1:1/nowhere';
    const database = new Database({ url, connections: 1, onError: () => undefined });
    const { reachDatabase } = await import('../../../issuer/store/database.ts');
    await expect(reachDatabase(database)).rejects.toMatchObject({ code: 'database-unreachable' });
    await expect(reachDatabase(database)).rejects.not.toThrow(/geheim/u);
    await database.close();
  });

  it('gives times as seconds, whatever the session’s time zone, and rolls back what fails', async () => {
    const test = await createDatabase();
    const database = new Database({ url: test.url, connections: 2, onError: () => undefined });
    const at = { name: 'at', text: "SELECT '2026-11-22T05:52:40+03'::timestamptz AS at", durable: false };
    expect(await database.first(at)).toEqual({ at: Date.parse('2026-11-22T02:52:40Z') / 1000 });
    const insert = {
      name: '',
      text: "INSERT INTO used_nonces SELECT decode(repeat('00', 15), 'hex')",
      durable: false,
    };
    const work = database.transaction(async (queries) => {
      await queries.rows(insert);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await test.query('SELECT * FROM used_nonces')).toEqual([]);
    await database.close();
    await test.drop();
  });
});
