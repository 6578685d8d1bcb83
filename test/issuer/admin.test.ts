// What operators do, by the commands they do it with, against the running program.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../core/ports/base64.ts';
import { readPem } from '../../core/x509/pem.ts';
import { canonicalJson } from '../../core/journal/canonical.ts';
import { fetchCrl } from '../interop/crl.ts';
import { freePort } from '../support/free-port.ts';
import type { AcmeTestClient } from '../support/acme.ts';
import { obtain } from '../support/flows.ts';
import { operatorsToken, TestIssuer } from '../support/issuer.ts';
import { problemOf } from '../support/problem-of.ts';
import { softHsmMissing } from '../support/softhsm.ts';
import { until } from '../support/until.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: administration: ${missing}`);

interface Found {
  readonly serial: string;
  readonly names: readonly string[];
  readonly spki: string;
  readonly issued_at: number;
  readonly revocation_reason: string | null;
}

describe.skipIf(missing !== undefined)('administration', () => {
  let issuer: TestIssuer;
  let client: AcmeTestClient;
  let port = 0;
  const names = ['one.example.internal', 'two.example.internal', 'three.example.internal'];

  beforeAll(async () => {
    port = await freePort();
    const admin = { host: '127.0.0.1', port, tokenFile: 'admin-token' };
    issuer = await TestIssuer.create({ keys: 'file', change: { admin } });
    writeFileSync(path.join(issuer.directory, 'admin-token'), operatorsToken, { mode: 0o600 });
    await issuer.start();
    client = issuer.client();
    await client.register();
    for (const name of names) await obtain(issuer, client, [name]);
  });
  afterAll(() => issuer.remove());

  const account = (): string => client.kid?.split('/').at(-1) ?? '';

  /** Runs a command and reads its JSON. */
  async function ask<T>(...argv: string[]): Promise<T> {
    const [command = '', ...rest] = argv;
    const { code, stdout, stderr } = await issuer.run(command, '--config', issuer.configFile, '--json', ...rest);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as T;
  }

  /** Asks the API itself. */
  async function post(act: string, input: object, token = operatorsToken): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`http://127.0.0.1:${port}/admin/${act}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(input),
    });
    return { status: response.status, body: await response.json() };
  }

  async function search(filter: object): Promise<readonly Found[]> {
    return ((await post('certificates', filter)).body as { result: Found[] }).result;
  }

  it('lets nobody in without the secret', async () => {
    expect(await post('accounts', {}, 'wrong')).toMatchObject({ status: 401, body: { code: 'admin-unauthorized' } });
    const refused = await issuer.process.waitForLine('administration refused: not let in');
    expect(refused).toMatchObject({ level: 'warn', act: 'accounts' });
    expect(issuer.process.stdout).not.toContain('wrong');
    expect((await post('accounts', {})).status).toBe(200);
  });

  it('says with "status" that all is well and what ends when; what ends soon, with what to do, and ends with 1', async () => {
    const well = await ask<{ problems: string[]; warnings: unknown[]; ends: { kind: string }[] }>('status');
    expect([well.problems, well.warnings]).toEqual([[], []]);
    const kinds = ['bundle', 'bundle-signer', 'crl', 'issuing-ca', 'offline-crl', 'root', 'tls'];
    expect(well.ends.map(({ kind }) => kind).toSorted()).toEqual(kinds);
    const metrics = await (await fetch(`http://127.0.0.1:${issuer.ports.metrics}/metrics`)).text();
    for (const kind of kinds) expect(metrics).toContain(`coldroot_end_timestamp_seconds{kind="${kind}",`);
    await issuer.database.query('CREATE TABLE kept AS SELECT this_update, next_update FROM crls');
    await issuer.database.query(
      `UPDATE crls SET this_update = now() - interval '1 hour', next_update = now() + interval '1 minute'`,
    );
    const { code, stdout } = await issuer.run('status', '--config', issuer.configFile);
    await issuer.database.query('UPDATE crls SET (this_update, next_update) = (SELECT * FROM kept)');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^crl +issuing-i1 +It should have been made anew/mu);
    expect(await issuer.process.waitForLine('the CRL of the issuing CA ends soon')).toMatchObject({
      level: 'warn',
      name: 'issuing-i1',
    });
  });

  it('shows times as dates to people and as numbers to programs', async () => {
    const { code, stdout } = await issuer.run('certificates', '--config', issuer.configFile, '--name', names[0] ?? '');
    expect(code).toBe(0);
    expect(stdout.match(/\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z\b/gu)).toHaveLength(3);
    const [found] = await search({ name: names[0] });
    expect(found?.issued_at).toBeTypeOf('number');
  });

  it.each<[string, string[], RegExp, number]>([
    [
      'a wrong option',
      ['certificates', '--serial', 'zz'],
      /^--serial: not a serial number in hex\. .*\[admin-input\]$/mu,
      1,
    ],
    [
      'an issuing CA that is not there',
      ['incident-add', '--issuer', 'nobody', '--deadline', '2099-01-01T00:00:00Z'],
      /"nobody"\. .*"coldroot-issuer bundles".*\[incident-issuer-unknown\]$/mu,
      1,
    ],
    [
      'a directory that is not there',
      ['eab-add', '--directory', 'mian', '--label', 'x'],
      /"mian"\. Name one .*: main, narrow\. \[directory-unknown\]$/mu,
      1,
    ],
  ])('says what is wrong, where, and what to do: %s', async (_, argv, expected, status) => {
    const [command = '', ...rest] = argv;
    const { code, stderr } = await issuer.run(command, '--config', issuer.configFile, ...rest);
    expect(stderr).toMatch(expected);
    expect(code).toBe(status);
  });

  it('ends with 3 where no issuer answers, and with 1 where there was nothing to end', async () => {
    const nothing = ['incident-end', '--config', issuer.configFile, '--id', 'awmGjR21pITgiQnFto4k'];
    expect(await issuer.run(...nothing)).toMatchObject({ code: 1, stdout: 'ended: false\n' });
    const elsewhere = await freePort();
    issuer.configure({ admin: { port: elsewhere } });
    const { code, stderr } = await issuer.run('status', '--config', issuer.configFile);
    issuer.configure();
    expect(code).toBe(3);
    expect(stderr).toContain(`127.0.0.1 port ${elsewhere} (ECONNREFUSED)`);
  });

  it('finds certificates by name, serial, key, account and date, and refuses what it does not know', async () => {
    const [found] = await ask<Found[]>('certificates', '--name', names[0] ?? '');
    expect(found?.names).toEqual([names[0]]);
    const { serial = '', spki = '', issued_at = 0 } = found ?? {};
    const before = new Date(issued_at * 1000).toISOString().replace('.000', '');
    expect(await search({ serial })).toEqual([found]);
    expect(await search({ spki })).toEqual([found]);
    expect(await search({ account: account() })).toHaveLength(names.length);
    expect(await search({ account: account(), issuedBefore: before })).not.toContainEqual(found);
    expect(await search({ account: account(), issuedFrom: before })).toContainEqual(found);
    expect(await post('certificates', { colour: 'red' })).toMatchObject({ status: 400, body: { code: 'admin-input' } });
    const page = await search({ account: account(), limit: 2 });
    expect(await search({ account: account(), limit: 2, after: page[1]?.serial })).toHaveLength(1);
  });

  it('lists accounts and orders for people', async () => {
    const { stdout } = await issuer.run('accounts', '--config', issuer.configFile, '--directory', 'main');
    expect(stdout).toMatch(/^id +directory +status/u);
    expect(stdout).toContain(account());
    expect(
      ((await post('orders', { account: account(), status: 'valid' })).body as { result: unknown[] }).result,
    ).toHaveLength(3);
  });

  it('says in a dry run what it would revoke, then revokes exactly that, once, and the CRL lists it', async () => {
    const filter = ['--name', names[1] ?? '', '--reason', 'superseded'];
    const [victim] = await search({ name: names[1] });
    expect(await ask('revoke', ...filter, '--dry-run')).toMatchObject({ wouldRevoke: 1 });
    expect((await search({ name: names[1] }))[0]?.revocation_reason).toBeNull();
    expect(await ask('revoke', ...filter)).toEqual({ revoked: 1, serials: [victim?.serial] });
    expect(await ask('revoke', ...filter)).toEqual({ revoked: 0, serials: [] });
    expect((await search({ name: names[1] }))[0]?.revocation_reason).toBe('superseded');
    const crlLists = await until('the CRL lists it', async () =>
      Buffer.from(await fetchCrl(issuer)).includes(Buffer.from(victim?.serial ?? '', 'hex')),
    );
    expect(crlLists).toBe(true);
  });

  it('revokes nothing when nothing says what', async () => {
    const { code, stderr } = await issuer.run('revoke', '--config', issuer.configFile, '--reason', 'superseded');
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('[admin-input]') });
  });

  it('makes external account keys whose secret the log does not have, and incidents that say whom they concern', async () => {
    const key = await ask<{ kid: string; hmacKey: string }>('eab-add', '--directory', 'main', '--label', 'team-a');
    // base64url without padding, and no longer than any client takes.
    expect(key.hmacKey).toMatch(/^[A-Za-z0-9_-]{43}$/u);
    const listed = (await post('eab-keys', { directory: 'main' })).body as { result: object[] };
    expect(listed).toMatchObject({ result: [{ kid: key.kid, label: 'team-a', revoked_at: null }] });
    expect((await post('eab-revoke', { directory: 'main', kid: key.kid })).body).toEqual({ result: { revoked: true } });
    const log = JSON.stringify((await post('audit', {})).body);
    expect(log).toContain(key.kid);
    expect(`${log}${issuer.process.stdout}${JSON.stringify(listed)}`).not.toContain(key.hmacKey);
    const deadline = new Date(Date.now() + 86_400_000).toISOString();
    const tomorrow = new Date(Date.now() + 60_000).toISOString();
    const incident = { issuer: 'issuing-i1', deadline, issuedBefore: tomorrow };
    const added = (await post('incident-add', incident)).body as { result: { id: string } };
    // One of the three is revoked.
    expect(added).toMatchObject({ result: { certificates: 2, replaced: 0 } });
    expect((await post('incident-end', { id: added.result.id })).body).toEqual({ result: { ended: true } });
    expect((await post('incident-end', { id: added.result.id })).body).toEqual({ result: { ended: false } });
  });

  it('changes limits and takes an account its rights', async () => {
    const subject = `main/${account()}`;
    const override = { kind: 'ordersPerAccount', subject, count: 5, period: 60, reason: 'a test' };
    expect((await post('limit-set', override)).status).toBe(200);
    expect((await post('limits', {})).body).toMatchObject({ result: [{ subject, count: 5 }] });
    expect((await post('limit-drop', { kind: 'ordersPerAccount', subject })).body).toEqual({
      result: { dropped: true },
    });
    expect((await post('account-revoke', { id: account(), reason: 'a test' })).body).toEqual({
      result: { revoked: true },
    });
    expect(problemOf(await client.newOrder(['four.example.internal']))).toBe('unauthorized 401');
  });

  it('gives an account its rights back, but not what it gave up itself', async () => {
    const reinstate = { id: account(), reason: 'revoked by mistake' };
    expect((await post('account-reinstate', reinstate)).body).toEqual({ result: { reinstated: true } });
    expect((await client.newOrder(['five.example.internal'])).status).toBe(201);
    expect((await post('account-reinstate', reinstate)).body).toEqual({ result: { reinstated: false } });
    const gone = issuer.client();
    await gone.register();
    const id = gone.kid?.split('/').at(-1) ?? '';
    await gone.post(gone.kid ?? '', { status: 'deactivated' });
    expect((await post('account-reinstate', { ...reinstate, id })).body).toEqual({ result: { reinstated: false } });
    expect(problemOf(await gone.newOrder(['six.example.internal']))).toBe('unauthorized 401');
  });

  it('keeps a log of it whose chain verifies, and sees a change and a cut', async () => {
    expect(await ask<{ epoch: number }[]>('bundles')).toMatchObject([{ epoch: 1 }]);
    const records = await ask<{ kind: string; hash: string; body: Record<string, string> }[]>('audit');
    expect(records.map(({ kind }) => kind)).toEqual([
      'bundle',
      'revoke',
      'eab-add',
      'eab-revoke',
      'incident-add',
      'incident-end',
      'limit-set',
      'limit-drop',
      'account-revoke',
      'account-reinstate',
    ]);
    expect(records[1]?.body['operator']).toBe('token');
    const head = records.at(-1)?.hash ?? '';
    expect(await ask('audit-verify', '--head', head)).toEqual({ ok: true, records: 10, head, headFound: true });
    await issuer.database.query(
      `UPDATE audit SET body = replace(body, 'superseded', 'unspecified') WHERE sequence = 2`,
    );
    expect((await post('audit-verify', {})).body).toMatchObject({ result: { ok: false, broken: 2 } });
    await issuer.database.query(
      `UPDATE audit SET body = replace(body, 'unspecified', 'superseded') WHERE sequence = 2`,
    );
    for (const text of ['no JSON', '[]', '{"reason":"x"}', '{"a":1.5}']) {
      await issuer.database.query('UPDATE audit SET body = $1 WHERE sequence = 3', [text]);
      expect((await post('audit-verify', {})).body).toMatchObject({ result: { ok: false, records: 2, broken: 3 } });
      expect((await post('audit', { after: 2, limit: 1 })).status).toBe(200);
    }
    await issuer.database.query('UPDATE audit SET body = $1 WHERE sequence = 3', [
      canonicalJson(records[2]?.body ?? {}),
    ]);
    // With a space the JSON says the same, and is not what was hashed.
    await issuer.database.query(`UPDATE audit SET body = ' ' || body WHERE sequence = 2`);
    expect((await post('audit-verify', {})).body).toMatchObject({ result: { ok: false, broken: 2 } });
    await issuer.database.query('UPDATE audit SET body = trim(body) WHERE sequence = 2');
    expect((await post('audit-verify', { head })).body).toMatchObject({ result: { ok: true, records: 10 } });
    // The issuer's own log has every head, so that the last one in there finds a log that was cut off.
    const heads = issuer.process.lines.flatMap(({ msg, audit }) => (msg === 'administration' && audit ? [audit] : []));
    expect(heads).toEqual(records.slice(1).map(({ hash }, index) => ({ sequence: index + 2, hash })));
    await issuer.database.query('DELETE FROM audit WHERE sequence = 10');
    const cut = await issuer.run('audit-verify', '--config', issuer.configFile, '--head', head);
    expect(cut).toMatchObject({ code: 1, stdout: expect.stringContaining('headFound: false') });
  });

  it('lets operators in by certificate where it is told to, by their names alone, and until it is revoked', async () => {
    await issuer.process.stop();
    const again = issuer.client();
    const file = (name: string): string => path.join(issuer.directory, name);
    writeFileSync(file('issuing.pem'), new X509Certificate(issuer.hierarchy.issuing.raw).toString() + issuer.rootPem);
    issuer.configure({
      admin: {
        host: '127.0.0.1',
        port,
        tokenFile: undefined,
        clientCa: 'issuing.pem',
        names: ['olivia.example.internal', 'oscar.example.org'],
      },
      directories: {
        servers: {
          issuer: 'issuing-i1',
          profile: { type: 'leaf', eku: ['serverAuth'], crl: 'http://pki.example.internal/i1.crl' },
          challenges: ['http-01'],
          lifetime: { default: '1d', max: '1d' },
          allow: { dns: ['example.internal'] },
        },
      },
    });
    await issuer.start();
    await again.register();
    // Whoever controls that name in DNS is let in: its directories give it out, and the CA is our own.
    const warned = issuer.process.lines.filter(({ msg }) => String(msg).startsWith('OPERATORS ARE LET IN BY NAMES'));
    expect(warned).toMatchObject([{ level: 'warn', names: ['olivia.example.internal'] }]);
    let last = '';
    const run = async (name: string, by = again): Promise<{ code: number | null; stdout: string; stderr: string }> => {
      const { chain, key } = await obtain(issuer, by, [name]);
      last = chain;
      writeFileSync(file('operator.pem'), chain);
      const pkcs8 = createPrivateKey({ key: Buffer.from(key.pkcs8()), format: 'der', type: 'pkcs8' });
      writeFileSync(file('operator.key'), pkcs8.export({ format: 'pem', type: 'pkcs8' }));
      const files = ['--cert', file('operator.pem'), '--key', file('operator.key'), '--ca', issuer.rootFile];
      return issuer.run('bundles', '--config', issuer.configFile, ...files);
    };
    const served = issuer.client({ directory: 'servers' });
    await served.register();
    // A certificate for servers is nobody's proof of being a client, whatever name it has.
    expect(await run('olivia.example.internal', served)).toMatchObject({ code: 1 });
    expect(await run('olivia.example.internal')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^epoch/u) });
    await again.postTo('revokeCert', { certificate: toBase64Url(readPem(last)[0]?.bytes ?? new Uint8Array()) });
    const files = ['--cert', file('operator.pem'), '--key', file('operator.key'), '--ca', issuer.rootFile];
    expect(await issuer.run('bundles', '--config', issuer.configFile, ...files)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[admin-unauthorized]'),
    });
    expect(await run('mallory.example.internal')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[admin-unauthorized]'),
    });
  });
});
