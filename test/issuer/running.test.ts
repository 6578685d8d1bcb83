// The running program: what it survives, how it stops, and what it keeps fresh.
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect } from 'node:tls';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCsr, type AcmeResponse, type AcmeTestClient } from '../support/acme.ts';
import { authorizationsOf, challengeOf, dnsProof, obtain, readyOrder, settled } from '../support/flows.ts';
import { TestIssuer } from '../support/issuer.ts';
import { problemOf } from '../support/problem-of.ts';
import { softHsmMissing } from '../support/softhsm.ts';
import { until } from '../support/until.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: the running issuer: ${missing}`);

describe.skipIf(missing !== undefined)('the running issuer', () => {
  let issuer: TestIssuer;
  let client: AcmeTestClient;
  let firstSerial = '';

  /** Serial number of the certificate that the server shows now. */
  const tlsSerial = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: issuer.ports.https, servername: 'localhost', ca: issuer.rootPem };
      const socket = connect(options, () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.end();
      });
      socket.on('error', reject);
    });

  beforeAll(async () => {
    const change = { tls: { lifetime: '1m' } };
    issuer = await (await TestIssuer.create({ change })).start();
    firstSerial = await tlsSerial();
    client = issuer.client();
    await client.register();
  });
  afterAll(() => issuer.remove());

  const get = (path: string): Promise<AcmeResponse> => client.transport.request('GET', `${issuer.baseUrl}${path}`);

  /** Starts it again after it has ended, with connections of our own made anew. */
  async function restart(): Promise<void> {
    await issuer.start();
    const next = issuer.client({ key: client.key });
    next.kid = client.kid;
    client = next;
  }

  it('answers /health, /ready and, on this machine alone, /metrics', async () => {
    expect((await get('/health')).body).toEqual({
      status: 'alive',
      version: '0.1.0',
      mode: 'production',
      hierarchy: 'example-corp',
      epoch: 1,
    });
    expect(await get('/ready')).toMatchObject({ status: 200, body: { status: 'ready', problems: [], warnings: [] } });
    expect((await get('/metrics')).status).toBe(404);
    const text = await (await fetch(`http://127.0.0.1:${issuer.ports.metrics}/metrics`)).text();
    expect(text).toMatch(/^coldroot_sql_statements_total \d+$/mu);
    expect(text).toMatch(/^process_cpu_seconds_total [\d.]+$/mu);
  });

  it('issues its own TLS certificate by the path of all others, recorded, with the chain', async () => {
    const rows = await issuer.database.query<{ names: string[]; order_id: null; status: string }>(
      'SELECT names, order_id, status FROM certificates WHERE encode(serial, $1) = $2',
      ['hex', firstSerial.toLowerCase()],
    );
    expect(rows).toEqual([{ names: ['localhost', '127.0.0.1'], order_id: null, status: 'issued' }]);
  });

  it('needs few statements and commits for a certificate', async () => {
    const counter = async (name: string): Promise<number> => {
      const text = await (await fetch(`http://127.0.0.1:${issuer.ports.metrics}/metrics`)).text();
      return Number(new RegExp(`^${name} (\\d+)$`, 'mu').exec(text)?.[1]);
    };
    await obtain(issuer, client, ['warm.example.internal']);
    const names = ['coldroot_sql_statements_total', 'coldroot_sql_durable_commits_total'] as const;
    let rounds = 0;
    // Jobs may add a few, and more of them where the machine is slow: eight and five are what the flow itself needs.
    await until('a certificate with few statements', async () => {
      const before = await Promise.all(names.map(counter));
      await obtain(issuer, client, [`counted${(rounds += 1)}.example.internal`]);
      const after = await Promise.all(names.map(counter));
      const [statements = 0, durable = 0] = after.map((value, index) => value - (before[index] ?? 0));
      expect(statements).toBeGreaterThanOrEqual(8);
      return statements <= 16 && durable <= 8;
    });
  });

  it('a certificate that cannot be stored stays on record, is given up, and its order can be finalized again', async () => {
    const names = ['unstored.example.internal'];
    const order = await readyOrder(issuer, client, names);
    const finalize = String(order.body['finalize']);
    await issuer.database.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'the disk is full'; END $$`);
    await issuer.database.query(`CREATE TRIGGER refuse BEFORE UPDATE ON certificates FOR EACH ROW
      WHEN (new.status = 'issued') EXECUTE FUNCTION refuse()`);
    const { csr } = await makeCsr(names);
    const failed = await client.post(finalize, { csr });
    expect(problemOf(failed)).toBe('serverInternal 500');
    expect(failed.text).not.toContain('disk');
    await issuer.database.query('DROP TRIGGER refuse ON certificates');
    const row =
      "SELECT status, der FROM certificates WHERE 'unstored.example.internal' = ANY (names) ORDER BY intended_at";
    expect(await issuer.database.query(row)).toEqual([{ status: 'intended', der: null }]);
    // The time in which it could still be stored is over, let us say.
    await issuer.database.query(
      "UPDATE certificates SET intended_at = now() - interval '1 minute' WHERE 'unstored.example.internal' = ANY (names)",
    );
    await settled(client, String(order.headers.location), ['processing']);
    expect((await client.post(finalize, { csr })).body['status']).toBe('valid');
    expect((await issuer.database.query<{ status: string }>(row)).map(({ status }) => status)).toEqual([
      'abandoned',
      'issued',
    ]);
  });

  it('a token process that dies costs one answer, and the token is opened again by itself', async () => {
    const { pid } = issuer.process;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
    expect(children).toHaveLength(1);
    process.kill(children[0] ?? 0, 'SIGKILL');
    const names = ['token.example.internal'];
    const order = await readyOrder(issuer, client, names);
    const { csr } = await makeCsr(names);
    const first = await client.post(String(order.body['finalize']), { csr });
    const last = first.status === 200 ? first : await client.post(String(order.body['finalize']), { csr });
    expect(last.body['status']).toBe('valid');
  });

  it('offers every chain of the issuing CA, one by default and the others as alternates', async () => {
    const { finalized } = await obtain(issuer, client, ['chains.example.internal']);
    const url = String(finalized.body['certificate']);
    // A second chain, as a bundle with a cross-certificate brings it: here simply the same one again.
    await issuer.database.query('UPDATE issuers SET chains = chains || chains');
    expect(await issuer.process.stop()).toMatchObject({ code: 0 });
    await restart();
    const index = `<${client.directoryUrl}>;rel="index"`;
    const first = await client.post(url);
    expect(first.headers['link']).toBe(`${index}, <${url}/1>;rel="alternate"`);
    const second = await client.post(`${url}/1`);
    expect(second.headers['link']).toBe(`${index}, <${url}>;rel="alternate"`);
    expect(second.text).toBe(first.text);
    expect(problemOf(await client.post(`${url}/2`))).toBe('malformed 404');
  });

  it('makes a new CRL when half the life of the old one is over', async () => {
    const number = async (): Promise<number> =>
      Number((await issuer.database.query<{ n: string }>('SELECT max(number) AS n FROM crls'))[0]?.n);
    // It looks every few seconds, and has had no reason until now.
    expect(await issuer.database.query('SELECT 1 FROM crls')).toHaveLength(1);
    const before = await number();
    await issuer.database.query("UPDATE crls SET this_update = now() - interval '4 days'");
    await until('a new one is there', async () => (await number()) > before);
  });

  it('a validation that a killed process had begun is done by the next one', async () => {
    issuer.dns.set('_acme-challenge.killed.example.internal', { fault: 'silent' });
    const order = await client.newOrder(['killed.example.internal']);
    const [url = ''] = authorizationsOf(order);
    const challenge = challengeOf(await client.post(url), 'dns-01');
    await client.post(challenge.url, {});
    issuer.process.signal('SIGKILL');
    await issuer.process.exited;
    const proof = dnsProof(client, challenge.token);
    issuer.dns.set('_acme-challenge.killed.example.internal', { TXT: [[proof]] });
    // Its lease has run out, let us say.
    await issuer.database.query("UPDATE challenges SET leased_until = now() WHERE status = 'processing'");
    await restart();
    expect((await settled(client, url)).body['status']).toBe('valid');
  });

  it('told to stop, gives back what it is validating, and the next one begins with that at once', async () => {
    issuer.dns.set('_acme-challenge.stopped.example.internal', { fault: 'silent' });
    const order = await client.newOrder(['stopped.example.internal']);
    const [url = ''] = authorizationsOf(order);
    const challenge = challengeOf(await client.post(url), 'dns-01');
    await client.post(challenge.url, {});
    expect(await issuer.process.stop()).toMatchObject({ code: 0 });
    const rows = await issuer.database.query(
      "SELECT 1 FROM challenges WHERE status = 'processing' AND leased_until < now()",
    );
    expect(rows).toHaveLength(1);
    const proof = dnsProof(client, challenge.token);
    issuer.dns.set('_acme-challenge.stopped.example.internal', { TXT: [[proof]] });
    await restart();
    expect((await settled(client, url)).body['status']).toBe('valid');
  });

  it('told to stop, finishes the requests in flight and takes no new ones', async () => {
    const locker = new Client({ connectionString: issuer.database.url });
    await locker.connect();
    await locker.query('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE');
    const inFlight = client.newOrder(['flying.example.internal']);
    // That request, and not a job of the issuer's own.
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
      AND query LIKE '%willing AS (%'`;
    await until('the request waits', async () => (await issuer.database.query(waiting)).length > 0);
    issuer.process.signal('SIGTERM');
    await issuer.process.waitForLine('stopping');
    await expect(get('/health')).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket hang up/u);
    await locker.query('COMMIT');
    await locker.end();
    expect((await inFlight).status).toBe(201);
    expect(await issuer.process.exited).toMatchObject({ code: 0 });
    await restart();
  });

  it('told to stop, does not wait for connections on which nobody asks anything', async () => {
    const { https, publish, metrics } = issuer.ports;
    const idle = [https, publish, metrics].map((port) => connectTcp(port, '127.0.0.1'));
    const secure = connect({ port: https, host: '127.0.0.1', ca: issuer.rootPem, servername: 'localhost' });
    await Promise.all([...idle.map((socket) => once(socket, 'connect')), once(secure, 'secureConnect')]);
    for (const socket of [...idle, secure]) socket.on('error', () => undefined);
    // Not in time, it would be cut off and end with another status.
    expect(await issuer.process.stop()).toMatchObject({ code: 0 });
    expect(issuer.process.lines.at(-1)).toMatchObject({ msg: 'stopped', inTime: true });
    for (const socket of [...idle, secure]) socket.destroy();
    await restart();
  });

  it('renews its own TLS certificate without a restart, before two thirds of its life are over by much', async () => {
    const before = await tlsSerial();
    await until('another is shown', async () => (await tlsSerial()) !== before);
    expect((await client.post(client.kid ?? '')).status).toBe(200);
  });
});
