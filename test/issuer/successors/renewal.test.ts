// RFC 9773: renewal information, incidents, and orders that say what they replace.
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/node/clock.ts';
import { systemEntropy } from '../../../core/node/entropy.ts';
import { toBase64Url } from '../../../core/ports/base64.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { newId } from '../../../issuer/acme/ids.ts';
import { Database } from '../../../issuer/store/database.ts';
import { countConcerned, endIncident, insertIncident, listIncidents } from '../../../issuer/store/incidents.ts';
import type { AcmeResponse, AcmeTestClient } from '../../support/acme.ts';
import { certIdOf as nameOf } from '../../support/cert-id.ts';
import { obtain } from '../../support/flows.ts';
import { TestIssuer } from '../../support/issuer.ts';
import { problemOf } from '../../support/problem-of.ts';
import { softHsmMissing } from '../../support/softhsm.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: RFC 9773: ${missing}`);

const now = (): number => systemClock.now();

describe.skipIf(missing !== undefined)('RFC 9773', () => {
  let issuer: TestIssuer;
  let client: AcmeTestClient;
  let database: Database;
  let certId = '';
  let leaf: X509Certificate;

  beforeAll(async () => {
    issuer = await (await TestIssuer.create()).start();
    database = new Database({ url: issuer.database.url, connections: 2, onError: () => undefined });
    client = issuer.client();
    await client.register();
    leaf = new X509Certificate((await obtain(issuer, client, ['renew.example.internal'])).chain);
    certId = certIdOf(leaf);
  });
  afterAll(async () => {
    await database.close();
    await issuer.remove();
  });

  const certIdOf = (certificate: X509Certificate): string => nameOf(certificate.toString(), issuer.hierarchy.issuing);

  async function ask(id: string, at = ''): Promise<AcmeResponse> {
    const { renewalInfo } = await client.directory();
    return client.transport.request('GET', at === '' ? `${renewalInfo}/${id}` : at);
  }

  async function windowOf(id: string = certId): Promise<{ start: number; end: number }> {
    const { start, end } = (await ask(id)).body['suggestedWindow'] as { start: string; end: string };
    return { start: Date.parse(start) / 1000, end: Date.parse(end) / 1000 };
  }

  it('§4.2: suggests a window about two thirds into the life, with Retry-After in seconds and without a nonce', async () => {
    const { status, headers, body } = await ask(certId);
    expect(status).toBe(200);
    expect(headers['retry-after']).toMatch(/^[0-9]+$/u);
    expect(headers['content-type']).toBe('application/json');
    expect(headers['replay-nonce']).toBeUndefined();
    expect(Object.keys(body)).toEqual(['suggestedWindow']);
    const { start, end } = await windowOf();
    const [from, to] = [Date.parse(leaf.validFrom) / 1000, Date.parse(leaf.validTo) / 1000];
    expect(start).toBeLessThan(end);
    expect((start + end) / 2 - from).toBeCloseTo(((to - from) * 2) / 3, -2);
  });

  it('is found where a client has doubled the slash', async () => {
    const { renewalInfo } = await client.directory();
    expect((await ask('', `${renewalInfo}//${certId}`)).status).toBe(200);
  });

  it('§4.1: a name with padding, without a dot, of another CA or of no certificate of ours is refused', async () => {
    const [keyId = '', serial = ''] = certId.split('.');
    for (const id of [
      `${certId}=`,
      `${keyId}=.${serial}`,
      keyId + serial,
      `${certId}.x`,
      '.',
      `${keyId}.`,
      `.${serial}`,
    ]) {
      expect(problemOf(await ask(id))).toMatch(/^malformed 400/u);
    }
    const other = toBase64Url(new Uint8Array(20));
    for (const id of [`${other}.${serial}`, `${keyId}.AIdlQyE`])
      expect(problemOf(await ask(id))).toMatch(/^malformed 404/u);
    // Without its leading zero octet it is another number.
    const bytes = Buffer.from(serial, 'base64url');
    const changed = bytes[0] === 0 ? bytes.subarray(1) : Buffer.concat([Buffer.alloc(1), bytes]);
    expect((await ask(`${keyId}.${toBase64Url(changed)}`)).status).toBe(404);
  });

  it('§4.2: an incident moves the window of what the CA signed before then, and its end moves it back', async () => {
    const usual = await windowOf();
    const incident = {
      id: newId({ clock: systemClock, entropy: systemEntropy }),
      issuer: 'issuing-i1',
      issuedBefore: formatUtc(now() + 5),
      begins: formatUtc(now()),
      deadline: formatUtc(now() + 3600),
      explanationUrl: 'https://pki.example.internal/why',
      now: formatUtc(now()),
    };
    expect(await countConcerned(database, incident, formatUtc(now()))).toEqual({ certificates: 1, replaced: 0 });
    await insertIncident(database, incident);
    expect((await ask(certId)).body).toEqual({
      suggestedWindow: { start: incident.begins, end: incident.deadline },
      explanationURL: incident.explanationUrl,
    });
    expect((await listIncidents(database)).map(({ id, ended_at }) => [id, ended_at])).toEqual([[incident.id, null]]);
    const earlier = { ...incident, id: `${incident.id.slice(1)}x`, issuedBefore: formatUtc(now() - 3600) };
    await insertIncident(database, { ...earlier, deadline: formatUtc(now() + 60) });
    expect((await windowOf()).end).toBeGreaterThan(now() + 1800);
    expect(await endIncident(database, incident.id, formatUtc(now()))).toBe(true);
    expect(await endIncident(database, incident.id, formatUtc(now()))).toBe(false);
    expect(await windowOf()).toEqual(usual);
  });

  it('§4.2: what is revoked should be renewed at once', async () => {
    const { chain } = await obtain(issuer, client, ['revoked.example.internal']);
    const certificate = new X509Certificate(chain);
    await client.postTo('revokeCert', { certificate: certificate.raw.toString('base64url') });
    expect((await windowOf(certIdOf(certificate))).end).toBeLessThan(now());
  });

  describe('§5: an order that replaces a certificate', () => {
    it('repeats it, and while it is not invalid no other order may', async () => {
      const order = await client.newOrder(['renew.example.internal'], { replaces: certId });
      expect(order).toMatchObject({ status: 201, body: { replaces: certId } });
      const url = String(order.headers.location);
      expect((await client.post(url)).body['replaces']).toBe(certId);
      const second = await client.newOrder(['renew.example.internal'], { replaces: certId });
      expect(problemOf(second)).toBe('alreadyReplaced 409');
      const [authorization = ''] = order.body['authorizations'] as string[];
      await client.post(authorization, { status: 'deactivated' });
      expect((await client.post(url)).body).toMatchObject({ status: 'invalid', replaces: certId });
      const third = await client.newOrder(['renew.example.internal'], { replaces: certId });
      expect(third.status).toBe(201);
      // One that has expired stands in nobody's way either.
      await issuer.database.query("UPDATE orders SET expires_at = now() - interval '1 second' WHERE id = $1", [
        String(third.headers.location).split('/').at(-1),
      ]);
      expect((await client.newOrder(['renew.example.internal'], { replaces: certId })).status).toBe(201);
    });

    it('has one of its names, and is of the account that has it', async () => {
      const { chain } = await obtain(issuer, client, ['mine.example.internal']);
      const mine = certIdOf(new X509Certificate(chain));
      expect(problemOf(await client.newOrder(['other.example.internal'], { replaces: mine }))).toBe('malformed 400');
      const other = issuer.client();
      await other.register();
      expect(problemOf(await other.newOrder(['mine.example.internal'], { replaces: mine }))).toBe('malformed 400');
      const wider = ['other.example.internal', 'mine.example.internal'];
      expect((await client.newOrder(wider, { replaces: mine })).status).toBe(201);
    });

    it.each(['', 'x', 'AAAA.AAAA', 'aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE', 'a.b='])(
      'names a certificate: %s is refused',
      async (replaces) => {
        expect(problemOf(await client.newOrder(['renew.example.internal'], { replaces }))).toBe('malformed 400');
      },
    );
  });
});
