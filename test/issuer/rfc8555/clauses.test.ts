// Clauses of RFC 8555 and lines of the field notes that no other file is about.
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../../core/ports/base64.ts';
import { accountKey, makeCsr, makeJws, type AcmeTestClient } from '../../support/acme.ts';
import { authorizationsOf, challengeOf, obtain, readyOrder, settled } from '../../support/flows.ts';
import { TestIssuer } from '../../support/issuer.ts';
import { problemOf } from '../../support/problem-of.ts';
import { softHsmMissing } from '../../support/softhsm.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: clauses of RFC 8555: ${missing}`);

describe.skipIf(missing !== undefined)('RFC 8555, clause by clause', () => {
  let issuer: TestIssuer;
  let client: AcmeTestClient;

  beforeAll(async () => {
    issuer = await (await TestIssuer.create()).start();
    client = issuer.client();
    await client.register();
  });
  afterAll(() => issuer.remove());

  it('§6.1: ACME is not spoken over plain HTTP', async () => {
    for (const place of ['directory', 'new-nonce']) {
      const response = await fetch(`http://127.0.0.1:${issuer.ports.publish}/acme/main/${place}`);
      expect(response.status).toBe(404);
      expect(response.headers.has('replay-nonce')).toBe(false);
    }
  });

  it('§6.5: what is answered to a GET of a resource has no nonce, and the directory none either', async () => {
    for (const url of [client.directoryUrl, client.kid ?? '']) {
      expect((await client.transport.request('GET', url)).headers['replay-nonce']).toBeUndefined();
    }
  });

  it('§7.1.3: an order that is pending, ready or valid says when it expires, and always where to finalize it', async () => {
    const shown = [];
    const order = await readyOrder(issuer, client, ['shown.example.internal']);
    const url = String(order.headers.location);
    const ready = await client.post(url);
    shown.push(order.body, ready.body);
    const { csr } = await makeCsr(['shown.example.internal']);
    const finalized = await client.post(String(order.body['finalize']), { csr });
    const valid = await client.post(url);
    shown.push(finalized.body, valid.body);
    expect(shown.map(({ status }) => status)).toEqual(['pending', 'ready', 'valid', 'valid']);
    for (const body of shown) {
      expect(body).toMatchObject({
        expires: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/u),
        finalize: order.body['finalize'],
        authorizations: order.body['authorizations'],
        identifiers: [{ type: 'dns', value: 'shown.example.internal' }],
      });
    }
    // Location in every answer: newOrder, finalize and the order itself (field notes, section f).
    const answers = [order, ready, finalized, valid];
    expect(answers.map(({ headers }) => headers.location)).toEqual([url, url, url, url]);
  });

  it('§7.4: members of an order that are not known are ignored', async () => {
    const order = await client.newOrder(['unknown.example.internal'], { auto: true, status: 'valid', finalize: 'x' });
    expect(order).toMatchObject({ status: 201, body: { status: 'pending' } });
    expect(order.body).not.toHaveProperty('auto');
  });

  it('§7.5.1: members of an answer to a challenge are ignored, old ones such as keyAuthorization too', async () => {
    const [url = ''] = authorizationsOf(await client.newOrder(['old-client.example.internal']));
    issuer.dns.set('old-client.example.internal', { A: ['127.0.0.1'] });
    const { token, url: challenge } = challengeOf(await client.post(url), 'http-01');
    const answers = await issuer.serveChallenges();
    answers.set(`/.well-known/acme-challenge/${token}`, client.keyAuthorization(token));
    await client.post(challenge, { resource: 'challenge', keyAuthorization: 'something else', status: 'valid' });
    expect((await settled(client, url)).body['status']).toBe('valid');
  });

  it('§8.3: white space behind the key authorization is not minded', async () => {
    const [url = ''] = authorizationsOf(await client.newOrder(['newline.example.internal']));
    issuer.dns.set('newline.example.internal', { A: ['127.0.0.1'] });
    const { token, url: challenge } = challengeOf(await client.post(url), 'http-01');
    const answers = await issuer.serveChallenges();
    answers.set(`/.well-known/acme-challenge/${token}`, `${client.keyAuthorization(token)}\r\n`);
    await client.post(challenge, {});
    expect((await settled(client, url)).body['status']).toBe('valid');
  });

  it('an address that a CSR writes as a name is the address of the order, and certified as one (RFC 8738)', async () => {
    const ready = await readyOrder(issuer, client, ['127.0.0.1', 'beside.example.internal']);
    // As clients write it that know names alone: the address as common name and dNSName.
    const { csr } = await makeCsr([], {
      subject: { CN: '127.0.0.1' },
      alternatives: [
        { kind: 'dns', value: '127.0.0.1' },
        { kind: 'dns', value: 'beside.example.internal' },
      ],
    });
    const { body } = await client.post(String(ready.body['finalize']), { csr });
    const leaf = new X509Certificate((await client.post(String(body['certificate']))).text);
    expect(leaf.subjectAltName?.split(', ').toSorted()).toEqual([
      'DNS:beside.example.internal',
      'IP Address:127.0.0.1',
    ]);
  });

  it('§7.6: a certificate in padded base64url, as some clients send it, is revoked', async () => {
    let padded = '';
    // Padding is needed for two lengths of three.
    for (let attempt = 0; attempt < 20 && !padded.endsWith('='); attempt += 1) {
      const name = `padded${'x'.repeat(attempt % 3)}.example.internal`;
      const text = toBase64Url(new X509Certificate((await obtain(issuer, client, [name])).chain).raw);
      padded = text.padEnd(Math.ceil(text.length / 4) * 4, '=');
    }
    expect(padded).toMatch(/=$/u);
    expect((await client.postTo('revokeCert', { certificate: padded })).status).toBe(200);
  });

  it('the certificate has the key identifier of its CA, a positive serial of at most 20 octets, and begins before now', async () => {
    const { chain } = await obtain(issuer, client, ['facts.example.internal']);
    const leaf = new X509Certificate(chain);
    // The first octet is never zero and never above 0x7f: no client has to know how a leading zero is written.
    expect(leaf.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/u);
    expect(Date.now() - Date.parse(leaf.validFrom)).toBeGreaterThan(59_000);
    expect(leaf.checkIssued(new X509Certificate(Buffer.from(issuer.hierarchy.issuing.raw)))).toBe(true);
  });

  it('§7.3.5: a key change leaves orders and authorizations as they are: what was begun is ended with the new key', async () => {
    const mover = issuer.client();
    await mover.register();
    const names = ['moved.example.internal', 'kept.example.internal'];
    const order = await mover.newOrder(names);
    const [first = '', second = ''] = authorizationsOf(order);
    const answers = await issuer.serveChallenges();
    const prove = async (url: string): Promise<void> => {
      const authorization = await mover.post(url);
      issuer.dns.set((authorization.body['identifier'] as { value: string }).value, { A: ['127.0.0.1'] });
      const { token, url: challenge } = challengeOf(authorization, 'http-01');
      answers.set(`/.well-known/acme-challenge/${token}`, mover.keyAuthorization(token));
      await mover.post(challenge, {});
      expect((await settled(mover, url)).body['status']).toBe('valid');
    };
    await prove(first);
    const newKey = accountKey();
    const { keyChange = '' } = await mover.directory();
    const header = { alg: newKey.alg, jwk: newKey.jwk, url: keyChange };
    const inner = makeJws(newKey, header, { account: mover.kid, oldKey: mover.key.jwk });
    expect((await mover.post(keyChange, inner)).status).toBe(200);
    mover.key = newKey;
    expect((await mover.post(first)).body['status']).toBe('valid');
    await prove(second);
    const { csr } = await makeCsr(names);
    expect((await mover.post(String(order.body['finalize']), { csr })).body['status']).toBe('valid');
  });

  it('§7.3.6: a deactivated account cannot place, look at or give up anything', async () => {
    const gone = issuer.client();
    await gone.register();
    const order = await gone.newOrder(['gone.example.internal']);
    const [authorization = ''] = authorizationsOf(order);
    expect((await gone.post(gone.kid ?? '', { status: 'deactivated' })).body['status']).toBe('deactivated');
    const requests = [
      () => gone.newOrder(['gone.example.internal']),
      () => gone.post(String(order.headers.location)),
      () => gone.post(authorization, { status: 'deactivated' }),
      () => gone.post(gone.kid ?? '', { contact: [] }),
      () => gone.post(`${gone.kid}/orders`),
    ];
    for (const request of requests) expect(problemOf(await request())).toBe('unauthorized 401');
  });
});
