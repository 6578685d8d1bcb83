import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import initSqlJs, { type Database } from 'sql.js';
import { describe, expect, it } from 'vitest';
import { chainRecord } from '../../../core/journal/record.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { openJournal, readJournal } from '../../../core/node/journal-sqlite.ts';
import type { JournalRecord } from '../../../core/ports/journal.ts';
import { chainOf } from '../../support/chain.ts';
import { testFolder } from '../../support/folder.ts';

const records = chainOf({ a: 1 }, { b: 'two' }, { c: [3] });
const folder = testFolder();

async function writeJournal(file: string): Promise<void> {
  const store = await openJournal(file, nodeDigest);
  for (const record of records) await store.append(record);
}

/** Changes a journal file as somebody with another SQLite tool would. */
async function edit(file: string, work: (database: Database) => void): Promise<void> {
  const SQL = await initSqlJs();
  const database = new SQL.Database(readFileSync(file));
  work(database);
  folder.write('journal.db', database.export());
}

describe('a journal in SQLite', () => {
  it('is there again after it was closed, and goes on from where it was', async () => {
    const file = folder.path('journal.db');
    await writeJournal(file);
    expect(await readJournal(file, nodeDigest)).toEqual(records);
    const store = await openJournal(file, nodeDigest);
    const next = chainRecord(store.records.at(-1), { at: 1_900_000_000, kind: 'note', body: {} }, nodeDigest);
    await store.append(next);
    expect(store.records).toEqual([...records, next]);
    expect(await readJournal(file, nodeDigest)).toEqual([...records, next]);
  });

  it('can be read by anybody’s SQLite', async () => {
    await writeJournal(folder.path('journal.db'));
    const SQL = await initSqlJs();
    const database = new SQL.Database(readFileSync(folder.path('journal.db')));
    expect(database.exec('SELECT sequence, kind, body FROM record')[0]?.values).toEqual([
      [1, 'note', '{"a":1}'],
      [2, 'note', '{"b":"two"}'],
      [3, 'note', '{"c":[3]}'],
    ]);
  });

  it.each([
    ['a changed body', `UPDATE record SET body = '{"b":"2"}' WHERE sequence = 2`, 'journal-chain-broken'],
    ['a changed kind', `UPDATE record SET kind = 'other' WHERE sequence = 1`, 'journal-chain-broken'],
    ['a changed time', 'UPDATE record SET at = at + 1 WHERE sequence = 3', 'journal-chain-broken'],
    ['a changed hash', `UPDATE record SET hash = '${'e'.repeat(64)}' WHERE sequence = 3`, 'journal-chain-broken'],
    ['a changed link', `UPDATE record SET previous = '${'e'.repeat(64)}' WHERE sequence = 2`, 'journal-chain-broken'],
    ['a deleted record', 'DELETE FROM record WHERE sequence = 2', 'journal-chain-broken'],
    [
      'an inserted record',
      `INSERT INTO record VALUES (4, 0, 'x', '{}', '${'a'.repeat(64)}', '${'b'.repeat(64)}')`,
      'journal-chain-broken',
    ],
    [
      'a body with a key twice',
      `UPDATE record SET body = '{"b":"evil","b":"two"}' WHERE sequence = 2`,
      'journal-damaged',
    ],
    ['a body with spaces', `UPDATE record SET body = '{ "b": "two" }' WHERE sequence = 2`, 'journal-damaged'],
    ['a body that is not JSON', `UPDATE record SET body = 'two' WHERE sequence = 2`, 'journal-damaged'],
    ['a body that is a list', `UPDATE record SET body = '[]' WHERE sequence = 2`, 'journal-damaged'],
    ['a hash that is none', `UPDATE record SET hash = 'x' WHERE sequence = 2`, 'journal-damaged'],
    ['a time before the epoch', 'UPDATE record SET at = -1 WHERE sequence = 2', 'journal-damaged'],
    ['another table', 'CREATE TABLE more (a)', 'journal-damaged'],
    ['a trigger', `CREATE TRIGGER t AFTER INSERT ON record BEGIN UPDATE record SET kind = 'x'; END`, 'journal-damaged'],
    ['another index', 'CREATE INDEX i ON record (kind)', 'journal-damaged'],
    ['no table', 'DROP TABLE record', 'journal-damaged'],
    [
      'a table of other columns',
      'DROP TABLE record; CREATE TABLE record (sequence, at, kind, body, previous, hash)',
      'journal-damaged',
    ],
    [
      'a view that computes for ever',
      "ALTER TABLE record RENAME TO r; CREATE VIEW record AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS sequence, 0 AS at, '' AS kind, '' AS body, '' AS previous, '' AS hash FROM n",
      'journal-damaged',
    ],
  ])('refuses %s, for reading and for going on', async (_, sql, code) => {
    const file = folder.path('journal.db');
    await writeJournal(file);
    await edit(file, (database) => database.run(sql));
    const coded = expect.objectContaining({ code }) as Error;
    await expect(readJournal(file, nodeDigest)).rejects.toEqual(coded);
    await expect(openJournal(file, nodeDigest)).rejects.toEqual(coded);
  });

  it('does not see a record missing at the end: that is what the hash in the bundle is for', async () => {
    const file = folder.path('journal.db');
    await writeJournal(file);
    await edit(file, (database) => database.run('DELETE FROM record WHERE sequence = 3'));
    expect(await readJournal(file, nodeDigest)).toHaveLength(2);
  });

  it.each([
    ['a text file', 'begin\n'],
    ['an empty file', ''],
    ['half a journal', undefined],
  ])('refuses %s', async (_, contents) => {
    const file = folder.path('journal.db');
    await writeJournal(file);
    folder.write('journal.db', contents ?? readFileSync(file).subarray(0, 5000));
    await expect(readJournal(file, nodeDigest)).rejects.toMatchObject({ code: 'journal-damaged' });
    await expect(openJournal(file, nodeDigest)).rejects.toMatchObject({ code: 'journal-damaged' });
  });

  it('refuses a link and a folder; a missing file is missing only for reading', async () => {
    await writeJournal(folder.path('real.db'));
    symlinkSync(folder.path('real.db'), folder.path('journal.db'));
    mkdirSync(folder.path('folder.db'));
    for (const name of ['journal.db', 'folder.db']) {
      await expect(openJournal(folder.path(name), nodeDigest)).rejects.toMatchObject({ code: 'media-not-a-file' });
    }
    await expect(readJournal(folder.path('none.db'), nodeDigest)).rejects.toMatchObject({ code: 'media-missing' });
    expect((await openJournal(folder.path('none.db'), nodeDigest)).records).toEqual([]);
  });

  it('what could not be written has not happened, and can be written once there is room again', async () => {
    mkdirSync(folder.path('disk'));
    const store = await openJournal(folder.path('disk/journal.db'), nodeDigest);
    const [first, second] = records as [JournalRecord, JournalRecord];
    await store.append(first);
    renameSync(folder.path('disk'), folder.path('gone'));
    await expect(store.append(second)).rejects.toMatchObject({ code: 'journal-write' });
    expect(store.records).toEqual([first]);
    renameSync(folder.path('gone'), folder.path('disk'));
    expect(await readJournal(folder.path('disk/journal.db'), nodeDigest)).toEqual([first]);
    await store.append(second);
    expect(await readJournal(folder.path('disk/journal.db'), nodeDigest)).toEqual([first, second]);
    expect(readdirSync(folder.path('disk'))).toEqual(['journal.db']);
    rmSync(folder.path('disk'), { recursive: true });
  });
});
