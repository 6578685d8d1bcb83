// What a directory's own configuration does: limits, denied names, keys, its own way to reach the world. The issuing key
// is in a file here, as in a lab.
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../core/node/clock.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import { accountKey, makeCsr, type AcmeResponse, type AcmeTestClient } from '../support/acme.ts';
import { certIdOf } from '../support/cert-id.ts';
import { authorizationsOf, authorize, challengeOf, obtain, readyOrder, settled } from '../support/flows.ts';
import { TestIssuer } from '../support/issuer.ts';
import { problemOf } from '../support/problem-of.ts';
import { TestDns } from '../support/dns-server.ts';
import { softHsmMissing } from '../support/softhsm.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: directories: ${missing}`);

describe.skipIf(missing !== undefined)('a directory', () => {
  let issuer: TestIssuer;
  let zone: TestDns;
  const common = {
    issuer: 'issuing-i1',
    profile: { type: 'leaf', crl: 'http://pki.example.internal/i1.crl' },
    challenges: ['http-01', 'dns-01'],
    lifetime: { default: '30d', max: '60d' },
    allow: { dns: ['example.internal'], wildcards: true, ip: ['127.0.0.0/8'] },
  };

  beforeAll(async () => {
    zone = await TestDns.start();
    const directories = {
      limited: { ...common, rateLimits: { ordersPerAccount: { count: 2, per: '1h' } } },
      names: { ...common, rateLimits: { ordersPerNames: { count: 1, per: '1h' } } },
      renewing: {
        ...common,
        rateLimits: { ordersPerAccount: { count: 1, per: '1h' }, ordersPerNames: { count: 1, per: '1h' } },
      },
      before: {
        ...common,
        reuseAuthorizations: true,
        rateLimits: {
          authorizationsPerAccount: { count: 2, per: '1h' },
          failedValidationsPerName: { count: 1, per: '1h' },
        },
      },
      failing: { ...common, rateLimits: { failedValidationsPerName: { count: 1, per: '1h' } } },
      accounts: { ...common, rateLimits: { newAccountsPerAddress: { count: 2, per: '1h' } } },
      crowd: { ...common, rateLimits: { newAccountsPerAddress: { count: 2, per: '1h' } } },
      denying: { ...common, deny: { dns: ['secret.example.internal'], ip: ['127.0.0.8/29'] } },
      keys: { ...common, keys: ['ec-p384'] },
      subjects: {
        ...common,
        profile: { ...common.profile, subject: { fixed: { O: 'Example Corp', C: 'DE' }, fromRequest: ['OU'] } },
        lifetime: { min: '2d', default: '30d', max: '60d' },
      },
      closed: { ...common, validation: { allowedNetworks: [] } },
      zoned: {
        ...common,
        validation: { resolver: { servers: ['127.0.0.1:9'], zones: { 'example.internal': [zone.server] } } },
      },
    };
    issuer = await TestIssuer.create({
      keys: 'file',
      change: { directories },
      subjects: { C: ['DE', 'US'], O: ['Example Corp'], OU: ['Ops', 'Dev'] },
    });
    await issuer.start();
  });
  afterAll(async () => {
    await issuer.remove();
    await zone.close();
  });

  async function registered(directory: string): Promise<AcmeTestClient> {
    const client = issuer.client({ directory });
    await client.register();
    return client;
  }

  it('limits orders by account, says for how many seconds, and leaves other accounts alone', async () => {
    const client = await registered('limited');
    for (const name of ['a', 'b'])
      expect(await client.newOrder([`${name}.example.internal`])).toMatchObject({ status: 201 });
    const refused = await client.newOrder(['c.example.internal']);
    expect(problemOf(refused)).toBe('rateLimited 429');
    expect(refused.headers['retry-after']).toMatch(/^[0-9]+$/u);
    const seconds = Number(refused.headers['retry-after']);
    expect(seconds).toBeGreaterThan(1700);
    expect(seconds).toBeLessThanOrEqual(1800);
    expect(await (await registered('limited')).newOrder(['c.example.internal'])).toMatchObject({ status: 201 });
  });

  it('takes other numbers for one account from an override', async () => {
    const client = await registered('limited');
    const id = client.kid?.split('/').at(-1);
    await issuer.database.query(
      `INSERT INTO rate_limit_overrides VALUES ('ordersPerAccount', $1, 3, 3600, 'a test', now())`,
      [`limited/${id}`],
    );
    for (const name of ['a', 'b', 'c']) expect((await client.newOrder([`${name}.example.internal`])).status).toBe(201);
    expect((await client.newOrder(['d.example.internal'])).status).toBe(429);
  });

  it('limits certificates by their names as a set, whoever orders', async () => {
    const names = ['one.example.internal', 'two.example.internal'];
    const first = await registered('names');
    const early = await readyOrder(issuer, first, names);
    const { finalized } = await obtain(issuer, first, names);
    expect(problemOf(await (await registered('names')).newOrder(names.toReversed()))).toBe('rateLimited 429');
    expect((await (await registered('names')).newOrder(names.slice(1))).status).toBe(201);
    // An order that was placed before is held to it as well, and stands; one that has its certificate is shown.
    const { csr } = await makeCsr(names);
    expect(problemOf(await first.post(String(early.body['finalize']), { csr }))).toBe('rateLimited 429');
    expect((await first.post(String(early.headers.location))).body['status']).toBe('ready');
    const again = await first.post(String(finalized.body['finalize']), { csr });
    expect(problemOf(again)).toBe('orderNotReady 403');
  });

  it('lets nobody use up what others may have for names by orders that prove nothing', async () => {
    const names = ['coveted.example.internal'];
    const stranger = await registered('names');
    for (let order = 0; order < 3; order += 1) expect((await stranger.newOrder(names)).status).toBe(201);
    expect((await obtain(issuer, await registered('names'), names)).finalized.body['status']).toBe('valid');
  });

  it('limits failed validations of a name for an account', async () => {
    const client = await registered('failing');
    await issuer.serveChallenges();
    issuer.dns.set('bad.example.internal', { A: ['127.0.0.1'] });
    const order = await client.newOrder(['bad.example.internal']);
    const [url = ''] = authorizationsOf(order);
    await client.post(challengeOf(await client.post(url), 'http-01').url, {});
    expect((await settled(client, url)).body['status']).toBe('invalid');
    expect(problemOf(await client.newOrder(['bad.example.internal']))).toBe('rateLimited 429');
    expect((await client.newOrder(['good.example.internal'])).status).toBe(201);
  });

  it('limits failed validations of every name of an order, however it is written', async () => {
    const client = await registered('failing');
    issuer.dns.set('worse.example.internal', { A: ['127.0.0.1'] });
    const [url = ''] = authorizationsOf(await client.newOrder(['worse.example.internal']));
    await client.post(challengeOf(await client.post(url), 'http-01').url, {});
    expect((await settled(client, url)).body['status']).toBe('invalid');
    for (const names of [['Worse.Example.Internal'], ['*.worse.example.internal'], ['x', 'worse.example.internal']]) {
      expect(problemOf(await client.newOrder(names))).toBe('rateLimited 429');
    }
    expect(problemOf(await client.newOrder(['nul\u0000.example.internal']))).toBe('rejectedIdentifier 403');
    expect((await client.newOrder(['other.example.internal'])).status).toBe(201);
  });

  /** The name of a certificate whose suggested window has been open for long: 29 of its 30 days are over. */
  async function windowOpen(chain: string): Promise<string> {
    const times = "not_before = now() - interval '29 days', not_after = now() + interval '1 day'";
    const { serialNumber } = new X509Certificate(chain);
    await issuer.database.query(`UPDATE certificates SET ${times} WHERE serial = $1`, [
      Buffer.from(serialNumber, 'hex'),
    ]);
    return certIdOf(chain, issuer.hierarchy.issuing);
  }

  it('counts no order that replaces a certificate in its window (RFC 9773), and takes none that only says so', async () => {
    const client = await registered('renewing');
    const names = ['renewed.example.internal'];
    const { chain } = await obtain(issuer, client, names);
    expect(problemOf(await client.newOrder(names))).toBe('rateLimited 429');
    const replaces = await windowOpen(chain);
    const order = await client.newOrder(names, { replaces });
    expect(order.status).toBe(201);
    expect(problemOf(await client.newOrder(names, { replaces }))).toBe('alreadyReplaced 409');
    for (const other of ['AAAA.AAAA', 1]) {
      expect(problemOf(await client.newOrder(names, { replaces: other }))).toBe('rateLimited 429');
    }
    // Nor is its certificate counted, although there is one for these names already.
    await authorize(issuer, client, order);
    const { csr } = await makeCsr(names);
    const finalized = await client.post(String(order.body['finalize']), { csr });
    expect(finalized.body['status']).toBe('valid');
    // The new one is not to be replaced yet: an order that says so is an order like any other, revoked or not.
    const { text } = await client.post(String(finalized.body['certificate']));
    const newest = certIdOf(text, issuer.hierarchy.issuing);
    expect(problemOf(await client.newOrder(names, { replaces: newest }))).toBe('rateLimited 429');
    await client.postTo('revokeCert', { certificate: new X509Certificate(text).raw.toString('base64url') });
    expect(problemOf(await client.newOrder(names, { replaces: newest }))).toBe('rateLimited 429');
  });

  it('counts orders that replace one certificate from the fourth on: failing them is no way round a limit', async () => {
    const client = await registered('renewing');
    const names = ['failing.example.internal'];
    const replaces = await windowOpen((await obtain(issuer, client, names)).chain);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const order = await client.newOrder(names, { replaces });
      expect(order).toMatchObject({ status: 201, body: { replaces } });
      await client.post(authorizationsOf(order)[0] ?? '', { status: 'deactivated' });
      expect((await client.post(String(order.headers.location))).body['status']).toBe('invalid');
    }
    expect(problemOf(await client.newOrder(names, { replaces }))).toBe('rateLimited 429');
    // Another account cannot use up what this one has.
    const other = await registered('renewing');
    const theirs = await windowOpen((await obtain(issuer, other, ['theirs.example.internal'])).chain);
    for (let attempt = 0; attempt < 4; attempt += 1) await client.newOrder(names, { replaces: theirs });
    expect((await other.newOrder(['theirs.example.internal'], { replaces: theirs })).status).toBe(201);
  });

  it('limits authorizations before any order by account, and of names that have failed', async () => {
    const client = await registered('before');
    await issuer.serveChallenges();
    issuer.dns.set('early.example.internal', { A: ['127.0.0.1'] });
    const ask = (value: string): Promise<AcmeResponse> =>
      client.postTo('newAuthz', { identifier: { type: 'dns', value } });
    const made = await ask('early.example.internal');
    await client.post(challengeOf(made, 'http-01').url, {});
    expect((await settled(client, String(made.headers.location))).body['status']).toBe('invalid');
    expect(problemOf(await ask('early.example.internal'))).toBe('rateLimited 429');
    expect((await ask('other.example.internal')).status).toBe(201);
    const refused = await ask('third.example.internal');
    expect([problemOf(refused), refused.headers['retry-after']]).toEqual([
      'rateLimited 429',
      expect.stringMatching(/^[0-9]+$/u),
    ]);
  });

  it('limits accounts by address, and finds one that exists all the same', async () => {
    const first = await registered('accounts');
    await registered('accounts');
    const third = issuer.client({ directory: 'accounts', key: accountKey() });
    expect(problemOf(await third.register())).toBe('rateLimited 429');
    expect((await first.newOrder(['x.example.internal'])).status).toBe(201);
  });

  it('limits accounts by address also where all of them are asked for at once, and counts none that was not made', async () => {
    const clients = Array.from({ length: 12 }, () => issuer.client({ directory: 'crowd' }));
    // Nonces and connections first, so that nothing but newAccount is left to do.
    await Promise.all(clients.map((client) => client.postTo('newAccount', { onlyReturnExisting: true })));
    const answers = await Promise.all(clients.map((client) => client.register()));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
  });

  it('denies a wildcard that would stand for a denied name', async () => {
    const client = await registered('denying');
    expect(problemOf(await client.newOrder(['*.example.internal']))).toBe('rejectedIdentifier 403');
    expect((await client.newOrder(['*.other.example.internal'])).status).toBe(201);
  });

  it('refuses what it denies although it allows it', async () => {
    const client = await registered('denying');
    for (const name of [
      'secret.example.internal',
      'a.secret.example.internal',
      '*.secret.example.internal',
      '127.0.0.9',
    ]) {
      expect(problemOf(await client.newOrder([name]))).toBe('rejectedIdentifier 403');
    }
    expect((await client.newOrder(['notsecret.example.internal', '127.0.0.16'])).status).toBe(201);
  });

  it('takes the kinds of key that it names and no others', async () => {
    const client = await registered('keys');
    const names = ['keys.example.internal'];
    const order = await readyOrder(issuer, client, names);
    const finalize = String(order.body['finalize']);
    const { csr: wrong } = await makeCsr(names);
    expect(problemOf(await client.post(finalize, { csr: wrong }))).toBe('badCSR 400');
    const { csr } = await makeCsr(names, { algorithm: 'ec-p384' });
    expect((await client.post(finalize, { csr })).body['status']).toBe('valid');
  });

  it('puts into subjects what it fixes and what it lets a CSR say; anything else is refused, and the order stands', async () => {
    const client = await registered('subjects');
    const names = ['subject.example.internal'];
    const order = await readyOrder(issuer, client, names);
    const finalize = String(order.body['finalize']);
    for (const subject of [{ O: 'Somebody' }, { L: 'Bonn' }, { serialNumber: '1' }, { OU: 'Board' }]) {
      const { csr } = await makeCsr(names, { subject });
      expect(problemOf(await client.post(finalize, { csr }))).toBe('badCSR 400');
    }
    const { csr } = await makeCsr(names, { subject: { O: 'Example Corp', OU: 'Ops' } });
    const { body } = await client.post(finalize, { csr });
    const { text } = await client.post(String(body['certificate']));
    expect(new X509Certificate(text).subject.split('\n')).toEqual([
      'C=DE',
      'O=Example Corp',
      'OU=Ops',
      'CN=subject.example.internal',
    ]);
  });

  it('has a shortest life: an order that asks for less is malformed, one that asks for as much gets it', async () => {
    const client = await registered('subjects');
    const until = (hours: number): string => formatUtc(systemClock.now() + hours * 3600);
    const asked = (hours: number): Promise<AcmeResponse> =>
      client.newOrder(['short.example.internal'], { notAfter: until(hours) });
    const refused = await asked(47);
    expect([problemOf(refused), refused.body['detail']]).toEqual([
      'malformed 400',
      expect.stringContaining('less than 172800 seconds'),
    ]);
    expect((await asked(48)).status).toBe(201);
  });

  it('connects to the networks that it allows itself', async () => {
    const client = await registered('closed');
    issuer.dns.set('closed.example.internal', { A: ['127.0.0.1'] });
    const order = await client.newOrder(['closed.example.internal']);
    const [url = ''] = authorizationsOf(order);
    await client.post(challengeOf(await client.post(url), 'http-01').url, {});
    const { body } = await settled(client, url);
    expect(JSON.stringify(body)).toContain('has no address that this CA connects to');
  });

  it('asks the name servers of a zone for what is in it', async () => {
    zone.set('zoned.example.internal', { A: ['127.0.0.1'] });
    const client = await registered('zoned');
    const order = await client.newOrder(['zoned.example.internal']);
    const [url = ''] = authorizationsOf(order);
    const { token, url: challenge } = challengeOf(await client.post(url), 'http-01');
    (await issuer.serveChallenges()).set(`/.well-known/acme-challenge/${token}`, client.keyAuthorization(token));
    await client.post(challenge, {});
    expect((await settled(client, url)).body['status']).toBe('valid');
  });

  it('with keys in files is served with a warning at every start', async () => {
    expect(
      issuer.process.lines.filter(({ msg }) => String(msg).startsWith('THE ISSUING KEYS ARE IN FILES')),
    ).toHaveLength(1);
    const { chain } = await obtain(issuer, await registered('main'), ['file.example.internal']);
    expect(chain).toContain('BEGIN CERTIFICATE');
  });

  it.each<[string, string, object, string]>([
    ['in the clear', '-----BEGIN PRIVATE KEY-----\n', {}, 'key-file-not-encrypted'],
    ['that is not there', '', { files: ['nowhere.key'] }, 'key-file-unreadable'],
    ['that the passphrase does not open', '', { passphraseFile: 'wrong' }, 'key-file-passphrase'],
  ])('with a key file %s does not start', async (_, text, change, code) => {
    writeFileSync(path.join(issuer.directory, 'clear.key'), text);
    writeFileSync(path.join(issuer.directory, 'wrong'), 'wrong-0815', { mode: 0o600 });
    issuer.configure({ keyFiles: text === '' ? change : { files: ['clear.key'] } });
    const { code: status, stderr } = await issuer.run('serve', '--config', issuer.configFile);
    issuer.configure();
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining(`[${code}]`) });
    expect(stderr).not.toContain('wrong-0815');
  });
});
