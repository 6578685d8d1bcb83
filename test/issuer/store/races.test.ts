// What the database alone must hold against many at once, whatever process or replica they come from.
import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/node/clock.ts';
import { systemEntropy } from '../../../core/node/entropy.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { refreshNonceKeys } from '../../../issuer/acme/nonce-keyring.ts';
import { Nonces, type OpenNonce } from '../../../issuer/acme/nonces.ts';
import { problemDocument, unauthorized } from '../../../issuer/acme/problems.ts';
import type { Caller } from '../../../issuer/store/admission.ts';
import { abandonCertificate } from '../../../issuer/store/abandon-certificate.ts';
import { beginChallenge } from '../../../issuer/store/begin-challenge.ts';
import { burnNonce } from '../../../issuer/store/burn-nonce.ts';
import { Database } from '../../../issuer/store/database.ts';
import { deactivateAuthorization } from '../../../issuer/store/deactivate-authorization.ts';
import { failChallenge } from '../../../issuer/store/fail-challenge.ts';
import { insertExternalKey } from '../../../issuer/store/external-keys.ts';
import { insertOrder } from '../../../issuer/store/insert-order.ts';
import type { Intent } from '../../../issuer/store/intent.ts';
import { intendForOrder } from '../../../issuer/store/intend-for-order.ts';
import { readOrder } from '../../../issuer/store/read-order.ts';
import { reconcileCertificates } from '../../../issuer/store/reconcile-certificates.ts';
import { registerAccount, type Registration } from '../../../issuer/store/register-account.ts';
import { storeCertificate } from '../../../issuer/store/store-certificate.ts';
import { succeedChallenge } from '../../../issuer/store/succeed-challenge.ts';
import { takeOverChallenges } from '../../../issuer/store/take-over-challenges.ts';
import { newId } from '../../../issuer/acme/ids.ts';
import { createIssuerDatabase, type TestDatabase } from '../../support/postgres.ts';

const tools = { clock: systemClock, entropy: systemEntropy };
const now = formatUtc(systemClock.now());
const later = formatUtc(systemClock.now() + 3600);
const error = problemDocument(unauthorized('no'));

describe('races in the database', () => {
  let test: TestDatabase;
  let database: Database;
  let nonces: Nonces;
  let accountId = '';
  let thumbprint: Uint8Array = new Uint8Array();

  beforeAll(async () => {
    test = await createIssuerDatabase();
    database = new Database({ url: test.url, connections: 16, onError: () => undefined });
    nonces = new Nonces({ ...tools, lifetimeSeconds: 3600 });
    await refreshNonceKeys(database, nonces, tools);
    const { found } = await register(randomBytes(32));
    accountId = found?.id ?? '';
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  function nonce(): OpenNonce {
    const opened = nonces.open(nonces.mint());
    if (opened === undefined) throw new Error('no nonce');
    return opened;
  }

  function register(key: Uint8Array, binding: Registration['binding'] = null): ReturnType<typeof registerAccount> {
    thumbprint = key;
    return registerAccount(database, {
      nonce: nonce(),
      directory: 'main',
      id: newId(tools),
      jwk: {},
      thumbprint: key,
      contact: [],
      now,
      create: true,
      terms: null,
      binding,
    });
  }

  /** An order that asks for nothing out of the ordinary. */
  const plain = { reuse: false, replaces: null, terms: null, profile: null, uncounted: false };

  const caller = (spent: OpenNonce = nonce()): Caller => ({ nonce: spent, accountId, thumbprint });

  async function newOrder(names: number): Promise<{ id: string; challenges: string[]; authorizations: string[] }> {
    const id = newId(tools);
    const authorizations = Array.from({ length: names }, (_, position) => ({
      id: newId(tools),
      position,
      type: 'dns' as const,
      value: `n${position}.internal`,
      wildcard: false,
      subdomains: false,
      names: [`n${position}.internal`],
      challenges: [{ id: newId(tools), type: 'http-01', token: 'x' }],
    }));
    const identifiers = authorizations.map(({ value }) => ({ type: 'dns' as const, value }));
    const order = { id, directory: 'main', identifiers, notBefore: null, notAfter: null, now, expires: later };
    await insertOrder(database, caller(), { ...order, ...plain, authorizations });
    return {
      id,
      challenges: authorizations.flatMap(({ challenges }) => challenges.map((challenge) => challenge.id)),
      authorizations: authorizations.map((each) => each.id),
    };
  }

  async function readyOrder(): Promise<string> {
    const { id, challenges } = await newOrder(1);
    for (const challenge of challenges) {
      await beginChallenge(database, caller(), challenge, { now, leasedUntil: later });
      await succeedChallenge(database, challenge, now);
    }
    return id;
  }

  const intent = (): Intent => ({
    serial: randomBytes(16),
    issuer: 'issuing-i1',
    tbsSha256: randomBytes(32),
    spkiSha256: randomBytes(32),
    names: ['n0.internal'],
    notBefore: now,
    notAfter: later,
    now,
  });

  const statusOf = async (id: string): Promise<string | null | undefined> =>
    (await readOrder(database, caller(), id))?.status;

  it('a nonce is good for one of many requests that carry it', async () => {
    const one = nonce();
    const burnt = await Promise.all(Array.from({ length: 20 }, () => burnNonce(database, one.value, one.keyId)));
    expect(burnt.filter(({ fresh }) => fresh)).toHaveLength(1);
    const another = nonce();
    const rows = await Promise.all(Array.from({ length: 20 }, () => readOrder(database, caller(another), 'x')));
    expect(rows.filter((row) => row?.fresh === true)).toHaveLength(1);
  });

  it('a nonce made by one replica is good on any, and on one of them alone', async () => {
    const replicas = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const replica = new Nonces({ ...tools, lifetimeSeconds: 3600 });
        await refreshNonceKeys(database, replica, tools);
        return replica;
      }),
    );
    const text = nonces.mint();
    const rows = await Promise.all(
      replicas.map((replica) => {
        const opened = replica.open(text);
        if (opened === undefined) throw new Error('another replica does not know it');
        return burnNonce(database, opened.value, opened.keyId);
      }),
    );
    expect(rows.map(({ key_known }) => key_known)).toEqual([true, true, true, true]);
    expect(rows.filter(({ fresh }) => fresh)).toHaveLength(1);
  });

  it('a nonce is not spent by an account whose key has changed', async () => {
    const one = nonce();
    const stale = { ...caller(one), thumbprint: randomBytes(32) };
    expect(await readOrder(database, stale, 'x')).toMatchObject({ fresh: false, account_status: null });
    expect(await readOrder(database, caller(one), 'x')).toMatchObject({ fresh: true, account_status: 'valid' });
  });

  it('a nonce whose key the database has lost is not good, and that is told apart', async () => {
    const { value } = nonce();
    const lost = { value, keyId: randomBytes(8) };
    expect(await burnNonce(database, value, lost.keyId)).toEqual({ fresh: false, key_known: false });
    expect(await readOrder(database, caller(lost), 'x')).toMatchObject({ fresh: false, key_known: false });
  });

  it('a key gets one account, however many register it at the same time', async () => {
    const before = thumbprint;
    const results = await Promise.all(Array.from({ length: 10 }, () => register(Buffer.alloc(32, 7))));
    thumbprint = before;
    expect(new Set(results.map(({ found }) => found?.id)).size).toBe(1);
    expect(results.filter(({ found }) => found?.created === true)).toHaveLength(1);
    expect(results.every(({ fresh }) => fresh)).toBe(true);
  });

  it('an order is ready exactly when its last authorization is valid, however they come in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), async (count) => {
        const { id, challenges } = await newOrder(count);
        for (const challenge of challenges) {
          await beginChallenge(database, caller(), challenge, { now, leasedUntil: later });
        }
        const [last = '', ...others] = challenges;
        await Promise.all(others.map((challenge) => succeedChallenge(database, challenge, now)));
        expect(await statusOf(id)).toBe('pending');
        // The last one is reported by several validators at once.
        await Promise.all(Array.from({ length: 4 }, () => succeedChallenge(database, last, now)));
        expect(await statusOf(id)).toBe('ready');
      }),
      { numRuns: 15 },
    );
  });

  it('an order with one failed authorization is invalid, whatever else succeeds at the same time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id, challenges } = await newOrder(4);
      for (const challenge of challenges) {
        await beginChallenge(database, caller(), challenge, { now, leasedUntil: later });
      }
      const [bad = '', ...good] = challenges;
      await Promise.all([
        failChallenge(database, bad, error, error),
        ...good.map((challenge) => succeedChallenge(database, challenge, now)),
      ]);
      expect(await statusOf(id)).toBe('invalid');
    }
  });

  it('a challenge that succeeded cannot fail afterwards, and the other way round', async () => {
    const first = await newOrder(1);
    const second = await newOrder(1);
    for (const { challenges } of [first, second]) {
      await beginChallenge(database, caller(), challenges[0] ?? '', { now, leasedUntil: later });
    }
    await succeedChallenge(database, first.challenges[0] ?? '', now);
    await failChallenge(database, first.challenges[0] ?? '', error, error);
    await failChallenge(database, second.challenges[0] ?? '', error, error);
    await succeedChallenge(database, second.challenges[0] ?? '', now);
    expect([await statusOf(first.id), await statusOf(second.id)]).toEqual(['ready', 'invalid']);
  });

  it('a challenge is begun by one of many requests', async () => {
    const { challenges } = await newOrder(1);
    const times = { now, leasedUntil: later };
    const rows = await Promise.all(
      Array.from({ length: 10 }, () => beginChallenge(database, caller(), challenges[0] ?? '', times)),
    );
    expect(rows.filter((row) => row?.begun === true)).toHaveLength(1);
  });

  it('an abandoned challenge is taken over by one of many', async () => {
    const { challenges } = await newOrder(1);
    const past = formatUtc(systemClock.now() - 3600);
    await beginChallenge(database, caller(), challenges[0] ?? '', { now: past, leasedUntil: past });
    const taken = await Promise.all(
      Array.from({ length: 8 }, () => takeOverChallenges(database, { now, leasedUntil: later }, 10)),
    );
    expect(taken.flat().filter(({ id }) => id === challenges[0])).toHaveLength(1);
  });

  it('an order gets one certificate, however many finalize it at the same time', async () => {
    const id = await readyOrder();
    const claims = await Promise.all(
      Array.from({ length: 10 }, () => intendForOrder(database, caller(), intent(), id)),
    );
    expect(claims.filter((claim) => claim?.claimed === true)).toHaveLength(1);
    const rows = await test.query('SELECT status FROM certificates WHERE order_id = $1', [id]);
    expect(rows).toEqual([{ status: 'intended' }]);
  });

  it('a certificate given up cannot be stored any more, and its order may be finalized again', async () => {
    const id = await readyOrder();
    const [first, second] = [intent(), intent()];
    expect(await intendForOrder(database, caller(), first, id)).toMatchObject({ claimed: true });
    await abandonCertificate(database, first.serial, now);
    expect(await storeCertificate(database, first.serial, Buffer.of(1), now)).toBe(false);
    expect(await statusOf(id)).toBe('ready');
    expect(await intendForOrder(database, caller(), second, id)).toMatchObject({ claimed: true });
    expect(await storeCertificate(database, second.serial, Buffer.of(2), now)).toBe(true);
    expect(await storeCertificate(database, second.serial, Buffer.of(3), now)).toBe(false);
    expect(await statusOf(id)).toBe('valid');
  });

  it('storing and giving up at the same time leaves one of the two, whole', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await readyOrder();
      const one = intent();
      await intendForOrder(database, caller(), one, id);
      const [stored] = await Promise.all([
        storeCertificate(database, one.serial, Buffer.of(1), now),
        reconcileCertificates(database, -3600, now),
      ]);
      expect(await statusOf(id)).toBe(stored ? 'valid' : 'ready');
    }
  });

  it('a certificate that was intended long ago is given up; when the order has expired meanwhile, so is the order', async () => {
    const [alive, expired] = [await readyOrder(), await readyOrder()];
    const [one, two] = [intent(), intent()];
    await intendForOrder(database, caller(), one, alive);
    await intendForOrder(database, caller(), two, expired);
    await test.query("UPDATE orders SET expires_at = now() - interval '1 minute' WHERE id = $1", [expired]);
    const given = await reconcileCertificates(database, -3600, now);
    expect(given.map((serial) => Buffer.from(serial).toString('hex')).toSorted()).toEqual(
      [one, two].map(({ serial }) => Buffer.from(serial).toString('hex')).toSorted(),
    );
    expect([await statusOf(alive), await statusOf(expired)]).toEqual(['ready', 'invalid']);
  });

  it('an order whose authorization is given up while it is being finalized is invalid when nothing comes of that', async () => {
    const { id, challenges, authorizations } = await newOrder(1);
    await beginChallenge(database, caller(), challenges[0] ?? '', { now, leasedUntil: later });
    await succeedChallenge(database, challenges[0] ?? '', now);
    const one = intent();
    expect(await intendForOrder(database, caller(), one, id)).toMatchObject({ claimed: true });
    await deactivateAuthorization(database, caller(), authorizations[0] ?? '', error);
    expect(await statusOf(id)).toBe('processing');
    await abandonCertificate(database, one.serial, now);
    expect(await statusOf(id)).toBe('invalid');
  });

  it('an authorization given up takes its order along', async () => {
    const { id, authorizations } = await newOrder(2);
    const row = await deactivateAuthorization(database, caller(), authorizations[0] ?? '', error);
    expect(row).toMatchObject({ changed: true });
    expect(await statusOf(id)).toBe('invalid');
  });

  it('a certificate is replaced by one of many orders, and by another as soon as that one is invalid', async () => {
    const serial = randomBytes(16);
    await test.query(
      `INSERT INTO certificates (serial, issuer, directory, account_id, status, tbs_sha256, spki_sha256, names, not_before,
        not_after, der, intended_at, issued_at) VALUES ($1, 'issuing-i1', 'main', $2, 'issued', $3, $3, '{n0.internal}',
        now(), now(), '', now(), now())`,
      [serial, accountId, randomBytes(32)],
    );
    const replaces = { certId: 'a.b', serial };
    const place = (names: string[] = ['n0.internal']): ReturnType<typeof insertOrder> => {
      const identifiers = names.map((value) => ({ type: 'dns' as const, value }));
      const times = { notBefore: null, notAfter: null, now, expires: later };
      const order = {
        id: newId(tools),
        directory: 'main',
        identifiers,
        ...times,
        ...plain,
        authorizations: [],
        replaces,
      };
      return insertOrder(database, caller(), order);
    };
    expect(await place(['elsewhere.internal'])).toMatchObject({ placed: false, owned: true, shared: false });
    const rows = await Promise.all(Array.from({ length: 8 }, () => place()));
    expect(rows.filter((row) => row?.placed)).toHaveLength(1);
    expect(rows.every((row) => row?.owned && row.shared)).toBe(true);
    expect((await place())?.placed).toBe(false);
    await test.query("UPDATE orders SET status = 'invalid' WHERE replaces = 'a.b'");
    expect((await place())?.placed).toBe(true);
  });

  it('an external account key binds one of many that come with it', async () => {
    const secret = randomBytes(32);
    await insertExternalKey(database, {
      kid: 'one',
      directory: 'main',
      secret,
      sealedWith: null,
      label: 'for a race',
      reusable: false,
      now,
      expires: null,
    });
    const kept = thumbprint;
    const binding = { kid: 'one', jws: {} };
    const rows = await Promise.all(Array.from({ length: 6 }, () => register(randomBytes(32), binding)));
    thumbprint = kept;
    expect(rows.filter(({ found }) => found !== undefined)).toHaveLength(1);
    expect(rows.every(({ fresh }) => fresh)).toBe(true);
  });

  it('of two that make the account of one key, each with an external key of its own, one does and both have it', async () => {
    const external = async (kid: string): Promise<void> => {
      const secret = randomBytes(32);
      const rest = { sealedWith: null, label: 'for a race', reusable: false, now, expires: null };
      await insertExternalKey(database, { kid, directory: 'main', secret, ...rest });
    };
    const kept = thumbprint;
    for (let round = 0; round < 10; round += 1) {
      const kids = [`${round}-a`, `${round}-b`, `${round}-c`];
      for (const kid of kids) await external(kid);
      const key = randomBytes(32);
      const rows = await Promise.all(kids.map((kid) => register(key, { kid, jws: {} })));
      expect(new Set(rows.map(({ found }) => found?.id)).size).toBe(1);
      expect(rows.filter(({ found }) => found?.created)).toHaveLength(1);
      expect(rows.every(({ fresh }) => fresh)).toBe(true);
      const used = await test.query(
        'SELECT 1 FROM external_account_keys WHERE kid = ANY ($1) AND account_id IS NOT NULL',
        [kids],
      );
      expect(used).toHaveLength(1);
    }
    thumbprint = kept;
  });

  it('nothing is done for an account that was deactivated, but its status is told', async () => {
    await test.query("UPDATE accounts SET status = 'deactivated' WHERE id = $1", [accountId]);
    const id = newId(tools);
    const order = { id, directory: 'main', identifiers: [], notBefore: null, notAfter: null, now, expires: later };
    const row = await insertOrder(database, caller(), { ...order, ...plain, authorizations: [] });
    expect(row).toMatchObject({ fresh: true, account_status: 'deactivated' });
    expect(await test.query('SELECT 1 FROM orders WHERE id = $1', [id])).toEqual([]);
    await test.query("UPDATE accounts SET status = 'valid' WHERE id = $1", [accountId]);
  });
});
