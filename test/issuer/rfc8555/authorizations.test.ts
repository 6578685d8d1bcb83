// RFC 8555 §7.5 and §8: authorizations and challenges.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCsr, type AcmeResponse, type AcmeTestClient } from '../../support/acme.ts';
import { problemOf } from '../../support/problem-of.ts';
import { authorizationsOf, authorize, challengeOf, challengesOf, dnsProof, settled } from '../../support/flows.ts';
import { TestIssuer } from '../../support/issuer.ts';
import { softHsmMissing } from '../../support/softhsm.ts';
import { until } from '../../support/until.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: RFC 8555 §7.5: ${missing}`);

describe.skipIf(missing !== undefined)('RFC 8555 §7.5: authorizations', () => {
  let issuer: TestIssuer;
  let client: AcmeTestClient;

  beforeAll(async () => {
    issuer = await (await TestIssuer.create()).start();
    client = issuer.client();
    await client.register();
    await issuer.serveChallenges();
  });
  afterAll(() => issuer.remove());

  async function pending(
    ...names: string[]
  ): Promise<{ order: AcmeResponse; url: string; authorization: AcmeResponse }> {
    const order = await client.newOrder(names);
    const [url = ''] = authorizationsOf(order);
    return { order, url, authorization: await client.post(url) };
  }

  it('holds the identifier and, with tokens of their own, the challenges that can prove it', async () => {
    const { authorization } = await pending('new.example.internal');
    expect(authorization).toMatchObject({
      status: 200,
      headers: { 'retry-after': expect.stringMatching(/^\d+$/u) },
      body: {
        identifier: { type: 'dns', value: 'new.example.internal' },
        status: 'pending',
        expires: expect.anything(),
      },
    });
    expect(authorization.body).not.toHaveProperty('wildcard');
    const challenges = challengesOf(authorization);
    expect(challenges.map(({ type, status }) => [type, status])).toEqual([
      ['http-01', 'pending'],
      ['dns-01', 'pending'],
    ]);
    const tokens = challenges.map(({ token }) => token);
    expect(tokens.every((token) => /^[A-Za-z0-9_-]{43}$/u.test(token))).toBe(true);
    expect(new Set(tokens).size).toBe(2);
  });

  it('for a wildcard names the domain without "*." and says wildcard, with dns-01 alone', async () => {
    const { authorization } = await pending('*.wild.example.internal');
    expect(authorization.body).toMatchObject({
      identifier: { type: 'dns', value: 'wild.example.internal' },
      wildcard: true,
    });
    expect(challengesOf(authorization).map(({ type }) => type)).toEqual(['dns-01']);
  });

  it('for an address has http-01 alone (RFC 8738 §4)', async () => {
    const { authorization } = await pending('127.0.0.1');
    expect(challengesOf(authorization).map(({ type }) => type)).toEqual(['http-01']);
  });

  it('is valid when a challenge was, and then shows that one', async () => {
    const { order, url, authorization } = await pending('valid.example.internal');
    await authorize(issuer, client, order);
    const { body } = await client.post(url);
    expect(body['status']).toBe('valid');
    expect(body['challenges']).toEqual([
      expect.objectContaining({ type: 'http-01', status: 'valid', validated: expect.stringMatching(/Z$/u) }),
    ]);
    const other = challengeOf(authorization, 'dns-01');
    expect((await client.post(other.url, {})).body['status']).toBe('pending');
  });

  it('§7.5.1: the POST to a challenge is answered at once with processing, rel="up" and Retry-After', async () => {
    const { url, authorization } = await pending('slow.example.internal');
    issuer.dns.set('_acme-challenge.slow.example.internal', { fault: 'silent' });
    const challenge = challengeOf(authorization, 'dns-01');
    const begin = performance.now();
    const response = await client.post(challenge.url, {});
    // Long before the name server would be given up.
    expect(performance.now() - begin).toBeLessThan(20_000);
    expect(response).toMatchObject({
      status: 200,
      body: { status: 'processing', type: 'dns-01', token: challenge.token },
    });
    expect(response.headers['link']).toBe(`<${client.directoryUrl}>;rel="index", <${url}>;rel="up"`);
    expect(response.headers['retry-after']).toMatch(/^\d+$/u);
    const looked = await client.post(challenge.url);
    expect(looked.body['status']).toBe('processing');
    expect((await client.post(url)).body['status']).toBe('pending');
  });

  it('is looked at once: the answer waits a little for a validation under way', async () => {
    let rounds = 0;
    // Again where the machine is so slow that the validation takes longer than the little while.
    const seen = await until('a look sees the end of a validation', async () => {
      const name = `waited${(rounds += 1)}.example.internal`;
      const record = `_acme-challenge.${name}`;
      const { url, authorization } = await pending(name);
      const { token, url: challenge } = challengeOf(authorization, 'dns-01');
      issuer.dns.set(record, { fault: 'silent' });
      await client.post(challenge, {});
      await until('the name server is asked', () => issuer.dns.queries.includes(`TXT ${record}`));
      const look = client.post(url);
      // An answer that does not wait would be here by then.
      await Promise.race([look, pause(100)]);
      issuer.dns.set(record, { TXT: [[dnsProof(client, token)]] });
      issuer.dns.answerSilenced();
      return (await look).body['status'] === 'valid';
    });
    expect(seen).toBe(true);
  });

  it('§7.1.6: a failed challenge makes authorization and order invalid at once, each with its error', async () => {
    const { order, url, authorization } = await pending('failing.example.internal', 'other.example.internal');
    issuer.dns.set('failing.example.internal', { A: ['127.0.0.1'] });
    await client.post(challengeOf(authorization, 'http-01').url, {});
    const failed = await settled(client, url);
    expect(failed.body['status']).toBe('invalid');
    expect(failed.body['challenges']).toEqual([
      expect.objectContaining({
        type: 'http-01',
        status: 'invalid',
        error: {
          type: 'urn:ietf:params:acme:error:incorrectResponse',
          detail: expect.stringContaining('404'),
          status: 403,
        },
      }),
    ]);
    const { body } = await client.post(String(order.headers.location));
    expect(body).toMatchObject({
      status: 'invalid',
      error: {
        type: 'urn:ietf:params:acme:error:incorrectResponse',
        subproblems: [{ identifier: { type: 'dns', value: 'failing.example.internal' } }],
      },
    });
    const { csr } = await makeCsr(['failing.example.internal', 'other.example.internal']);
    expect(problemOf(await client.post(String(order.body['finalize']), { csr }))).toBe('orderNotReady 403');
    // There is no second try (§7.1.6): the other challenge of an invalid authorization leads nowhere.
    expect(problemOf(await client.post(challengeOf(authorization, 'dns-01').url, {}))).toBe('malformed 400');
  });

  it('is not validated for the key authorization of another account', async () => {
    const { url, authorization } = await pending('stolen.example.internal');
    issuer.dns.set('stolen.example.internal', { A: ['127.0.0.1'] });
    const { token, url: challenge } = challengeOf(authorization, 'http-01');
    const other = issuer.client();
    (await issuer.serveChallenges()).set(`/.well-known/acme-challenge/${token}`, other.keyAuthorization(token));
    await client.post(challenge, {});
    expect((await settled(client, url)).body['status']).toBe('invalid');
  });

  it('says of a name that does not exist that it does not, as a dns problem', async () => {
    const { url, authorization } = await pending('missing.example.internal');
    await client.post(challengeOf(authorization, 'http-01').url, {});
    const [challenge] = challengesOf(await settled(client, url));
    expect(challenge?.error).toMatchObject({
      type: 'urn:ietf:params:acme:error:dns',
      detail: expect.stringContaining('does not exist'),
    });
  });

  it('is begun once by several POSTs to its challenge', async () => {
    const { url, authorization } = await pending('twice.example.internal');
    issuer.dns.set('_acme-challenge.twice.example.internal', { fault: 'silent' });
    const challenge = challengeOf(authorization, 'dns-01');
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect((await client.post(challenge.url, {})).body['status']).toBe('processing');
    }
    const asked = (): number =>
      issuer.dns.queries.filter((query) => query === 'TXT _acme-challenge.twice.example.internal').length;
    await until('the name server is asked', () => asked() > 0);
    issuer.dns.set('_acme-challenge.twice.example.internal', { TXT: [['another']] });
    issuer.dns.answerSilenced();
    expect((await settled(client, url)).body['status']).toBe('invalid');
    expect(asked()).toBe(1);
  });

  it('§7.5.2: is deactivated by its account, and takes the orders that need it along', async () => {
    const { order, url } = await pending('deactivated.example.internal');
    await authorize(issuer, client, order);
    expect((await client.post(url, { status: 'deactivated' })).body['status']).toBe('deactivated');
    expect((await client.post(url)).body['status']).toBe('deactivated');
    expect((await client.post(String(order.headers.location))).body['status']).toBe('invalid');
    expect((await client.post(url, { status: 'valid' })).body['status']).toBe('deactivated');
  });

  it('and its challenges are the business of its account alone', async () => {
    const { url, authorization } = await pending('private.example.internal');
    const other = issuer.client();
    await other.register();
    const { url: challenge } = challengeOf(authorization, 'http-01');
    for (const [target, payload] of [[url], [url, { status: 'deactivated' }], [challenge], [challenge, {}]] as const) {
      expect(problemOf(await other.post(target, payload))).toBe('malformed 404');
    }
    expect((await client.post(url)).body['status']).toBe('pending');
  });

  it('that has expired is shown as expired or invalid, and its challenges cannot be begun', async () => {
    const { url, authorization } = await pending('late.example.internal');
    const id = url.split('/').at(-1);
    await issuer.database.query("UPDATE authorizations SET expires_at = now() - interval '1 second' WHERE id = $1", [
      id,
    ]);
    expect((await client.post(url)).body['status']).toBe('invalid');
    expect(problemOf(await client.post(challengeOf(authorization, 'http-01').url, {}))).toBe('malformed 400');
    await issuer.database.query("UPDATE authorizations SET status = 'valid' WHERE id = $1", [id]);
    expect((await client.post(url)).body['status']).toBe('expired');
  });
});
