// Two processes on one database, each asked for the same thing at the same time, over HTTP: who wins, and that one does.
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../core/ports/base64.ts';
import { readPem } from '../../core/x509/pem.ts';
import {
  AcmeTestClient,
  httpsTransport,
  makeCsr,
  makeJws,
  type AcmeResponse,
  type Transport,
} from '../support/acme.ts';
import { authorizationsOf, challengeOf, obtain, readyOrder, settled } from '../support/flows.ts';
import { freePort } from '../support/free-port.ts';
import { IssuerProcess, TestIssuer } from '../support/issuer.ts';
import { createDatabase } from '../support/postgres.ts';
import { problemOf } from '../support/problem-of.ts';
import { softHsmMissing } from '../support/softhsm.ts';
import { until } from '../support/until.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: two replicas: ${missing}`);

const rounds = Array.from({ length: 8 }, (_, round) => round);

describe.skipIf(missing !== undefined)('two replicas', () => {
  let issuer: TestIssuer;
  let second: IssuerProcess;
  let transports: [Transport, Transport];
  let client: AcmeTestClient;

  beforeAll(async () => {
    issuer = await (await TestIssuer.create()).start();
    const port = await freePort();
    const other = path.join(issuer.directory, 'replica.yaml');
    issuer.configure({ listen: { port }, publish: undefined, metrics: undefined });
    copyFileSync(issuer.configFile, other);
    issuer.configure();
    second = new IssuerProcess(['serve', '--config', other]);
    await second.waitForLine('ready');
    transports = [transportTo(issuer.ports.https), transportTo(port)];
    client = new AcmeTestClient(transports[0], issuer.directoryUrl());
    await client.register();
  });
  afterAll(async () => {
    for (const transport of transports) transport.close();
    const { code, stderr } = await second.stop();
    await issuer.remove();
    if (code !== 0) throw new Error(`the second ended with ${code}: ${stderr}`);
  });

  /** To one replica, whatever the port in the URL: as behind a balancer, where all have the same name. */
  function transportTo(port: number): Transport {
    const transport = httpsTransport(issuer.rootPem);
    const at = (url: string): string => url.replace(issuer.baseUrl, `https://localhost:${port}`);
    return { ...transport, request: (method, url, ...rest) => transport.request(method, at(url), ...rest) };
  }

  /** The same account, at each replica. */
  function both(): [AcmeTestClient, AcmeTestClient] {
    const at = (transport: Transport): AcmeTestClient => {
      const twin = new AcmeTestClient(transport, issuer.directoryUrl(), client.key);
      twin.kid = client.kid;
      return twin;
    };
    return [at(transports[0]), at(transports[1])];
  }

  async function atOnce(ask: (twin: AcmeTestClient, index: number) => Promise<AcmeResponse>): Promise<AcmeResponse[]> {
    const twins = both();
    // Connections and nonces are fetched before, so that the requests really meet.
    for (const twin of twins) await twin.post(client.kid ?? '');
    return Promise.all(twins.map(ask));
  }

  const logged = (msg: string, challenge: string): number =>
    [...issuer.process.lines, ...second.lines].filter((line) => line['msg'] === msg && line['challenge'] === challenge)
      .length;

  it.each(rounds)('do one of two requests with one nonce (%i)', async (round) => {
    const nonce = await client.nonce();
    const { newOrder = '' } = await client.directory();
    const identifiers = [{ type: 'dns', value: `nonce${round}.example.internal` }];
    const header = { alg: client.key.alg, nonce, url: newOrder, kid: client.kid };
    const body = JSON.stringify(makeJws(client.key, header, { identifiers }));
    const answers = await Promise.all(
      transports.map((transport) => transport.request('POST', newOrder, body, 'application/jose+json')),
    );
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.map(problemOf)).toEqual(['badNonce 400']);
    const rows = await issuer.database.query('SELECT 1 FROM orders WHERE identifiers @> $1', [
      JSON.stringify(identifiers),
    ]);
    expect(rows).toHaveLength(1);
  });

  it.each(rounds)('make one certificate of an order that both finalize (%i)', async (round) => {
    const names = [`twice${round}.example.internal`];
    const order = await readyOrder(issuer, client, names);
    const { csr } = await makeCsr(names);
    const answers = await atOnce((twin) => twin.post(String(order.body['finalize']), { csr }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const { body } = await settled(client, String(order.headers.location), ['ready', 'processing']);
    expect(body['status']).toBe('valid');
    for (const answer of answers.filter((each) => each.body['status'] === 'valid')) {
      expect(answer.body['certificate']).toBe(body['certificate']);
    }
    const signed = 'SELECT status FROM certificates WHERE $1 = ANY (names)';
    expect(await issuer.database.query(signed, names)).toEqual([{ status: 'issued' }]);
  });

  it.each(rounds.slice(0, 4))('certify one of two keys that both finalize an order with (%i)', async (round) => {
    const names = [`keys${round}.example.internal`];
    const order = await readyOrder(issuer, client, names);
    const csrs = [(await makeCsr(names)).csr, (await makeCsr(names)).csr];
    const answers = await atOnce((twin, index) => twin.post(String(order.body['finalize']), { csr: csrs[index] }));
    const won = answers.filter(({ status }) => status === 200);
    const lost = answers.filter(({ status }) => status !== 200);
    expect(won).toHaveLength(1);
    expect(lost.map(problemOf)).toEqual(['orderNotReady 403']);
    const signed = 'SELECT status FROM certificates WHERE $1 = ANY (names)';
    expect(await issuer.database.query(signed, names)).toEqual([{ status: 'issued' }]);
  });

  it.each(rounds.slice(0, 4))('validate a challenge once that both are told of (%i)', async (round) => {
    const name = `once${round}.example.internal`;
    const order = await client.newOrder([name]);
    const [url = ''] = authorizationsOf(order);
    const { token, url: challenge } = challengeOf(await client.post(url), 'http-01');
    issuer.dns.set(name, { A: ['127.0.0.1'] });
    const answers = await issuer.serveChallenges();
    answers.set(`/.well-known/acme-challenge/${token}`, client.keyAuthorization(token));
    const told = await atOnce((twin) => twin.post(challenge, {}));
    expect(told.map(({ status }) => status)).toEqual([200, 200]);
    expect((await settled(client, url)).body['status']).toBe('valid');
    expect((await client.post(String(order.headers.location))).body['status']).toBe('ready');
    await until('it is logged', () => logged('validated', challenge.split('/').at(-1) ?? '') > 0);
    expect(logged('validated', challenge.split('/').at(-1) ?? '')).toBe(1);
  });

  it('show a challenge as processing that the other has begun in this very moment', async () => {
    const order = await client.newOrder(['moment.example.internal']);
    const [url = ''] = authorizationsOf(order);
    const { url: challenge } = challengeOf(await client.post(url), 'http-01');
    const other = new Client({ connectionString: issuer.database.url });
    await other.connect();
    try {
      await other.query('BEGIN');
      const begin = `UPDATE challenges SET status = 'processing', leased_until = now() + interval '1 hour' WHERE id = $1`;
      await other.query(begin, [challenge.split('/').at(-1)]);
      const answer = client.post(challenge, {});
      const waits = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      await until('the request waits', async () => (await other.query(waits)).rowCount !== 0);
      await other.query('COMMIT');
      expect(await answer).toMatchObject({ status: 200, body: { status: 'processing' } });
    } finally {
      await other.end();
    }
  });

  it.each(rounds.slice(0, 4))(
    'end an authorization one way when one challenge succeeds and another fails (%i)',
    async (round) => {
      const name = `either${round}.example.internal`;
      const order = await client.newOrder([name]);
      const [url = ''] = authorizationsOf(order);
      const authorization = await client.post(url);
      const good = challengeOf(authorization, 'http-01');
      const bad = challengeOf(authorization, 'dns-01');
      issuer.dns.set(name, { A: ['127.0.0.1'] });
      const answers = await issuer.serveChallenges();
      answers.set(`/.well-known/acme-challenge/${good.token}`, client.keyAuthorization(good.token));
      await atOnce((twin, index) => twin.post(index === 0 ? good.url : bad.url, {}));
      const { body } = await settled(client, url);
      const read = await client.post(String(order.headers.location));
      const together = [body['status'], read.body['status']].join(' ');
      expect(['valid ready', 'invalid invalid']).toContain(together);
    },
  );

  it('revoke a certificate once that both are asked to', async () => {
    const { chain } = await obtain(issuer, client, ['revoked.example.internal']);
    const certificate = toBase64Url(readPem(chain)[0]?.bytes ?? new Uint8Array());
    const answers = await atOnce((twin) => twin.postTo('revokeCert', { certificate }));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.map(problemOf)).toEqual(['alreadyRevoked 400']);
  });

  it('make one account of a key that registers at both', async () => {
    const twins = transports.map((transport) => new AcmeTestClient(transport, issuer.directoryUrl()));
    const key = twins[0]?.key ?? client.key;
    for (const twin of twins) twin.key = key;
    const answers = await Promise.all(twins.map((twin) => twin.register()));
    expect(answers.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([200, 201]);
    expect(new Set(answers.map(({ headers }) => headers.location)).size).toBe(1);
  });

  it('know at once what the other was told: a key change, and the end of an account', async () => {
    const [here, there] = both();
    for (const twin of [here, there]) expect((await twin.post(client.kid ?? '')).status).toBe(200);
    expect((await here.post(client.kid ?? '', { status: 'deactivated' })).status).toBe(200);
    expect(problemOf(await there.post(client.kid ?? ''))).toBe('unauthorized 401');
  });
});

describe.skipIf(missing !== undefined)('two processes that migrate an empty database', () => {
  it('apply each migration once, and both end well', async () => {
    const issuer = await TestIssuer.create({ keys: 'file', database: await createDatabase({ empty: true }) });
    const runs = await Promise.all([1, 2].map(() => issuer.run('migrate', '--config', issuer.configFile)));
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    const applied = runs.flatMap(({ stdout }) => stdout.match(/^applied \S+$/gmu) ?? []);
    const recorded = await issuer.database.query<{ name: string }>('SELECT name FROM migrations ORDER BY name');
    expect(applied.toSorted()).toEqual(recorded.map(({ name }) => `applied ${name}`));
    expect(runs.filter(({ stdout }) => stdout === 'The database is up to date.\n')).toHaveLength(1);
    await issuer.remove();
  });
});
