// Who waits for whom: validations of several accounts in one queue, with validators that end when they are told to.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/node/clock.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import type { ChallengeJob } from '../../../issuer/store/challenge.ts';
import { Database } from '../../../issuer/store/database.ts';
import { makeLog } from '../../../issuer/ops/log.ts';
import type { Validator } from '../../../issuer/validate/validator.ts';
import { FairQueue } from '../../../issuer/validate/fair-queue.ts';
import { ValidationQueue, type QueueOptions } from '../../../issuer/validate/queue.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { validationJob } from '../../support/validation-job.ts';

let made = 0;
/** A job of an account; nothing in the database knows of it, and what it comes to changes nothing there. */
function jobOf(account: string): ChallengeJob {
  made += 1;
  return validationJob({ id: `challenge-${made}`, authorization_id: `authorization-${made}`, account_id: account });
}
const accountsOf = (jobs: readonly (ChallengeJob | undefined)[]): (string | undefined)[] =>
  jobs.map((job) => job?.account_id);

describe('jobs that wait', () => {
  it('are taken by turns, whoever has put in how many before', () => {
    const queue = new FairQueue(8, 100);
    for (let job = 0; job < 20; job += 1) queue.add(jobOf('many'));
    for (const account of ['late', 'later']) queue.add(jobOf(account));
    expect(accountsOf([queue.next(), queue.next(), queue.next(), queue.next()])).toEqual([
      'many',
      'late',
      'later',
      'many',
    ]);
  });

  it('of one account leave an eighth of the places to others', () => {
    const queue = new FairQueue(16, 100);
    for (let job = 0; job < 20; job += 1) queue.add(jobOf('many'));
    const taken = Array.from({ length: 16 }, () => queue.next());
    expect(accountsOf(taken).filter((account) => account === 'many')).toHaveLength(14);
    expect(taken.at(-1)).toBeUndefined();
    queue.add(jobOf('late'));
    expect(queue.next()?.account_id).toBe('late');
    expect(queue.next()).toBeUndefined();
    queue.ended(taken[0] ?? jobOf('nobody'));
    expect(queue.next()?.account_id).toBe('many');
  });

  it('of one account take all places where there are few', () => {
    const queue = new FairQueue(1, 100);
    queue.add(jobOf('alone'));
    expect(queue.next()?.account_id).toBe('alone');
  });

  it('make room for another account, the last of who has the most first', () => {
    const queue = new FairQueue(8, 3);
    const many = [jobOf('many'), jobOf('many'), jobOf('many')];
    for (const job of many) expect(queue.add(job)).toBeUndefined();
    expect(queue.add(jobOf('late'))).toBe(many[2]);
    const toMany = jobOf('many');
    expect(queue.add(toMany)).toBe(toMany);
    expect(queue.length).toBe(3);
    expect(accountsOf(queue.clear())).toEqual(['many', 'many', 'late']);
  });
});

describe('validations', () => {
  let data: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    data = await createDatabase();
    database = new Database({ url: data.url, connections: 2, onError: () => undefined });
  });
  afterAll(async () => {
    await database.close();
    await data.drop();
  });

  /** A queue of these validators; its log goes nowhere. */
  const queueOf = (validator: Validator, change: Partial<QueueOptions> = {}): ValidationQueue =>
    new ValidationQueue({
      database,
      clock: systemClock,
      validators: () => ({ 'http-01': validator }),
      concurrency: 8,
      accountUrl: (_, id) => id,
      attempts: 1,
      attemptsApart: 1,
      timeout: 600_000,
      lease: 610,
      log: makeLog('fatal', systemClock),
      ...change,
    });

  it('that end by a fault of ours are over for all that, say nothing of it, and count against nobody', async () => {
    const now = formatUtc(systemClock.now());
    await data.query(`INSERT INTO accounts VALUES ('a', 'main', 'valid', '{}', $1, '{}', $2)`, [Buffer.alloc(32), now]);
    await data.query(
      `INSERT INTO authorizations VALUES ('y', 'a', 'pending', 'dns', 'h.internal', false, $1, 'infinity')`,
      [now],
    );
    await data.query(
      `INSERT INTO challenges (id, authorization_id, type, status, token) VALUES ('x', 'y', 'http-01', 'processing', 't')`,
    );
    let counted = 0;
    const queue = queueOf(() => Promise.reject(new TypeError('secret of ours')), {
      onFailed: () => Promise.resolve(void (counted += 1)),
    });
    queue.enqueue(validationJob({ id: 'x', authorization_id: 'y', account_id: 'a' }));
    await queue.ended('x', 30_000);
    const [row] = await data.query<{ status: string; error: { type: string; detail: string } }>(
      `SELECT status, error FROM challenges WHERE id = 'x'`,
    );
    expect(row?.status).toBe('invalid');
    expect(row?.error.type).toBe('urn:ietf:params:acme:error:serverInternal');
    expect(row?.error.detail).not.toContain('secret');
    expect(counted).toBe(0);
    await queue.stop();
  });

  it('that never settle give their place back when their time is up, and hold up no end of the program', async () => {
    const never = Promise.withResolvers<undefined>().promise;
    const queue = queueOf(({ account_id: account }) => (account === 'stuck' ? never : Promise.resolve()), {
      concurrency: 1,
      timeout: 50,
    });
    queue.enqueue(validationJob({ id: 'stuck', authorization_id: 'stuck', account_id: 'stuck' }));
    queue.enqueue(validationJob({ id: 'next', authorization_id: 'next', account_id: 'next' }));
    await queue.ended('next', 30_000);
    expect(queue.length).toBe(0);
    queue.enqueue(validationJob({ id: 'stuck', authorization_id: 'stuck', account_id: 'stuck' }));
    await queue.stop();
    expect(queue.length).toBe(0);
  });

  it('of an account whose servers never answer hold up nobody else', async () => {
    const begun: string[] = [];
    const late = Promise.withResolvers<void>();
    const queue = queueOf(async ({ account_id: account }, _, signal) => {
      begun.push(account);
      if (account === 'late') return late.resolve();
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
    });
    for (let job = 0; job < 50; job += 1) queue.enqueue(jobOf('many'));
    expect(begun).toHaveLength(7);
    queue.enqueue(jobOf('late'));
    await late.promise;
    expect(queue.length).toBeGreaterThanOrEqual(50);
    await queue.stop();
    expect(queue.length).toBe(0);
  });
});
