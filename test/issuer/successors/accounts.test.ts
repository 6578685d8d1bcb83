// RFC 8555 §7.3.3 and §7.3.4: terms of service and external accounts; §7.1.2.1: the list of orders.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/node/clock.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { Database } from '../../../issuer/store/database.ts';
import { insertExternalKey, listExternalKeys, revokeExternalKey } from '../../../issuer/store/external-keys.ts';
import { accountKey, type AccountKey, type AcmeResponse, type AcmeTestClient } from '../../support/acme.ts';
import { bindWith } from '../../support/external-binding.ts';
import { TestIssuer } from '../../support/issuer.ts';
import { problemOf } from '../../support/problem-of.ts';
import { softHsmMissing } from '../../support/softhsm.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: RFC 8555 §7.3.3, §7.3.4: ${missing}`);

const terms = 'https://pki.example.internal/terms/v1';
const secret = randomBytes(32);

/** A binding with the key that this test knows, unless another is given. */
function bind(
  key: AccountKey,
  header: Record<string, unknown>,
  { mac = secret, ...more }: { mac?: Buffer; digest?: string; payload?: Record<string, unknown> } = {},
): object {
  return bindWith(mac, key, header, more);
}

describe.skipIf(missing !== undefined)('accounts', () => {
  let issuer: TestIssuer;
  let database: Database;

  beforeAll(async () => {
    const common = { issuer: 'issuing-i1', profile: { type: 'leaf', eku: ['serverAuth'] } };
    const names = {
      lifetime: { default: '1d', max: '1d' },
      challenges: ['http-01'],
      allow: { dns: ['example.internal'] },
    };
    const change = {
      directories: {
        bound: { ...common, ...names, externalAccountRequired: true },
        terms: { ...common, ...names, termsOfService: terms, website: 'https://pki.example.internal/' },
      },
    };
    issuer = await (await TestIssuer.create({ change })).start();
    database = new Database({ url: issuer.database.url, connections: 2, onError: () => undefined });
    await addKey('one');
  });
  afterAll(async () => {
    await database.close();
    await issuer.remove();
  });

  async function addKey(kid: string, more: { reusable?: boolean; expires?: string } = {}): Promise<void> {
    const { reusable = false, expires = null } = more;
    const now = formatUtc(systemClock.now());
    await insertExternalKey(database, {
      kid,
      directory: 'bound',
      secret,
      sealedWith: null,
      label: kid,
      reusable,
      now,
      expires,
    });
  }

  const url = (): string => `${issuer.baseUrl}/acme/bound/new-account`;
  const registerBound = (client: AcmeTestClient, binding: object): Promise<AcmeResponse> =>
    client.register({ externalAccountBinding: binding });

  describe('§7.3.4: with external accounts', () => {
    it('the directory says that they are required, and a new account without one is refused', async () => {
      const client = issuer.client({ directory: 'bound' });
      expect(await client.directory()).toMatchObject({ meta: { externalAccountRequired: true } });
      expect(problemOf(await client.register())).toBe('externalAccountRequired 403');
      expect(problemOf(await client.register({ onlyReturnExisting: true }))).toBe('accountDoesNotExist 400');
    });

    it('a binding with a known key makes the account, which repeats it; the key is then used up', async () => {
      const client = issuer.client({ directory: 'bound' });
      const binding = bind(client.key, { kid: 'one', url: url() });
      const made = await registerBound(client, binding);
      expect(made).toMatchObject({ status: 201, body: { externalAccountBinding: binding } });
      expect((await client.post(client.kid ?? '')).body['externalAccountBinding']).toEqual(binding);
      client.kid = undefined;
      expect((await registerBound(client, binding)).status).toBe(200);
      client.kid = undefined;
      expect((await client.register()).status).toBe(200);
      const other = issuer.client({ directory: 'bound' });
      const again = await registerBound(other, bind(other.key, { kid: 'one', url: url() }));
      expect(problemOf(again)).toBe('unauthorized 403');
    });

    it('is read with HS384 and HS512, and a reusable key binds several accounts', async () => {
      await addKey('many', { reusable: true });
      for (const [alg, digest] of [
        ['HS384', 'sha384'],
        ['HS512', 'sha512'],
        ['HS256', 'sha256'],
      ] as const) {
        const client = issuer.client({ directory: 'bound' });
        const binding = bind(client.key, { kid: 'many', url: url(), alg }, { digest });
        expect((await registerBound(client, binding)).status).toBe(201);
      }
    });

    it.each<[string, string, (key: AccountKey) => object]>([
      ['of an unknown key', 'unauthorized 403', (key) => bind(key, { kid: 'none', url: url() })],
      [
        'made with another secret',
        'unauthorized 403',
        (key) => bind(key, { kid: 'two', url: url() }, { mac: randomBytes(32) }),
      ],
      [
        'for another account key',
        'malformed 400',
        (key) => bind(key, { kid: 'two', url: url() }, { payload: accountKey().jwk }),
      ],
      ['for another URL', 'malformed 400', (key) => bind(key, { kid: 'two', url: `${url()}/` })],
      ['with a nonce', 'malformed 400', (key) => bind(key, { kid: 'two', url: url(), nonce: 'x' })],
      ['without a kid', 'malformed 400', (key) => bind(key, { url: url() })],
      [
        'with a signature algorithm',
        'badSignatureAlgorithm 400',
        (key) => bind(key, { kid: 'two', url: url(), alg: 'ES256' }),
      ],
      ['with alg none', 'badSignatureAlgorithm 400', (key) => bind(key, { kid: 'two', url: url(), alg: 'none' })],
      [
        'with an unprotected header',
        'malformed 400',
        (key) => ({ ...bind(key, { kid: 'two', url: url() }), header: {} }),
      ],
      ['of no key', 'badPublicKey 400', (key) => bind(key, { kid: 'two', url: url() }, { payload: {} })],
      ['cut short', 'unauthorized 403', (key) => ({ ...bind(key, { kid: 'two', url: url() }), signature: 'AAAA' })],
    ])('a binding %s is refused', async (_, problem, make) => {
      if (_ === 'made with another secret') await addKey('two');
      const client = issuer.client({ directory: 'bound' });
      expect(problemOf(await registerBound(client, make(client.key)))).toBe(problem);
    });

    it('a key that is revoked or has expired binds nothing', async () => {
      await addKey('gone');
      await addKey('late', { expires: formatUtc(systemClock.now() - 10) });
      const now = formatUtc(systemClock.now());
      expect(await revokeExternalKey(database, 'bound', 'gone', now)).toBe(true);
      expect(await revokeExternalKey(database, 'bound', 'gone', now)).toBe(false);
      for (const kid of ['gone', 'late']) {
        const client = issuer.client({ directory: 'bound' });
        expect(problemOf(await registerBound(client, bind(client.key, { kid, url: url() })))).toBe('unauthorized 403');
      }
      const listed = await listExternalKeys(database, 'bound', '', 2);
      expect(listed.map(({ kid }) => kid)).toEqual(['gone', 'late']);
      expect(JSON.stringify(listed)).not.toContain('secret');
    });
  });

  describe('§7.3.3: with terms of service', () => {
    it('the directory names them, and a new account that does not agree is told where they are', async () => {
      const client = issuer.client({ directory: 'terms' });
      expect(await client.directory()).toMatchObject({ meta: { termsOfService: terms, website: expect.any(String) } });
      const refused = await client.register({ termsOfServiceAgreed: false });
      expect(problemOf(refused)).toBe('userActionRequired 403');
      expect(refused.headers['link']).toContain(`<${terms}>;rel="terms-of-service"`);
      expect(refused.body['instance']).toBe(terms);
      expect((await client.register()).body['termsOfServiceAgreed']).toBe(true);
      expect((await client.newOrder(['a.example.internal'])).status).toBe(201);
    });

    it('that have changed orders wait until the account agrees anew', async () => {
      const client = issuer.client({ directory: 'terms' });
      await client.register();
      const id = String(client.kid).split('/').at(-1);
      await issuer.database.query("UPDATE accounts SET terms_agreed = 'https://old/' WHERE id = $1", [id]);
      const refused = await client.newOrder(['a.example.internal']);
      expect(problemOf(refused)).toBe('userActionRequired 403');
      expect(refused.headers['link']).toContain('rel="terms-of-service"');
      expect((await client.post(client.kid ?? '')).body).not.toHaveProperty('termsOfServiceAgreed');
      // §7.3.2: an update cannot agree.
      await client.post(client.kid ?? '', { termsOfServiceAgreed: true });
      expect((await client.newOrder(['a.example.internal'])).status).toBe(403);
      client.kid = undefined;
      expect(await client.register()).toMatchObject({ status: 200, body: { termsOfServiceAgreed: true } });
      expect((await client.newOrder(['a.example.internal'])).status).toBe(201);
    });
  });

  describe('§7.1.2.1: the list of orders', () => {
    it('is read in pages by POST-as-GET, without orders that are invalid, by its account alone', async () => {
      const client = issuer.client();
      await client.register();
      const list = String((await client.post(client.kid ?? '')).body['orders']);
      expect((await client.post(list)).body).toEqual({ orders: [] });
      const order = await client.newOrder(['listed.example.internal']);
      const first = String(order.headers.location);
      expect((await client.post(list)).body).toEqual({ orders: [first] });
      await issuer.database.query(
        `INSERT INTO orders SELECT 'z' || lpad(i::text, 19, '0'), account_id, directory,
          CASE WHEN i % 2 = 0 THEN 'invalid' ELSE status END, identifiers, awaiting, not_before, not_after, error,
          created_at, expires_at FROM orders, generate_series(1, 300) AS i WHERE id = $1`,
        [first.split('/').at(-1)],
      );
      const pages: unknown[][] = [];
      for (let page: string | undefined = list; page !== undefined;) {
        const response: AcmeResponse = await client.post(page);
        pages.push(response.body['orders'] as unknown[]);
        page = /<([^>]+)>;rel="next"/u.exec(String(response.headers['link']))?.[1];
      }
      expect(pages.map(({ length }) => length)).toEqual([100, 51]);
      expect(new Set(pages.flat()).size).toBe(151);
      const other = issuer.client();
      await other.register();
      expect(problemOf(await other.post(list))).toBe('unauthorized 403');
    });
  });
});
