// RFC 8555 §7.3: accounts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountKey, makeJws, type AccountAlgorithm, type AcmeTestClient } from '../../support/acme.ts';
import { problemOf } from '../../support/problem-of.ts';
import { TestIssuer } from '../../support/issuer.ts';
import { softHsmMissing } from '../../support/softhsm.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: RFC 8555 §7.3: ${missing}`);

describe.skipIf(missing !== undefined)('RFC 8555 §7.3: accounts', () => {
  let issuer: TestIssuer;
  beforeAll(async () => {
    issuer = await (await TestIssuer.create()).start();
  });
  afterAll(() => issuer.remove());

  async function registered(payload: object = {}): Promise<AcmeTestClient> {
    const client = issuer.client();
    expect((await client.register(payload)).status).toBe(201);
    return client;
  }

  describe('newAccount', () => {
    it('is answered with 201, the account and its Location', async () => {
      const client = issuer.client();
      const response = await client.register({ contact: ['mailto:a@example.com'] });
      expect(response).toMatchObject({
        status: 201,
        body: { status: 'valid', contact: ['mailto:a@example.com'] },
        headers: { location: expect.stringMatching(`^${issuer.baseUrl}/acme/main/account/[A-Za-z0-9_-]{20}$`) },
      });
    });

    it.each<AccountAlgorithm>(['ES256', 'ES384', 'ES512', 'RS256', 'EdDSA'])(
      'works with keys for %s',
      async (algorithm) => {
        const client = issuer.client({ key: accountKey(algorithm) });
        expect((await client.register()).status).toBe(201);
        expect((await client.post(client.kid ?? '')).status).toBe(200);
      },
    );

    it('with a key that has an account is answered with 200 and the same Location', async () => {
      const client = await registered({ contact: ['mailto:a@example.com'] });
      const url = client.kid;
      client.kid = undefined;
      for (const payload of [{}, { contact: ['mailto:b@example.com'] }, { onlyReturnExisting: true }]) {
        expect(await client.postTo('newAccount', payload)).toMatchObject({
          status: 200,
          headers: { location: url },
          body: { status: 'valid', contact: ['mailto:a@example.com'] },
        });
      }
    });

    it('with onlyReturnExisting makes no account', async () => {
      const client = issuer.client();
      expect(problemOf(await client.postTo('newAccount', { onlyReturnExisting: true }))).toBe(
        'accountDoesNotExist 400',
      );
      expect((await client.register()).status).toBe(201);
    });

    it('takes contact as null, missing or empty, and ignores what it does not know', async () => {
      for (const payload of [
        { contact: null },
        { contact: [] },
        { frobnicate: { a: 1 }, status: 'valid', orders: 'x' },
      ]) {
        const { body } = await issuer.client().register(payload);
        expect(body).toEqual({ status: 'valid', orders: expect.stringMatching(/\/account\/[^/]+\/orders$/u) });
      }
    });

    it.each([
      [['tel:+1'], 'unsupportedContact'],
      [['https://example.com'], 'unsupportedContact'],
      [['mailto:'], 'invalidContact'],
      [['mailto:nobody'], 'invalidContact'],
      [['mailto:a@example.com,b@example.com'], 'invalidContact'],
      [['mailto:a@example.com?subject=x'], 'invalidContact'],
      [['mailto:a@exämple.com'], 'invalidContact'],
      [Array.from({ length: 11 }, (_, index) => `mailto:a${index}@example.com`), 'invalidContact'],
    ])('with contact %j is refused (%s)', async (contact, type) => {
      expect(problemOf(await issuer.client().postTo('newAccount', { contact }))).toBe(`${type} 400`);
    });

    it('with a payload of another shape is malformed', async () => {
      const client = issuer.client();
      for (const payload of [
        undefined,
        1,
        [],
        'x',
        { contact: 'mailto:a@example.com' },
        { onlyReturnExisting: 'yes' },
      ]) {
        expect(problemOf(await client.postTo('newAccount', payload))).toBe('malformed 400');
      }
    });

    it('with a weak key is refused', async () => {
      const { generateKeyPairSync } = await import('node:crypto');
      const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
      const jwk = publicKey.export({ format: 'jwk' });
      expect(problemOf(await issuer.client().postTo('newAccount', {}, { header: { alg: 'RS256', jwk } }))).toBe(
        'badPublicKey 400',
      );
    });

    it('gives one key one account in each directory', async () => {
      const client = await registered();
      const other = issuer.client({ directory: 'narrow', key: client.key });
      expect((await other.register()).status).toBe(201);
      expect(other.kid).not.toBe(client.kid);
    });
  });

  describe('an account', () => {
    it('is read by POST-as-GET and updated by POST (§7.3.2)', async () => {
      const client = await registered({ contact: ['mailto:a@example.com'] });
      const url = client.kid ?? '';
      expect((await client.post(url)).body).toEqual({
        status: 'valid',
        contact: ['mailto:a@example.com'],
        orders: `${url}/orders`,
      });
      const updated = await client.post(url, { contact: ['mailto:b@example.com', 'mailto:c@example.com'] });
      expect(updated).toMatchObject({ status: 200, headers: { location: url } });
      expect((await client.post(url)).body['contact']).toEqual(['mailto:b@example.com', 'mailto:c@example.com']);
      await client.post(url, { contact: [] });
      expect((await client.post(url)).body).toEqual({ status: 'valid', orders: `${url}/orders` });
    });

    it('is not updated by what may not be changed', async () => {
      const client = await registered();
      expect((await client.post(client.kid ?? '', { status: 'revoked', termsOfServiceAgreed: false })).body).toEqual({
        status: 'valid',
        orders: `${client.kid}/orders`,
      });
    });

    it('is nobody else’s business', async () => {
      const [one, two] = [await registered(), await registered()];
      expect(problemOf(await one.post(two.kid ?? ''))).toBe('unauthorized 403');
      expect(problemOf(await one.post(two.kid ?? '', { contact: [] }))).toBe('unauthorized 403');
    });

    it('that is deactivated can do nothing any more, and its key gets no new one (§7.3.6)', async () => {
      const client = await registered();
      const url = client.kid ?? '';
      expect((await client.post(url, { status: 'deactivated' })).body['status']).toBe('deactivated');
      expect(problemOf(await client.post(url))).toBe('unauthorized 401');
      expect(problemOf(await client.newOrder(['a.example.internal']))).toBe('unauthorized 401');
      client.kid = undefined;
      expect(problemOf(await client.postTo('newAccount', {}))).toBe('unauthorized 401');
    });
  });

  describe('a key change (§7.3.5)', () => {
    async function change(
      client: AcmeTestClient,
      newKey = accountKey(),
      spoil: { header?: object; payload?: object; signer?: typeof newKey } = {},
    ): Promise<Awaited<ReturnType<AcmeTestClient['post']>>> {
      const { keyChange = '' } = await client.directory();
      const header = { alg: newKey.alg, jwk: newKey.jwk, url: keyChange, ...spoil.header };
      const inner = makeJws(spoil.signer ?? newKey, header, {
        account: client.kid,
        oldKey: client.key.jwk,
        ...spoil.payload,
      });
      return client.post(keyChange, inner);
    }

    it('gives the account its new key, and the old one is good for nothing', async () => {
      const client = await registered();
      const [oldKey, newKey] = [client.key, accountKey('ES384')];
      expect(await change(client, newKey)).toMatchObject({ status: 200, headers: { location: client.kid } });
      expect(problemOf(await client.post(client.kid ?? ''))).toBe('badPublicKey 400');
      client.key = newKey;
      expect((await client.post(client.kid ?? '')).status).toBe(200);
      const again = issuer.client({ key: oldKey });
      expect((await again.register()).status).toBe(201);
    });

    it('is noticed where the old key is still kept: at once, because every request checks it', async () => {
      const client = await registered();
      const newKey = accountKey();
      await issuer.database.query(`UPDATE accounts SET jwk = $1, thumbprint = sha256($2) WHERE id = $3`, [
        JSON.stringify(newKey.jwk),
        Buffer.from(JSON.stringify({ crv: newKey.jwk['crv'], kty: 'EC', x: newKey.jwk['x'], y: newKey.jwk['y'] })),
        client.kid?.split('/').at(-1),
      ]);
      expect(problemOf(await client.post(client.kid ?? ''))).toBe('malformed 400');
      client.key = newKey;
      expect((await client.post(client.kid ?? '')).status).toBe(200);
    });

    it('to a key that has an account is refused with 409 and that account’s Location', async () => {
      const [one, two] = [await registered(), await registered()];
      const response = await change(one, two.key);
      expect(problemOf(response)).toBe('malformed 409');
      expect(response.headers.location).toBe(two.kid);
      expect(problemOf(await change(one, one.key))).toBe('malformed 409');
    });

    it('ignores a nonce in the inner JWS', async () => {
      expect((await change(await registered(), accountKey(), { header: { nonce: 'x' } })).status).toBe(200);
    });

    it.each([
      ['another URL inside', { header: { url: 'https://example.com/' } }],
      ['kid inside', { header: { jwk: undefined, kid: 'x' } }],
      ['another account inside', { payload: { account: 'https://example.com/' } }],
      ['another old key', { payload: { oldKey: accountKey().jwk } }],
      ['no old key', { payload: { oldKey: undefined } }],
      ['the signature of another key', { signer: accountKey() }],
    ])('with %s is malformed', async (_, spoil) => {
      expect(problemOf(await change(await registered(), accountKey(), spoil))).toBe('malformed 400');
    });
  });
});
