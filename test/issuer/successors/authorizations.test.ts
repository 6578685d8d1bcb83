// RFC 8555 §7.4.1 and §8.2, RFC 9444, profiles, and the challenges that came after RFC 8555: over the running program.
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountLabel } from '../../../issuer/validate/dns-account-01.ts';
import { makeCsr, type AcmeResponse, type AcmeTestClient } from '../../support/acme.ts';
import { authorizationsOf, challengeOf, challengesOf, dnsProof, settled } from '../../support/flows.ts';
import { TestIssuer } from '../../support/issuer.ts';
import { problemOf } from '../../support/problem-of.ts';
import { softHsmMissing } from '../../support/softhsm.ts';
import { until } from '../../support/until.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: RFC 8555 §7.4.1, RFC 9444, profiles: ${missing}`);

const identity = 'ca.example.internal';

describe.skipIf(missing !== undefined)('a directory with everything', () => {
  let issuer: TestIssuer;
  let client: AcmeTestClient;

  beforeAll(async () => {
    const profile = { type: 'leaf', eku: ['serverAuth', 'clientAuth'] };
    const change = {
      directories: {
        full: {
          issuer: 'issuing-i1',
          profile,
          lifetime: { default: '30d', max: '60d' },
          challenges: ['http-01', 'dns-01', 'tls-alpn-01', 'dns-account-01', 'dns-persist-01'],
          allow: { dns: ['example.internal'], wildcards: true, ip: ['127.0.0.0/8'] },
          caaIdentities: [identity],
          reuseAuthorizations: true,
          subdomains: true,
          profiles: {
            passing: { description: 'Not offered for long' },
            short: { description: 'For an hour', lifetime: { default: '1h', max: '1h' } },
            server: {
              description: 'https://pki.example.internal/profiles#server',
              profile: { ...profile, eku: ['serverAuth'] },
            },
          },
        },
        heeding: {
          issuer: 'issuing-i1',
          profile,
          lifetime: { default: '1d', max: '1d' },
          challenges: ['dns-01'],
          allow: { dns: ['example.internal'] },
          caaIdentities: [identity],
          checkCaa: true,
        },
      },
      // Longer than any test: attempts follow one another only where a client asks.
      validation: { attempts: 3, attemptsApart: '1h' },
    };
    issuer = await (await TestIssuer.create({ change })).start();
    client = issuer.client({ directory: 'full' });
    await client.register();
  });
  afterAll(() => issuer.remove());

  const hash = (token: string): string => dnsProof(client, token);

  /** Proves control by dns-01; the authorization as it is then. */
  async function prove(url: string): Promise<AcmeResponse> {
    const authorization = await client.post(url);
    const { value } = authorization.body['identifier'] as { value: string };
    const { token, url: challenge } = challengeOf(authorization, 'dns-01');
    issuer.dns.addText(`_acme-challenge.${value}`, hash(token));
    await client.post(challenge, {});
    return settled(client, url);
  }

  async function preAuthorize(value: string, more: object = {}): Promise<AcmeResponse> {
    return client.postTo('newAuthz', { identifier: { type: 'dns', value, ...more } });
  }

  it('advertises what works here and nothing more', async () => {
    expect(await client.directory()).toMatchObject({
      newAuthz: `${issuer.baseUrl}/acme/full/new-authz`,
      meta: {
        externalAccountRequired: false,
        caaIdentities: [identity],
        issuerDomainNames: [identity],
        accountHashPrefix: `${issuer.baseUrl}/acme/full/account-hash/`,
        subdomainAuthAllowed: true,
        profiles: {
          short: 'data:text/plain;charset=utf-8,For%20an%20hour',
          passing: 'data:text/plain;charset=utf-8,Not%20offered%20for%20long',
          server: 'https://pki.example.internal/profiles#server',
        },
      },
    });
    const plain = issuer.client();
    expect(await plain.directory()).not.toHaveProperty('newAuthz');
    for (const member of ['issuerDomainNames', 'accountHashPrefix']) {
      expect((await plain.directory())['meta']).not.toHaveProperty(member);
    }
    await plain.register();
    const url = `${issuer.baseUrl}/acme/main/new-authz`;
    expect(problemOf(await plain.post(url, { identifier: { type: 'dns', value: 'a.example.internal' } }))).toBe(
      'malformed 404',
    );
  });

  describe('§7.4.1: pre-authorization', () => {
    it('is answered with 201, Location and the challenges; an order then needs nothing more', async () => {
      const made = await preAuthorize('before.example.internal');
      expect(made).toMatchObject({
        status: 201,
        body: { status: 'pending', identifier: { value: 'before.example.internal' } },
      });
      const url = String(made.headers.location);
      expect((await client.post(url)).body).toEqual(made.body);
      expect((await prove(url)).body['status']).toBe('valid');
      const order = await client.newOrder(['before.example.internal']);
      expect(order.body).toMatchObject({ status: 'ready', authorizations: [url] });
      expect(order.headers['retry-after']).toBeUndefined();
      const { csr } = await makeCsr(['before.example.internal']);
      expect((await client.post(String(order.body['finalize']), { csr })).body['status']).toBe('valid');
    });

    it.each([
      ['a wildcard', '*.example.internal', 'malformed 400'],
      ['a name that is not allowed', 'example.org', 'rejectedIdentifier 403'],
    ])('for %s is refused', async (_, value, problem) => {
      expect(problemOf(await preAuthorize(value))).toBe(problem);
    });
  });

  describe('an authorization that is used again', () => {
    it('takes the place of a new one in an order of the same account, and of no other', async () => {
      await prove(String((await preAuthorize('again.example.internal')).headers.location));
      const order = await client.newOrder(['new.example.internal', 'again.example.internal']);
      expect(order.body['status']).toBe('pending');
      const statuses = await Promise.all(
        authorizationsOf(order).map(async (url) => (await client.post(url)).body['status']),
      );
      expect(statuses).toEqual(['pending', 'valid']);
      const [first = ''] = authorizationsOf(order);
      await prove(first);
      expect((await client.post(String(order.headers.location))).body['status']).toBe('ready');
      const other = issuer.client({ directory: 'full' });
      await other.register();
      expect((await other.newOrder(['again.example.internal'])).body['status']).toBe('pending');
      expect((await client.newOrder(['*.again.example.internal'])).body['status']).toBe('pending');
    });

    it('that is given up takes the orders along that rest on it (§7.5.2)', async () => {
      const url = String((await preAuthorize('dropped.example.internal')).headers.location);
      await prove(url);
      const order = await client.newOrder(['dropped.example.internal']);
      await client.post(url, { status: 'deactivated' });
      expect((await client.post(String(order.headers.location))).body['status']).toBe('invalid');
      const { csr } = await makeCsr(['dropped.example.internal']);
      expect(problemOf(await client.post(String(order.body['finalize']), { csr }))).toBe('orderNotReady 403');
      expect((await client.newOrder(['dropped.example.internal'])).body['status']).toBe('pending');
    });
  });

  describe('RFC 9444: subdomains', () => {
    it('an order may name the domain above whose control it proves, once for several names', async () => {
      const ancestorDomain = 'team.example.internal';
      const identifiers = ['a.team.example.internal', 'b.c.team.example.internal'].map((value) => ({
        type: 'dns',
        value,
        ancestorDomain,
      }));
      const order = await client.postTo('newOrder', { identifiers });
      expect(order).toMatchObject({ status: 201, body: { status: 'pending', identifiers } });
      const [url = '', ...others] = authorizationsOf(order);
      expect(others).toEqual([]);
      const authorization = await client.post(url);
      expect(authorization.body).toMatchObject({ identifier: { value: ancestorDomain }, subdomainAuthAllowed: true });
      expect(
        challengesOf(authorization)
          .map(({ type }) => type)
          .toSorted(),
      ).toEqual(['dns-01', 'dns-account-01', 'dns-persist-01']);
      expect((await prove(url)).body['status']).toBe('valid');
      const { csr } = await makeCsr(identifiers.map(({ value }) => value));
      expect((await client.post(String(order.body['finalize']), { csr })).body['status']).toBe('valid');
      // What was proved holds for every name below it, wildcards too, and for the domain itself; for its neighbours not.
      for (const name of ['x.team.example.internal', '*.team.example.internal', 'team.example.internal']) {
        expect((await client.newOrder([name])).body['status']).toBe('ready');
      }
      expect((await client.newOrder(['xteam.example.internal'])).body['status']).toBe('pending');
    });

    it('§4.2: a pre-authorization may ask for the names below as well, in its identifier', async () => {
      const made = await preAuthorize('dept.example.internal', { subdomainAuthAllowed: true });
      expect(made.body).toMatchObject({ identifier: { type: 'dns', value: 'dept.example.internal' } });
      expect(made.body['subdomainAuthAllowed']).toBe(true);
      await prove(String(made.headers.location));
      expect((await client.newOrder(['host.dept.example.internal'])).body['status']).toBe('ready');
      // Beside the identifier it is a member that is not known.
      const identifier = { type: 'dns', value: 'plain.example.internal' };
      const plain = await client.postTo('newAuthz', { identifier, subdomainAuthAllowed: true });
      expect(plain.body).not.toHaveProperty('subdomainAuthAllowed');
      await prove(String(plain.headers.location));
      expect((await client.newOrder(['host.plain.example.internal'])).body['status']).toBe('pending');
    });

    it('a certificate is revoked by an account that controls the domain above its names, and by no neighbour (§7.6)', async () => {
      const names = ['a.shared.example.internal', '*.b.shared.example.internal'];
      const order = await client.newOrder(names);
      for (const url of authorizationsOf(order)) await prove(url);
      const { csr } = await makeCsr(names);
      const { body } = await client.post(String(order.body['finalize']), { csr });
      const { text } = await client.post(String(body['certificate']));
      const certificate = new X509Certificate(text).raw.toString('base64url');
      const keep = client;
      try {
        client = issuer.client({ directory: 'full' });
        await client.register();
        const neighbour = await preAuthorize('b.shared.example.internal', { subdomainAuthAllowed: true });
        await prove(String(neighbour.headers.location));
        expect(problemOf(await client.postTo('revokeCert', { certificate }))).toBe('unauthorized 403');
        const above = await preAuthorize('shared.example.internal', { subdomainAuthAllowed: true });
        await prove(String(above.headers.location));
        expect((await client.postTo('revokeCert', { certificate })).status).toBe(200);
      } finally {
        client = keep;
      }
    });

    it.each([
      'other.internal',
      'b.example.internal',
      'a.example.internal',
      '*.example.internal',
      'internal',
      'x..y',
      '',
    ])('an ancestor domain must be one, and allowed: %s is not', async (ancestorDomain) => {
      const identifiers = [{ type: 'dns', value: 'a.example.internal', ancestorDomain }];
      expect(problemOf(await client.postTo('newOrder', { identifiers }))).toBe('rejectedIdentifier 403');
    });
  });

  describe('§8.2: a validation that is tried again', () => {
    it('stays processing with an entry for each failure, and is tried at once when the client asks', async () => {
      const order = await client.newOrder(['retry.example.internal']);
      const [url = ''] = authorizationsOf(order);
      const { token, url: challenge } = challengeOf(await client.post(url), 'dns-01');
      await client.post(challenge, {});
      const seen = await until('the first attempt fails', async () => {
        const found = await client.post(challenge);
        return found.body['error'] !== undefined && found;
      });
      expect(seen.body).toMatchObject({ status: 'processing', error: { type: 'urn:ietf:params:acme:error:dns' } });
      expect(Number(seen.headers['retry-after'])).toBeGreaterThan(0);
      expect((await client.post(url)).body['status']).toBe('pending');
      issuer.dns.addText('_acme-challenge.retry.example.internal', hash(token));
      await client.post(challenge, {});
      const { body } = await settled(client, url);
      expect(body['status']).toBe('valid');
      expect(challengesOf({ body } as AcmeResponse)[0]).not.toHaveProperty('error');
    });

    it('is invalid after its last attempt, and says what went wrong each time', async () => {
      const order = await client.newOrder(['hopeless.example.internal']);
      const [url = ''] = authorizationsOf(order);
      const { url: challenge } = challengeOf(await client.post(url), 'dns-01');
      const current = await until('it is given up', async () => {
        // Asking again is what moves the next attempt forward.
        const found = await client.post(challenge, {});
        return found.body['status'] !== 'processing' && found;
      });
      expect(current.body['status']).toBe('invalid');
      const { subproblems } = current.body['error'] as { subproblems: unknown[] };
      expect(subproblems).toHaveLength(3);
      expect((await client.post(String(order.headers.location))).body['status']).toBe('invalid');
    });
  });

  describe('profiles', () => {
    it('an order may name one, repeats it, and its certificate is like it', async () => {
      await prove(String((await preAuthorize('profile.example.internal')).headers.location));
      const order = await client.newOrder(['profile.example.internal'], { profile: 'short' });
      expect(order.body['profile']).toBe('short');
      const { csr } = await makeCsr(['profile.example.internal']);
      const finalized = await client.post(String(order.body['finalize']), { csr });
      expect(finalized.body).toMatchObject({ status: 'valid', profile: 'short' });
      const leaf = new X509Certificate((await client.post(String(finalized.body['certificate']))).text);
      expect(Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)).toBeLessThanOrEqual(3_600_000);
      const server = await client.newOrder(['profile.example.internal'], { profile: 'server' });
      const other = await client.post(String(server.body['finalize']), { csr });
      const { text } = await client.post(String(other.body['certificate']));
      expect(new X509Certificate(text).keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    });

    it('that the directory does not have is refused', async () => {
      for (const profile of ['long', '', '__proto__']) {
        expect(problemOf(await client.newOrder(['a.example.internal'], { profile }))).toBe('invalidProfile 400');
      }
    });

    it('that the directory has lost since the order was placed is refused when it is finalized', async () => {
      await prove(String((await preAuthorize('lost.example.internal')).headers.location));
      const order = await client.newOrder(['lost.example.internal'], { profile: 'passing' });
      expect(order.body['status']).toBe('ready');
      await issuer.process.stop();
      issuer.configure({ directories: { full: { profiles: { passing: undefined } } } });
      await issuer.start();
      const { csr } = await makeCsr(['lost.example.internal']);
      const refused = await client.post(String(order.body['finalize']), { csr });
      expect(problemOf(refused)).toBe('invalidProfile 400');
      const directory = await issuer.client({ directory: 'full' }).directory();
      expect(directory).not.toHaveProperty(['meta', 'profiles', 'passing']);
      expect(directory).toHaveProperty(['meta', 'profiles', 'short']);
    });
  });

  describe('challenges', () => {
    it('dns-account-01 and dns-persist-01 prove control over the wire; the latter shows no token', async () => {
      const names = ['*.account.example.internal', '*.persist.example.internal'];
      const order = await client.newOrder(names);
      const [first = '', second = ''] = authorizationsOf(order);
      const account = challengeOf(await client.post(first), 'dns-account-01');
      const label = accountLabel(client.kid ?? '');
      issuer.dns.addText(`${label}._acme-challenge.account.example.internal`, hash(account.token));
      await client.post(account.url, {});
      expect((await settled(client, first)).body['status']).toBe('valid');
      const persist = challengeOf(await client.post(second), 'dns-persist-01');
      expect(persist).toMatchObject({
        issuerDomainNames: [identity],
        'issuer-domain-names': [identity],
        accounturi: client.kid,
      });
      expect(persist).not.toHaveProperty('token');
      issuer.dns.addText(
        '_validation-persist.persist.example.internal',
        `${identity}; accounturi=${client.kid}; policy=wildcard`,
      );
      await client.post(persist.url, {});
      expect((await settled(client, second)).body['status']).toBe('valid');
      expect((await client.post(String(order.headers.location))).body['status']).toBe('ready');
    });

    it('dns-persist-01 takes a record of a domain above, and proves nothing after its persistUntil', async () => {
      const until = Math.floor(Date.now() / 1000) + 1800;
      const text = `${identity}; accounturi=${client.kid}; policy=wildcard; persistUntil=${until}`;
      issuer.dns.addText('_validation-persist.lasting.example.internal', text);
      const order = await client.newOrder(['host.dept.lasting.example.internal']);
      const [url = ''] = authorizationsOf(order);
      await client.post(challengeOf(await client.post(url), 'dns-persist-01').url, {});
      const ends = new Date(until * 1000).toISOString().replace('.000', '');
      expect((await settled(client, url)).body).toMatchObject({ status: 'valid', expires: ends });
      const read = await client.post(String(order.headers.location));
      expect(read.body).toMatchObject({ status: 'ready', expires: ends });
    });

    it('for an address are http-01 and tls-alpn-01 (RFC 8738 §7)', async () => {
      const [url = ''] = authorizationsOf(await client.newOrder(['127.0.0.1']));
      expect(
        challengesOf(await client.post(url))
          .map(({ type }) => type)
          .toSorted(),
      ).toEqual(['http-01', 'tls-alpn-01']);
    });

    it('in a directory that heeds CAA fail where it forbids, and its orders do not outlive a look at it', async () => {
      const heeding = issuer.client({ directory: 'heeding', key: client.key });
      await heeding.register();
      issuer.dns.set('caa.example.internal', { CAA: [{ tag: 'issue', value: 'other.example.org' }] });
      const order = await heeding.newOrder(['caa.example.internal']);
      expect(Date.parse(String(order.body['expires'])) - Date.now()).toBeLessThanOrEqual(8 * 3_600_000);
      const [url = ''] = authorizationsOf(order);
      const { token, url: challenge } = challengeOf(await heeding.post(url), 'dns-01');
      issuer.dns.addText('_acme-challenge.caa.example.internal', hash(token));
      const current = await until('it is given up', async () => {
        const found = await heeding.post(challenge, {});
        return found.body['status'] !== 'processing' && found;
      });
      expect(current.body).toMatchObject({ status: 'invalid', error: { type: 'urn:ietf:params:acme:error:caa' } });
    });
  });
});
