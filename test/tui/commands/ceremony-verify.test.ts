import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import initSqlJs from 'sql.js';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chainRecord } from '../../../core/journal/record.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { openJournal } from '../../../core/node/journal-sqlite.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import type { JournalRecord } from '../../../core/ports/journal.ts';
import { exitCodes } from '../../../tui/cli/exit-codes.ts';
import { testFolder } from '../../support/folder.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { flipped } from '../../support/hostile/kind.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { MemoryRoom } from '../../support/memory/room.ts';
import { runHere, type RunResult } from '../../support/rehearsal-room.ts';

const folder = testFolder();
let room: MemoryRoom;
let records: readonly JournalRecord[];
let rootFingerprint: string;

/** Holds the root ceremony, with this title. */
async function held(
  title = 'Example Corp Root R1',
  prepare: (room: MemoryRoom) => void = () => undefined,
): Promise<MemoryRoom> {
  const one = new MemoryRoom();
  prepare(one);
  const ceremony = await one.begin(rootPlan.replace('title: Example Corp Root R1', `title: ${title}`));
  await one.play(ceremony);
  rootFingerprint = sha256(fromBase64(ceremony.state.certificates['root-r1']?.der ?? ''));
  return one;
}

async function writeTo(name: string, list: readonly JournalRecord[]): Promise<void> {
  mkdirSync(folder.path(name), { recursive: true });
  const store = await openJournal(folder.path(`${name}/journal.db`), nodeDigest);
  for (const record of list) await store.append(record);
}

async function writeJournal(list: readonly JournalRecord[]): Promise<void> {
  await writeTo('held', list);
}

function verify(what = 'held'): Promise<RunResult> {
  return runHere('ceremony', 'verify', folder.path(what));
}

beforeAll(async () => {
  room = await held();
  records = room.journal.records;
});
beforeEach(async () => {
  await writeJournal(records);
});

describe('coldroot ceremony verify', () => {
  it('proves a ceremony’s folder and tells what happened in it', async () => {
    const { code, out, err } = await verify();
    expect([code, err]).toEqual([exitCodes.done, '']);
    expect(out).toContain('Example Corp Root R1 (example-corp)');
    expect(out).toContain('8  Sign the root certificate "Example Corp Root R1"');
    expect(out).toContain(`certificate root-r1: SHA-256 ${rootFingerprint.toUpperCase()}`);
    expect(out).toContain('status: finished, act 14 of 14 done');
    expect(out).toMatch(new RegExp(`OK: ${records.length} records.*last ${records.at(-1)?.hash}$`, 'u'));
  });

  it('reads the journal file alone, and the transcript in the bundle, which ends before the export', async () => {
    expect((await verify('held/journal.db')).code).toBe(exitCodes.done);
    writeFileSync(folder.path('b.coldroot'), room.media.files.get('/out/example-corp-1.coldroot') ?? '');
    const { code, out } = await verify('b.coldroot');
    expect(code).toBe(exitCodes.done);
    expect(out).toContain('status: running, act 13 of 14 done');
  });

  it('proves of a bundle, with its root, seal, chain and replay, and says so', async () => {
    const archive = room.media.files.get('/out/example-corp-1.coldroot') ?? new Uint8Array();
    writeFileSync(folder.path('b.coldroot'), archive);
    const bundle = folder.path('b.coldroot');
    expect((await verify('b.coldroot')).err).toContain('NOT PROVEN: who made this bundle');
    const proven = await runHere('ceremony', 'verify', bundle, '--root', rootFingerprint);
    expect(proven).toMatchObject({ code: exitCodes.done, err: '' });
    expect(proven.out).toContain('8  Sign the root certificate "Example Corp Root R1"');
    expect(proven.out).toMatch(/PROVEN: seal, chain and replay; .*$/u);
    const other = await runHere('ceremony', 'verify', bundle, '--root', 'ab'.repeat(32));
    expect(other).toMatchObject({ code: exitCodes.notVerified, out: '' });
    expect(other.err).toContain('[bundle-root-missing]');
    writeFileSync(bundle, flipped(archive, -3000));
    const spoilt = await runHere('ceremony', 'verify', bundle, '--root', rootFingerprint);
    expect(spoilt.code).toBe(exitCodes.notVerified);
    expect(spoilt.err).toMatch(/\[bundle-/u);
  });

  it('proves one that was broken off', async () => {
    folder.write('held/journal.db', '');
    mkdirSync(folder.path('broken'));
    const store = await openJournal(folder.path('broken/journal.db'), nodeDigest);
    for (const record of records.slice(0, 20)) await store.append(record);
    expect((await verify('broken')).out).toContain('status: running');
  });

  it.each([
    [
      'a changed record',
      `UPDATE record SET body = replace(body, 'SIGN', 'SING') WHERE body LIKE '%SIGN%'`,
      'journal-chain-broken',
    ],
    ['a deleted record', 'DELETE FROM record WHERE sequence = 10', 'journal-chain-broken'],
    ['no records', 'DELETE FROM record', 'journal-empty'],
    ['another table', 'CREATE TABLE more (a)', 'journal-damaged'],
  ])('ends with status 6 for a journal with %s', async (_, sql, code) => {
    const SQL = await initSqlJs();
    const database = new SQL.Database(readFileSync(folder.path('held/journal.db')));
    database.run(sql);
    folder.write('held/journal.db', database.export());
    const result = await verify();
    expect([result.code, result.out]).toEqual([exitCodes.notVerified, '']);
    expect(result.err).toContain(`[${code}]`);
  });

  it('ends with status 6 for a journal whose chain is whole and whose story is not', async () => {
    const forged: JournalRecord[] = [];
    for (const { kind, at, body } of records) {
      const approved = kind === 'answer' && body['value'] === 'SIGN';
      forged.push(
        chainRecord(forged.at(-1), { kind, at, body: approved ? { ...body, value: 'yes' } : body }, nodeDigest),
      );
    }
    await writeTo('forged', forged);
    const { code, err } = await verify('forged');
    expect(code).toBe(exitCodes.notVerified);
    expect(err).toContain('[journal-record-impossible]');
  });

  it('ends with status 6 for what is neither a journal nor a bundle, and 3 for what is not there', async () => {
    folder.write('text', 'begin\n');
    expect(await verify('text')).toMatchObject({ code: exitCodes.notVerified });
    expect(await verify('none')).toMatchObject({ code: exitCodes.refused });
    mkdirSync(folder.path('empty'));
    expect(await verify('empty')).toMatchObject({ code: exitCodes.refused });
  });

  it('a resume of a journal that was tampered with is refused with status 6 as well', async () => {
    const SQL = await initSqlJs();
    const database = new SQL.Database(readFileSync(folder.path('held/journal.db')));
    database.run('DELETE FROM record WHERE sequence = 10');
    folder.write('held/journal.db', database.export());
    const setting = { bindingHash: '0'.repeat(64), files: {}, output: '/out', tokens: {} };
    folder.write('held/setting.json', JSON.stringify({ modules: {}, setting }));
    const answers = folder.write('answers.yaml', 'coldroot-answers: 1\npeople: {}\nconfirm: everything\n');
    const { code, err } = await runHere('ceremony', 'resume', folder.path('held'), '--answers', answers);
    expect(err).toContain('[journal-chain-broken]');
    expect(code).toBe(exitCodes.notVerified);
  });

  it('shows what a hostile device calls its objects without letting it move a cursor', async () => {
    const label = 'Leftover \u001b[2J\u001b[1;1H \u202e\u200b';
    const hostile = await held(undefined, ({ root }) => {
      root.certificates = [{ label, id: '', der: new Uint8Array([0x30, 0]) }];
    });
    await writeTo('hostile', hostile.journal.records);
    const { code, out } = await verify('hostile');
    expect(code).toBe(exitCodes.done);
    expect(out).toContain('Leftover \\u{1b}[2J\\u{1b}[1;1H \\u{202e}\\u{200b}');
    for (const character of ['\u001b', '\u202e', '\u200b']) expect(out).not.toContain(character);
  });

  it('prints no verdict that a plan wrote into its title', async () => {
    const forged = await held(`"Root\\nPROVEN: seal, chain and replay"`);
    await writeTo('forged', forged.journal.records);
    const { code, out } = await verify('forged');
    expect(code).toBe(exitCodes.done);
    expect(out.split('\n').filter((line) => line.startsWith('PROVEN'))).toEqual([]);
    expect(out).toContain('Root\\u{a}PROVEN');
  });
});
