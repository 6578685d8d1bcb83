// RFC 8555 §6: how messages are carried.
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountKey, makeJws, type AcmeResponse, type AcmeTestClient } from '../../support/acme.ts';
import { problemOf } from '../../support/problem-of.ts';
import { TestIssuer } from '../../support/issuer.ts';
import { softHsmMissing } from '../../support/softhsm.ts';
import { until } from '../../support/until.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: RFC 8555 §6: ${missing}`);

describe.skipIf(missing !== undefined)('RFC 8555 §6: requests', () => {
  let issuer: TestIssuer;
  let client: AcmeTestClient;
  let accountUrl = '';

  beforeAll(async () => {
    issuer = await (await TestIssuer.create()).start();
    client = issuer.client();
    await client.register();
    accountUrl = client.kid ?? '';
  });
  afterAll(() => issuer.remove());

  const get = (url: string, method = 'GET'): Promise<AcmeResponse> => client.transport.request(method, url);

  describe('§7.1.1 the directory', () => {
    it('names what works and nothing else, below the configured base URL', async () => {
      const { status, body, headers } = await get(client.directoryUrl);
      expect(status).toBe(200);
      expect(headers['content-type']).toBe('application/json');
      const at = (name: string): string => `${issuer.baseUrl}/acme/main/${name}`;
      expect(body).toEqual({
        newNonce: at('new-nonce'),
        newAccount: at('new-account'),
        newOrder: at('new-order'),
        revokeCert: at('revoke-cert'),
        keyChange: at('key-change'),
        renewalInfo: at('renewal-info'),
        meta: { externalAccountRequired: false },
      });
    });

    it('does not follow the Host header', async () => {
      const { request } = await import('node:https');
      const text = await new Promise<string>((resolve, reject) => {
        const sent = request(
          client.directoryUrl,
          { ca: issuer.rootPem, servername: 'localhost', headers: { host: 'evil.example.org' } },
          (answer) => {
            let body = '';
            answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
            answer.on('end', () => resolve(body));
          },
        );
        sent.on('error', reject);
        sent.end();
      });
      expect(text).toContain(issuer.baseUrl);
      expect(text).not.toContain('evil');
    });

    it('is not there for a name that is not configured', async () => {
      const { status, body } = await get(issuer.directoryUrl('unknown'));
      expect([status, body['type']]).toEqual([404, 'urn:ietf:params:acme:error:malformed']);
    });
  });

  describe('§7.2 new nonces', () => {
    it.each([
      ['HEAD', 200],
      ['GET', 204],
    ])('%s is answered with %i, a nonce, no-store and rel="index"', async (method, status) => {
      const response = await get((await client.directory())['newNonce'] ?? '', method);
      expect(response).toMatchObject({ status, text: '' });
      expect(response.headers).toMatchObject({
        'replay-nonce': expect.stringMatching(/^[A-Za-z0-9_-]{36}$/u),
        'cache-control': 'no-store',
        link: `<${client.directoryUrl}>;rel="index"`,
      });
    });
  });

  describe('§6.1 and §6.3', () => {
    it('resources other than directory and newNonce answer GET with 405', async () => {
      const { newOrder = '' } = await client.directory();
      for (const url of [newOrder, accountUrl]) {
        const { status, body, headers } = await get(url);
        expect([status, body['type'], headers.allow]).toEqual([405, 'urn:ietf:params:acme:error:malformed', 'POST']);
      }
    });

    it('directory and newNonce are read by POST-as-GET as well', async () => {
      const { newNonce = '' } = await client.directory();
      const read = await client.post(client.directoryUrl);
      expect(read).toMatchObject({ status: 200, body: (await get(client.directoryUrl)).body });
      expect(read.headers).toMatchObject({ 'replay-nonce': expect.stringMatching(/^[A-Za-z0-9_-]{36}$/u) });
      expect(read.headers['link']).toBeUndefined();
      const nonce = await client.post(newNonce);
      expect(nonce).toMatchObject({ status: 204, text: '' });
      expect(nonce.headers).toMatchObject({
        'cache-control': 'no-store',
        link: `<${client.directoryUrl}>;rel="index"`,
      });
      for (const url of [client.directoryUrl, newNonce]) {
        expect(problemOf(await client.post(url, { change: 'it' }))).toBe('malformed 400');
      }
    });

    it('POST-as-GET has an empty payload; {} and null, which some clients send, mean the same', async () => {
      const read = await client.post(accountUrl);
      expect(read.status).toBe(200);
      for (const payload of [{}, null]) expect((await client.post(accountUrl, payload)).body).toEqual(read.body);
    });

    it('cross-origin clients may read what they need', async () => {
      const { headers } = await client.post(accountUrl);
      expect(headers['access-control-allow-origin']).toBe('*');
      for (const name of ['Link', 'Location', 'Replay-Nonce', 'Retry-After']) {
        expect(headers['access-control-expose-headers']).toContain(name);
      }
    });
  });

  describe('§6.2 authentication', () => {
    it('the type of a request is application/jose+json, with or without parameters, and 415 otherwise', async () => {
      for (const contentType of ['application/jose+json; charset=utf-8', 'Application/JOSE+JSON']) {
        expect((await client.post(accountUrl, undefined, { contentType })).status).toBe(200);
      }
      for (const contentType of ['application/json', 'text/plain', 'application/jose', '']) {
        expect(problemOf(await client.post(accountUrl, undefined, { contentType }))).toBe('malformed 415');
      }
    });

    it('a body that is no JSON, no JWS or too long is malformed', async () => {
      expect(problemOf(await client.post(accountUrl, undefined, { body: '{' }))).toBe('malformed 400');
      expect(problemOf(await client.post(accountUrl, undefined, { body: '[]' }))).toBe('malformed 400');
      expect(problemOf(await client.post(accountUrl, undefined, { body: `"${'x'.repeat(70_000)}"` }))).toBe(
        'malformed 413',
      );
    });

    it.each([
      ['signatures', (jws: object) => ({ ...jws, signatures: [] })],
      ['an unprotected header', (jws: object) => ({ ...jws, header: {} })],
      ['padding', (jws: Record<string, unknown>) => ({ ...jws, signature: `${String(jws['signature'])}==` })],
      ['another signature', (jws: object) => ({ ...jws, signature: 'A'.repeat(86) })],
      ['another payload', (jws: object) => ({ ...jws, payload: 'e30' })],
    ])('a JWS with %s is malformed', async (_, change) => {
      expect(problemOf(await client.post(accountUrl, undefined, { change }))).toBe('malformed 400');
    });

    it('a request with a Replay-Nonce header is malformed: the nonce belongs into the JWS', async () => {
      const nonce = await client.nonce();
      const sent = { header: { nonce }, headers: { 'replay-nonce': nonce } };
      expect(problemOf(await client.post(accountUrl, undefined, sent))).toBe('malformed 400');
      expect((await client.post(accountUrl)).status).toBe(200);
    });

    it.each([
      ['crit', { crit: ['nonce'] }],
      ['b64', { b64: false }],
      ['both kid and jwk', { jwk: accountKey().jwk }],
      ['neither', { kid: undefined }],
    ])('a protected header with %s is malformed', async (_, header) => {
      expect(problemOf(await client.post(accountUrl, undefined, { header }))).toBe('malformed 400');
    });

    it('an algorithm that is not accepted is refused with those that are', async () => {
      for (const alg of ['HS256', 'none', 'RS512']) {
        const response = await client.post(accountUrl, undefined, { header: { alg } });
        expect(problemOf(response)).toBe('badSignatureAlgorithm 400');
        expect(response.body['algorithms']).toEqual(['RS256', 'ES256', 'ES384', 'ES512', 'EdDSA']);
      }
    });

    it('a key that newAccount is given with kid, or another request with jwk, is malformed', async () => {
      expect(problemOf(await client.postTo('newAccount', {}))).toBe('malformed 400');
      const header = { kid: undefined, jwk: client.key.jwk };
      expect(problemOf(await client.postTo('newOrder', {}, { header }))).toBe('malformed 400');
    });

    it('the kid is exactly the URL of an account of this directory', async () => {
      const changed = [
        `${accountUrl}/`,
        accountUrl.replace('localhost', '127.0.0.1'),
        accountUrl.replace('/main/', '/narrow/'),
        accountUrl.slice(0, -1),
        `${accountUrl.slice(0, -1)}${accountUrl.endsWith('A') ? 'B' : 'A'}`,
        'x',
      ];
      for (const kid of changed) {
        expect(problemOf(await client.post(accountUrl, undefined, { header: { kid } }))).toBe(
          'accountDoesNotExist 400',
        );
      }
    });

    it('another key than the account’s is refused', async () => {
      const key = accountKey();
      expect(problemOf(await client.post(accountUrl, undefined, { key }))).toBe('malformed 400');
      const rsa = accountKey('RS256');
      expect(problemOf(await client.post(accountUrl, undefined, { key: rsa, header: { alg: 'RS256' } }))).toBe(
        'badPublicKey 400',
      );
    });
  });

  describe('§6.4 request URL integrity', () => {
    it.each([
      ['another resource', (url: string) => `${url}x`],
      ['another host', (url: string) => url.replace('localhost', '127.0.0.1')],
      ['another scheme', (url: string) => url.replace('https', 'http')],
      ['a trailing slash', (url: string) => `${url}/`],
      ['a query', (url: string) => `${url}?`],
      ['nothing', () => ''],
    ])('a "url" that is %s is refused', async (_, change) => {
      const response = await client.post(accountUrl, undefined, { header: { url: change(accountUrl) } });
      expect(problemOf(response)).toBe('unauthorized 403');
    });
  });

  describe('§6.5 replay protection', () => {
    it('every answer to a POST has a new nonce: success, error and unknown resource', async () => {
      const answers = [
        await client.post(accountUrl),
        await client.postTo('newOrder', {}),
        await client.post(`${issuer.baseUrl}/acme/main/nowhere`),
        await client.post(`${issuer.baseUrl}/acme/unknown/new-order`),
      ];
      const nonces = answers.map(({ headers }) => headers['replay-nonce']);
      expect(nonces.every((nonce) => /^[A-Za-z0-9_-]{36}$/u.test(String(nonce)))).toBe(true);
      expect(new Set(nonces).size).toBe(answers.length);
    });

    it('a nonce is good once; the answer to the second use brings a fresh one', async () => {
      const nonce = await client.nonce();
      expect((await client.post(accountUrl, undefined, { header: { nonce } })).status).toBe(200);
      expect(problemOf(await client.post(accountUrl, undefined, { header: { nonce } }))).toBe('badNonce 400');
    });

    it('a nonce that came with a bad request is used up, too', async () => {
      const nonce = await client.nonce();
      const bad = await client.post(accountUrl, undefined, { header: { nonce, url: 'x' } });
      expect(problemOf(bad)).toBe('unauthorized 403');
      expect(problemOf(await client.post(accountUrl, undefined, { header: { nonce } }))).toBe('badNonce 400');
    });

    it('of twenty requests with one nonce, one is done', async () => {
      const nonce = await client.nonce();
      const identifiers = [{ type: 'dns', value: 'once.example.internal' }];
      const { newOrder = '' } = await client.directory();
      const header = { alg: client.key.alg, nonce, url: newOrder, kid: client.kid };
      const body = JSON.stringify(makeJws(client.key, header, { identifiers }));
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => client.transport.request('POST', newOrder, body, 'application/jose+json')),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      for (const answer of answers.filter(({ status }) => status !== 201))
        expect(problemOf(answer)).toBe('badNonce 400');
      const rows = await issuer.database.query('SELECT 1 FROM orders WHERE identifiers @> $1', [
        JSON.stringify(identifiers),
      ]);
      expect(rows).toHaveLength(1);
    });

    it.each(['x', '+'.repeat(36), `${'A'.repeat(35)}=`])(
      '§6.5.2: the nonce %j, which is not base64url, is malformed',
      async (nonce) => {
        const refused = await client.post(accountUrl, undefined, { header: { nonce } });
        expect(problemOf(refused)).toBe('malformed 400');
        expect(refused.headers['replay-nonce']).toMatch(/^[A-Za-z0-9_-]{36}$/u);
      },
    );

    it.each(['', 'A'.repeat(36), undefined])('the nonce %j, which is not ours, is bad', async (nonce) => {
      expect(problemOf(await client.post(accountUrl, undefined, { header: { nonce } }))).toBe('badNonce 400');
    });

    it('nonces are good again as soon as the database has lost its keys in a crash', async () => {
      await issuer.database.query('TRUNCATE nonce_keys, used_nonces');
      const refused = await client.post(accountUrl);
      expect(problemOf(refused)).toBe('badNonce 400');
      expect((await client.post(accountUrl)).status).toBe(200);
    });
  });

  describe('§6.7 errors', () => {
    it('never show what went wrong inside', async () => {
      await issuer.database.query('ALTER TABLE orders RENAME TO orders_away');
      try {
        const response = await client.newOrder(['inside.example.internal']);
        expect(problemOf(response)).toBe('serverInternal 500');
        expect(response.text).not.toMatch(/orders|relation|sql|at \//iu);
      } finally {
        await issuer.database.query('ALTER TABLE orders_away RENAME TO orders');
      }
      expect(await issuer.process.waitForLine('internal error')).toMatchObject({ level: expect.anything() });
    });

    it('what cannot be done at the moment is answered with 503, a nonce, and Retry-After in whole seconds', async () => {
      const holder = new Client({ connectionString: issuer.database.url });
      await holder.connect();
      try {
        await holder.query('BEGIN');
        await holder.query('LOCK TABLE used_nonces');
        const answer = client.post(accountUrl);
        // The connection of the statement that waits for us goes away under it; a job that prunes nonces may wait, too.
        const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock' AND query NOT LIKE '%DELETE%'`;
        await until('the request waits', async () => (await holder.query(end)).rowCount !== 0);
        await holder.query('ROLLBACK');
        const response = await answer;
        expect(problemOf(response)).toBe('serverInternal 503');
        expect(response.headers['retry-after']).toMatch(/^[0-9]+$/u);
      } finally {
        await holder.end();
      }
      expect((await client.post(accountUrl)).status).toBe(200);
    });

    it('an unknown resource is a problem, with rel="index"', async () => {
      for (const place of [`order/${'A'.repeat(20)}`, 'nowhere', 'no/such/thing']) {
        const response = await client.post(`${issuer.baseUrl}/acme/main/${place}`);
        expect(problemOf(response)).toBe('malformed 404');
        expect(response.headers['link']).toBe(`<${client.directoryUrl}>;rel="index"`);
      }
    });
  });

  it('the log has one line for each request, and neither names, keys, tokens nor addresses', async () => {
    await client.newOrder(['logged.example.internal']);
    const { stdout } = issuer.process;
    expect(issuer.process.lines.some(({ msg, account }) => msg === 'request' && account !== undefined)).toBe(true);
    for (const secret of ['logged.example', String(client.key.jwk['x']), 'secret-4711', '127.0.0.1:']) {
      expect(stdout.replace(/^.*"listening on.*$/gmu, '')).not.toContain(secret);
    }
  });
});
