// RFC 8555 §7.4: orders, finalization and the certificate.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPem } from '../../../core/x509/pem.ts';
import { makeCsr, type AcmeResponse, type AcmeTestClient } from '../../support/acme.ts';
import { chainFaults } from '../../support/chain-checks.ts';
import { problemOf } from '../../support/problem-of.ts';
import { authorizationsOf, authorize, challengeOf, obtain, readyOrder, settled } from '../../support/flows.ts';
import { TestIssuer } from '../../support/issuer.ts';
import { softHsmMissing } from '../../support/softhsm.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: RFC 8555 §7.4: ${missing}`);

describe.skipIf(missing !== undefined)('RFC 8555 §7.4: orders', () => {
  let issuer: TestIssuer;
  let client: AcmeTestClient;

  beforeAll(async () => {
    issuer = await (await TestIssuer.create()).start();
    client = issuer.client();
    await client.register();
  });
  afterAll(() => issuer.remove());

  const seconds = (time: unknown): number => Date.parse(String(time)) / 1000;
  const now = (): number => Math.floor(Date.now() / 1000);
  const utc = (time: number): string => new Date(time * 1000).toISOString();

  describe('newOrder', () => {
    it('is answered with 201, Location, and all that an order must have', async () => {
      const { status, headers, body } = await client.newOrder(['A.example.internal', 'b.example.internal']);
      const order = String(headers.location);
      expect(status).toBe(201);
      expect(body).toEqual({
        status: 'pending',
        expires: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/u),
        identifiers: [
          { type: 'dns', value: 'a.example.internal' },
          { type: 'dns', value: 'b.example.internal' },
        ],
        authorizations: [expect.stringContaining('/acme/main/authorization/'), expect.anything()],
        finalize: `${order}/finalize`,
      });
      expect(headers['retry-after']).toMatch(/^\d+$/u);
      expect((await client.post(order)).body).toEqual(body);
    });

    it.each([
      ['nothing', undefined],
      ['no identifiers', {}],
      ['an empty list', { identifiers: [] }],
      ['an identifier without a value', { identifiers: [{ type: 'dns' }] }],
      [
        'the same name twice',
        {
          identifiers: [
            { type: 'dns', value: 'a.example.internal' },
            { type: 'dns', value: 'A.EXAMPLE.internal' },
          ],
        },
      ],
      [
        'a hundred and one names',
        { identifiers: Array.from({ length: 101 }, (_, n) => ({ type: 'dns', value: `n${n}.example.internal` })) },
      ],
      ['a date that is none', { identifiers: [{ type: 'dns', value: 'a.example.internal' }], notAfter: 'tomorrow' }],
    ])('with %s is malformed', async (_, payload) => {
      expect(problemOf(await client.postTo('newOrder', payload))).toBe('malformed 400');
    });

    it.each([
      ['bücher.example.internal', 'A-labels'],
      ['example.internal.', 'dot'],
      ['*.*.example.internal', 'wildcard'],
      ['elsewhere.example.org', 'directory allows'],
      ['badexample.internal', 'directory allows'],
      ['192.0.2.1', 'directory allows'],
    ])('for %s is refused in clear text, with a subproblem for the identifier', async (name, text) => {
      const response = await client.newOrder([name, 'fine.example.internal']);
      expect(problemOf(response)).toBe('rejectedIdentifier 403');
      expect(response.body['detail']).toContain(text);
      expect(response.body).not.toHaveProperty('identifier');
      expect(response.body['subproblems']).toEqual([
        expect.objectContaining({ identifier: { type: expect.anything(), value: name } }),
      ]);
    });

    it('for an identifier of another type is refused as unsupported', async () => {
      const payload = { identifiers: [{ type: 'email', value: 'a@example.internal' }] };
      expect(problemOf(await client.postTo('newOrder', payload))).toBe('unsupportedIdentifier 403');
    });

    it('is held to the directory it is sent to', async () => {
      const narrow = issuer.client({ directory: 'narrow' });
      await narrow.register();
      expect((await narrow.newOrder(['a.narrow.example.internal'])).status).toBe(201);
      expect(problemOf(await narrow.newOrder(['a.example.internal']))).toBe('rejectedIdentifier 403');
      expect(problemOf(await narrow.newOrder(['*.narrow.example.internal']))).toBe('rejectedIdentifier 403');
    });

    it('takes the dates it is asked for, and the zero time as none', async () => {
      const dates = { notBefore: utc(now()), notAfter: utc(now() + 86_400) };
      const { body } = await client.newOrder(['dated.example.internal'], dates);
      expect([seconds(body['notBefore']), seconds(body['notAfter'])]).toEqual([
        seconds(dates.notBefore),
        seconds(dates.notAfter),
      ]);
      const zero = { notBefore: '0001-01-01T00:00:00Z', notAfter: '0001-01-01T00:00:00Z' };
      const none = await client.newOrder(['dated.example.internal'], zero);
      expect(none.status).toBe(201);
      expect(none.body).not.toHaveProperty('notAfter');
    });

    it.each([
      ['a life longer than the directory gives', () => ({ notAfter: utc(now() + 61 * 86_400) })],
      ['an end in the past', () => ({ notAfter: utc(now() - 1) })],
      ['a beginning in a week', () => ({ notBefore: utc(now() + 7 * 86_400) })],
    ])('for %s is malformed', async (_, dates) => {
      expect(problemOf(await client.newOrder(['dated.example.internal'], dates()))).toBe('malformed 400');
    });
  });

  describe('an order', () => {
    it('is read by its account alone', async () => {
      const order = await client.newOrder(['mine.example.internal']);
      const other = issuer.client();
      await other.register();
      for (const url of [String(order.headers.location), ...authorizationsOf(order)]) {
        expect(problemOf(await other.post(url))).toBe('malformed 404');
      }
      expect(problemOf(await other.post(String(order.body['finalize']), { csr: 'x' }))).toBe('malformed 404');
    });

    it('that has expired is invalid and cannot be finalized', async () => {
      const order = await readyOrder(issuer, client, ['expired.example.internal']);
      const id = String(order.headers.location).split('/').at(-1);
      await issuer.database.query("UPDATE orders SET expires_at = now() - interval '1 second' WHERE id = $1", [id]);
      const read = await client.post(String(order.headers.location));
      expect(read.body).toMatchObject({ status: 'invalid', error: { type: expect.stringContaining('unauthorized') } });
      const { csr } = await makeCsr(['expired.example.internal']);
      expect(problemOf(await client.post(String(order.body['finalize']), { csr }))).toBe('orderNotReady 403');
    });
  });

  describe('finalize', () => {
    it('goes from pending over ready to valid, and answers with the certificate at once', async () => {
      const order = await client.newOrder(['flow.example.internal']);
      await authorize(issuer, client, order);
      const url = String(order.headers.location);
      expect((await client.post(url)).body['status']).toBe('ready');
      const { csr } = await makeCsr(['flow.example.internal']);
      const { status, body, headers } = await client.post(String(order.body['finalize']), { csr });
      expect(status).toBe(200);
      expect(headers.location).toBe(url);
      expect(body).toMatchObject({ status: 'valid', certificate: expect.stringContaining('/acme/main/certificate/') });
      expect((await client.post(url)).body).toEqual(body);
    });

    it('of a pending order is refused with orderNotReady, and the order stands', async () => {
      const order = await client.newOrder(['early.example.internal']);
      const { csr } = await makeCsr(['early.example.internal']);
      expect(problemOf(await client.post(String(order.body['finalize']), { csr }))).toBe('orderNotReady 403');
      await authorize(issuer, client, order);
      expect((await client.post(String(order.body['finalize']), { csr })).body['status']).toBe('valid');
    });

    it('with a bad CSR is refused, and the order stands', async () => {
      const order = await readyOrder(issuer, client, ['csr.example.internal']);
      const finalize = String(order.body['finalize']);
      const wrong = await makeCsr(['csr.example.internal', 'other.example.internal']);
      for (const csr of [wrong.csr, 'AAAA', '!'])
        expect(problemOf(await client.post(finalize, { csr }))).toBe('badCSR 400');
      expect(problemOf(await client.post(finalize, {}))).toBe('malformed 400');
      const { csr } = await makeCsr(['csr.example.internal']);
      expect((await client.post(finalize, { csr })).body['status']).toBe('valid');
    });

    it('repeated is answered with the same order; for another key it is refused', async () => {
      const names = ['again.example.internal'];
      const order = await readyOrder(issuer, client, names);
      const finalize = String(order.body['finalize']);
      const { csr, key } = await makeCsr(names);
      const first = await client.post(finalize, { csr });
      expect((await client.post(finalize, { csr })).body).toEqual(first.body);
      // ECDSA signatures differ each time: the same key makes it the same request.
      const again = await makeCsr(names, { key });
      expect((await client.post(finalize, { csr: again.csr })).body).toEqual(first.body);
      expect(problemOf(await client.post(finalize, { csr: (await makeCsr(names)).csr }))).toBe('orderNotReady 403');
    });

    it('by ten requests at the same time makes one certificate, and all are answered with it', async () => {
      const names = ['race.example.internal'];
      const order = await readyOrder(issuer, client, names);
      const { csr } = await makeCsr(names);
      const clients = Array.from({ length: 10 }, () => {
        const twin = issuer.client({ key: client.key });
        twin.kid = client.kid;
        return twin;
      });
      await Promise.all(clients.map((twin) => twin.post(client.kid ?? '')));
      const answers = await Promise.all(clients.map((twin) => twin.post(String(order.body['finalize']), { csr })));
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      expect(answers[0]?.body['status']).toBe('valid');
      const id = String(order.headers.location).split('/').at(-1);
      expect(await issuer.database.query('SELECT status FROM certificates WHERE order_id = $1', [id])).toEqual([
        { status: 'issued' },
      ]);
    });

    it('uses up the nonce of every request, also of those that only wait for another', async () => {
      const names = ['spent.example.internal'];
      const order = await readyOrder(issuer, client, names);
      const { csr } = await makeCsr(names);
      const twins = [client, issuer.client({ key: client.key })].map((twin) =>
        Object.assign(twin, { kid: client.kid }),
      );
      const nonces = await Promise.all(twins.map((twin) => twin.nonce()));
      const post = (index: number): Promise<AcmeResponse> | undefined =>
        twins[index]?.post(String(order.body['finalize']), { csr }, { header: { nonce: nonces[index] } });
      const first = await Promise.all([post(0), post(1)]);
      expect(first.map((answer) => answer?.body['status'])).toEqual(['valid', 'valid']);
      const second = await Promise.all([post(0), post(1)]);
      expect(second.map((answer) => answer && problemOf(answer))).toEqual(['badNonce 400', 'badNonce 400']);
    });

    it('writes serial number and digest of what is signed ahead', async () => {
      const { chain } = await obtain(issuer, client, ['ahead.example.internal']);
      const [leaf] = readPem(chain);
      const rows = await issuer.database.query<{ der: Buffer; ahead: boolean; names: string[] }>(
        "SELECT der, intended_at <= issued_at AS ahead, names FROM certificates WHERE 'ahead.example.internal' = ANY (names)",
      );
      expect(rows).toEqual([{ der: Buffer.from(leaf?.bytes ?? []), ahead: true, names: ['ahead.example.internal'] }]);
    });

    it('for an RSA key, with a common name, an address and a wildcard, makes what OpenSSL and GnuTLS accept', async () => {
      const names = ['rsa.example.internal', '127.0.0.1', '*.rsa.example.internal'];
      const order = await client.newOrder(names);
      const answers = await issuer.serveChallenges();
      issuer.dns.set('rsa.example.internal', { A: ['127.0.0.1'] });
      for (const url of authorizationsOf(order)) {
        const authorization = await client.post(url);
        const type = authorization.body['wildcard'] === true ? 'dns-01' : 'http-01';
        const challenge = challengeOf(authorization, type);
        const proof = client.keyAuthorization(challenge.token);
        answers.set(`/.well-known/acme-challenge/${challenge.token}`, proof);
        const { createHash } = await import('node:crypto');
        issuer.dns.addText(
          '_acme-challenge.rsa.example.internal',
          createHash('sha256').update(proof).digest('base64url'),
        );
        await client.post(challenge.url, {});
        expect((await settled(client, url)).body['status']).toBe('valid');
      }
      const { csr } = await makeCsr(names, { algorithm: 'rsa-3072', subject: { CN: 'rsa.example.internal' } });
      const finalized = await client.post(String(order.body['finalize']), { csr });
      const { text } = await client.post(String(finalized.body['certificate']));
      expect(chainFaults(text, issuer.rootPem)).toEqual([]);
    });
  });

  describe('§7.4.2 the certificate', () => {
    it('is a PEM chain, leaf first, without the root, LF, nothing between, a final newline', async () => {
      const { finalized, chain } = await obtain(issuer, client, ['pem.example.internal']);
      const response = await client.post(String(finalized.body['certificate']));
      expect(response.headers['content-type']).toBe('application/pem-certificate-chain');
      // certbot gives up over a download without one.
      expect(response.headers['replay-nonce']).toMatch(/^[A-Za-z0-9_-]{36}$/u);
      expect(response.headers['link']).toBe(`<${client.directoryUrl}>;rel="index"`);
      expect(chain).toMatch(
        /^(?:-----BEGIN CERTIFICATE-----\n(?:[A-Za-z0-9+/=]{1,64}\n)+-----END CERTIFICATE-----\n){2}$/u,
      );
      expect(readPem(chain)[1]?.bytes).toEqual(issuer.hierarchy.issuing.raw);
      expect(chainFaults(chain, issuer.rootPem)).toEqual([]);
    });

    it('is for the account that ordered it; what does not exist is not found', async () => {
      const { finalized } = await obtain(issuer, client, ['mine.example.internal']);
      const url = String(finalized.body['certificate']);
      const other = issuer.client();
      await other.register();
      expect(problemOf(await other.post(url))).toBe('malformed 404');
      for (const wrong of [`${url}/1`, `${url}00`, url.slice(0, -2), `${issuer.baseUrl}/acme/main/certificate/x`]) {
        expect(problemOf(await client.post(wrong))).toBe('malformed 404');
      }
    });
  });
});
