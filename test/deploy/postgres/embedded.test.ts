import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { discardPostgres, startPostgres, type RunningPostgres } from '../../../deploy/postgres/embedded.ts';
import { freePort } from '../../support/free-port.ts';
import { until } from '../../support/until.ts';

describe('the PostgreSQL that comes with the project', () => {
  let folder = '';
  const started: RunningPostgres[] = [];
  const extra: string[] = [];

  beforeEach(() => {
    folder = mkdtempSync('/var/tmp/coldroot-embedded-');
    chmodSync(folder, 0o711);
  });
  afterEach(async () => {
    for (const server of started.splice(0)) await server.stop();
    for (const each of [folder, ...extra.splice(0)]) rmSync(each, { recursive: true, force: true });
  });

  async function start(directory = path.join(folder, 'pg'), port?: number): Promise<RunningPostgres> {
    const server = await startPostgres({
      directory,
      settings: { fsync: 'off' },
      ...(port === undefined ? {} : { port }),
    });
    started.push(server);
    return server;
  }

  async function query(url: string, text: string): Promise<unknown[]> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  }

  it('listens on 127.0.0.1 alone, asks for its password, and is not root', async () => {
    const { url, pid } = await start();
    const [row] = await query(
      url,
      "SELECT current_setting('listen_addresses') AS at, current_setting('server_version') AS v",
    );
    expect(row).toMatchObject({ at: '127.0.0.1', v: expect.stringMatching(/^18/u) });
    const wrong = new URL(url);
    wrong.password = 'guess';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/u);
    expect(statSync(`/proc/${pid}`).uid).not.toBe(0);
  });

  it('keeps its password to itself: in a file that nobody else reads, and on no command line', async () => {
    const { url, pid } = await start();
    const { password } = new URL(url);
    const file = path.join(folder, 'pg/password');
    expect(readFileSync(file, 'utf8').trim()).toBe(password);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(password.length).toBeGreaterThanOrEqual(32);
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(password);
  });

  it('takes the port it is given', async () => {
    const port = await freePort();
    expect(new URL((await start(undefined, port)).url).port).toBe(String(port));
  });

  it('that runs already is found and used', async () => {
    const first = await start();
    const second = await start();
    expect(second).toMatchObject({ url: first.url, pid: first.pid });
  });

  it('that was stopped starts again with its data', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(existsSync(`/proc/${first.pid}/exe`)).toBe(false);
    const second = await start();
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('that was killed leaves a lock file that is no hindrance', async () => {
    const first = await start();
    process.kill(first.pid, 'SIGKILL');
    await until('it has ended', () => !existsSync(`/proc/${first.pid}/exe`));
    expect(existsSync(path.join(folder, 'pg/data/postmaster.pid'))).toBe(true);
    const second = await start();
    expect(second.pid).not.toBe(first.pid);
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('is not confused by a lock file that names a process of somebody else’s', async () => {
    const first = await start();
    await first.stop();
    writeFileSync(path.join(folder, 'pg/data/postmaster.pid'), `${process.pid}\n/elsewhere\n1\n1\n\n\n\nready\n`);
    const second = await start();
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('never takes a half-made data directory for a whole one', async () => {
    mkdirSync(path.join(folder, 'pg/data.new'), { recursive: true });
    writeFileSync(path.join(folder, 'pg/data.new/PG_VERSION'), '18\n');
    const { url } = await start();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(readdirSync(path.join(folder, 'pg')).toSorted()).toEqual(['data', 'password', 'postgres.log']);
  });

  it('of root moves to where its user can go, when the folder it was given is closed to others', async () => {
    const closed = path.join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const { url, directory } = await start(path.join(closed, 'pg'));
    extra.push(directory);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const moved = /^\/var\/tmp\/coldroot-postgres-[0-9a-f]{16}$/u.test(directory);
    expect(moved).toBe(process.getuid?.() === 0);
    expect((await start(path.join(closed, 'pg'))).url).toBe(url);
  });

  it('that is discarded is stopped and leaves nothing, wherever it had moved to', async () => {
    const closed = path.join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const asked = path.join(closed, 'pg');
    const { pid, directory } = await start(asked);
    await discardPostgres(asked);
    expect([existsSync(`/proc/${pid}/exe`), existsSync(directory)]).toEqual([false, false]);
    const { url } = await start(asked);
    extra.push(started.at(-1)?.directory ?? '');
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('says where its log is when it cannot start', async () => {
    const first = await start();
    const { port } = new URL(first.url);
    await expect(startPostgres({ directory: path.join(folder, 'other'), port: Number(port) })).rejects.toMatchObject({
      code: 'postgres-start',
      remedy: expect.stringContaining('postgres.log'),
    });
  });
});
