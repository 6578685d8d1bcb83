// Three replicas under load while everything beneath them is taken away: processes by kill -9, the token, PostgreSQL.
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../../deploy/postgres/embedded.ts';
import { readCertificate } from '../../../core/x509/certificate.ts';
import { readPem } from '../../../core/x509/pem.ts';
import type { AcmeTestClient } from '../../support/acme.ts';
import { freePort } from '../../support/free-port.ts';
import { IssuerProcess, TestIssuer } from '../../support/issuer.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { softHsmMissing } from '../../support/softhsm.ts';
import { until } from '../../support/until.ts';
import { Balancer } from './balancer.ts';
import { certificateFor, type Retries } from './retrying.ts';
import { watchedProgram, type WatchedProgram } from './watched-program.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: the issuer in chaos: ${missing}`);

const replicaCount = 3;
const clientCount = 4;
const loadMilliseconds = 20_000;
const killEvery = 4000;
const leastKills = 3;
const patience = 100_000;

describe.skipIf(missing !== undefined)('three replicas', () => {
  let directory = '';
  let postgres: RunningPostgres;
  let port = 0;
  let issuer: TestIssuer;
  let balancer: Balancer;
  let watched: WatchedProgram;
  const replicas: IssuerProcess[] = [];
  const clients: AcmeTestClient[] = [];
  const files: string[] = [];
  const settings = { fsync: 'off', shared_buffers: '32MB' };
  const startDatabase = (): Promise<RunningPostgres> =>
    startPostgres({ directory: path.join(directory, 'postgres'), port, settings });

  async function query<Row>(text: string): Promise<Row[]> {
    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    try {
      return (await client.query(text)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  const start = (index: number): void => {
    replicas[index] = new IssuerProcess(['serve', '--config', files[index] ?? ''], watched.program);
  };

  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'coldroot-chaos-'));
    // The user that PostgreSQL runs as has to walk through it.
    chmodSync(directory, 0o711);
    watched = watchedProgram(directory);
    port = await freePort();
    postgres = await startDatabase();
    const database = { url: postgres.url, query, drop: () => Promise.resolve() };
    const change = {
      publish: undefined,
      metrics: undefined,
      database: { connections: 4 },
      validation: { timeout: '1s' },
      limits: { signingDeadline: '3s' },
    };
    issuer = await TestIssuer.create({ database, change });
    const ports: number[] = [];
    for (let index = 0; index < replicaCount; index += 1) {
      ports.push(await freePort());
      issuer.configure({ listen: { port: ports[index] } });
      files.push(path.join(issuer.directory, `replica-${index}.yaml`));
      copyFileSync(issuer.configFile, files[index] ?? '');
    }
    await issuer.run('migrate', '--config', issuer.configFile);
    balancer = new Balancer(ports);
    await balancer.listen(issuer.ports.https);
    for (let index = 0; index < replicaCount; index += 1) start(index);
    await Promise.all(replicas.map((replica) => replica.waitForLine('ready')));
    issuer.dns.fallback = { A: ['127.0.0.1'] };
    for (let index = 0; index < clientCount; index += 1) {
      const client = issuer.client({ sockets: 1 });
      await client.register();
      clients.push(client);
    }
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await balancer.close();
    await issuer.remove();
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Ends the PKCS#11 process of every replica: as if the token had been pulled out of all of them. */
  function dropToken(): number {
    let dropped = 0;
    for (const { pid } of replicas) {
      try {
        const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
        for (const child of children) process.kill(Number(child), 'SIGKILL');
        dropped += children.length;
      } catch {
        // This one has just been killed itself.
      }
    }
    return dropped;
  }

  it(
    'lose no order, sign nothing twice and nothing unrecorded, and need nobody to come back',
    { timeout: 300_000 },
    async () => {
      const begin = performance.now();
      const end = begin + loadMilliseconds;
      const answers = await issuer.serveChallenges();
      const retries: Retries = { lost: 0, away: 0, badNonces: 0 };
      const issued: string[] = [];
      const failures: unknown[] = [];
      let [kills, tokens] = [0, 0];
      const load = clients.map(async (client, number) => {
        // At least two each, however slow the machine is.
        for (let count = 0; count < 2 || performance.now() < end; count += 1) {
          const name = `c${number}-${count}.example.internal`;
          await certificateFor(client, name, answers, retries, end + patience).then(
            (pem) => issued.push(pem),
            (error: unknown) => failures.push(error),
          );
        }
      });
      const killing = (async () => {
        while (kills < leastKills || performance.now() < end - killEvery) {
          await pause(killEvery);
          const index = kills % replicaCount;
          replicas[index]?.signal('SIGKILL');
          await replicas[index]?.exited;
          kills += 1;
          start(index);
        }
      })();
      const breaking = (async () => {
        await pause(loadMilliseconds / 4);
        tokens = dropToken();
        await pause(loadMilliseconds / 4);
        await postgres.stop();
        postgres = await startDatabase();
      })();
      await Promise.all([...load, killing, breaking]);
      const seconds = (performance.now() - begin) / 1000;

      const unsettled = `SELECT 'order' AS what FROM orders WHERE status = 'processing'
      UNION ALL SELECT 'challenge' FROM challenges WHERE status = 'processing'
      UNION ALL SELECT 'certificate' FROM certificates WHERE status = 'intended'`;
      await until('everything settles', async () => (await query(unsettled)).length === 0);
      const doubles = await query(`SELECT order_id FROM certificates WHERE status = 'issued' AND order_id IS NOT NULL
      GROUP BY order_id HAVING count(*) > 1`);
      const rows = await query<{ der: Buffer; tbs: string; serial: string }>(
        `SELECT der, encode(tbs_sha256, 'hex') AS tbs, encode(serial, 'hex') AS serial FROM certificates WHERE status = 'issued'`,
      );
      const [abandoned] = await query<{ count: string }>(
        `SELECT count(*) AS count FROM certificates WHERE status = 'abandoned'`,
      );
      const recorded = new Map(rows.map(({ der, tbs }) => [sha256(der), tbs]));
      const unrecorded = issued.filter((pem) => {
        const raw = readPem(pem)[0]?.bytes ?? new Uint8Array();
        return recorded.get(sha256(raw)) !== sha256(readCertificate(raw).tbs.raw);
      });
      const intents = await query<{ tbs: string }>(`SELECT encode(tbs_sha256, 'hex') AS tbs FROM certificates`);
      const intended = new Set(intents.map(({ tbs }) => tbs));
      const asked = watched.certificatesAsked();
      const unintended = asked.filter((tbs) => !intended.has(tbs));
      console.log(
        `chaos: ${issued.length} certificates in ${seconds.toFixed(1)} s, ${kills} kills, ${tokens} token processes killed, ` +
          `1 restart of PostgreSQL; ${retries.lost} requests without an answer, ${retries.away} answers of 5xx, ` +
          `${retries.badNonces} bad nonces; ${abandoned?.count} certificates given up; ` +
          `tokens were asked to sign ${asked.length} certificates, ${intended.size} are on record`,
      );
      expect({ failures, doubles, unrecorded, unintended }).toEqual({
        failures: [],
        doubles: [],
        unrecorded: [],
        unintended: [],
      });
      expect(issued.length).toBeGreaterThan(clientCount);
      expect(asked.length).toBeGreaterThanOrEqual(issued.length);
      expect({ kills: kills >= leastKills, tokens: tokens >= 1 }).toEqual({ kills: true, tokens: true });
    },
  );
});
