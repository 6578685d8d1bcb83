// Who signs OCSP answers, and how many at a time.
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Clock } from '../../../core/ports/clock.ts';
import { systemClock } from '../../../core/node/clock.ts';
import { nodeDigest, nodeVerifier } from '../../../core/node/crypto.ts';
import { CodedError } from '../../../core/ports/coded-error.ts';
import { fromHex } from '../../../core/ports/hex.ts';
import { readOcspRequest } from '../../../core/x509/ocsp/request.ts';
import { encodeOcspError } from '../../../core/x509/ocsp/response.ts';
import { readSpki } from '../../../core/x509/spki.ts';
import type { Certificate } from '../../../core/x509/certificate.ts';
import type { OcspAnswer } from '../../../issuer/http/ocsp-routes.ts';
import { makeLog } from '../../../issuer/ops/log.ts';
import { signerAt, type OcspAuthority, type OcspSigner } from '../../../issuer/revocation/ocsp/authority.ts';
import { AnswerStore } from '../../../issuer/revocation/ocsp/answer-store.ts';
import { OcspResponder } from '../../../issuer/revocation/ocsp/responder.ts';
import { signAhead } from '../../../issuer/revocation/ocsp/sign-ahead.ts';
import { makeIssuer } from '../../../issuer/sign/issuer.ts';
import { Database } from '../../../issuer/store/database.ts';
import { bundleParts, makeHierarchy, type TestHierarchy } from '../../support/hierarchy.ts';
import { ocspRequest } from '../../support/ocsp-request.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';

const year = 365 * 86_400;

function signerOf(certificate: Certificate, sign: OcspSigner['sign']): OcspSigner {
  const keyHash = nodeDigest('sha1', readSpki(certificate.tbs.spki).publicKey);
  return { name: 'signer', certificate, keyHash, algorithm: 'ecdsa-sha256', sign, carried: [] };
}

async function authorityOf(hierarchy: TestHierarchy, sign: OcspSigner['sign']): Promise<OcspAuthority> {
  const { issuing, signer } = hierarchy;
  const [entry] = (await bundleParts(hierarchy)).parts.manifest.issuers;
  if (entry === undefined) throw new Error('no issuer');
  const hashed = (hash: 'sha1' | 'sha256') => ({
    name: nodeDigest(hash, issuing.tbs.subject),
    key: nodeDigest(hash, readSpki(issuing.tbs.spki).publicKey),
  });
  return {
    issuer: makeIssuer({ entry, certificate: issuing, chains: [[issuing]] }, sign),
    hashes: { sha1: hashed('sha1'), sha256: hashed('sha256') },
    signers: [signerOf(issuing, sign), signerOf(signer, sign)],
  };
}

/** A request about one serial number of this CA. */
function requestFor({ issuer: { certificate } }: OcspAuthority, serial: bigint, nonce?: Uint8Array): Uint8Array {
  const hex = serial.toString(16);
  return ocspRequest(certificate, fromHex(hex.padStart(hex.length + (hex.length % 2), '0')), { nonce });
}

/** Serial numbers that are on record, and were issued. */
const first = 0x0102030405060000n;
const issued = 200;
const onRecord = first;

/** As the store would have it after some issuances. */
async function record(created: TestDatabase): Promise<void> {
  const octets = (byte: string): string => `decode(repeat('${byte}', 32), 'hex')`;
  await created.query(`INSERT INTO bundles VALUES (1, 'example-corp', false, 'sums', '', '{}', now())`);
  await created.query(`INSERT INTO issuers VALUES ('issuing-i1', 1, '', ${octets('01')}, '[]')`);
  await created.query(
    `INSERT INTO certificates (serial, issuer, status, tbs_sha256, spki_sha256, names, not_before, not_after, der,
       intended_at, issued_at)
     SELECT decode('010203040506' || lpad(to_hex(n), 4, '0'), 'hex'), 'issuing-i1', 'issued', ${octets('01')}, ${octets('02')},
       '{}', now(), now() + interval '1 day', '', now(), now() FROM generate_series(0, ${issued - 1}) AS n`,
  );
}

describe('the OCSP responder', () => {
  let created: TestDatabase;
  let database: Database;
  let hierarchy: TestHierarchy;
  let sign: OcspSigner['sign'];

  beforeAll(async () => {
    hierarchy = await makeHierarchy();
    const { issuingKey } = hierarchy;
    if (issuingKey === undefined) throw new Error('no key');
    sign = issuingKey.sign;
    created = await createDatabase();
    database = new Database({ url: created.url, connections: 4, onError: () => undefined });
    await record(created);
  });
  afterEach(() => created.query('DELETE FROM ocsp_answers'));
  afterAll(async () => {
    await database.close();
    await created.drop();
  });

  function responderOf(authority: OcspAuthority, clock: Clock = systemClock): OcspResponder {
    return new OcspResponder({
      database,
      store: new AnswerStore(database, nodeDigest),
      authorities: () => new Map([['issuing-i1', authority]]),
      settings: { lifetime: 3600, nonces: true },
      tools: { clock, verify: nodeVerifier },
      log: makeLog('error', systemClock),
      onAnswer: () => undefined,
    });
  }

  it('has answers signed by the first whose certificate is valid, and by nobody where none is', async () => {
    const { root, issuing, now } = hierarchy;
    const authority = await authorityOf(hierarchy, sign);
    const signers = [signerOf(issuing, sign), signerOf(root, sign)];
    const at = (time: number) => signerAt({ ...authority, signers }, time)?.certificate;
    const found = [at(now - year), at(now + 60), at(now + 6 * year), at(now + 21 * year)];
    expect(found).toEqual([undefined, issuing, root, undefined]);
  });

  it('looks at the record thirty-two times at once; who comes then is told to try later', async () => {
    const responder = responderOf(await authorityOf(hierarchy, sign));
    const authority = await authorityOf(hierarchy, sign);
    const holder = new Client({ connectionString: created.url });
    await holder.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('LOCK TABLE certificates');
      const ask = (): Promise<OcspAnswer | undefined> =>
        responder.answer('issuing-i1', requestFor(authority, onRecord));
      const waiting = Array.from({ length: 32 }, ask);
      expect((await ask())?.der).toEqual(encodeOcspError('tryLater'));
      await holder.query('ROLLBACK');
      for (const answer of await Promise.all(waiting)) expect(answer?.der).not.toEqual(encodeOcspError('tryLater'));
    } finally {
      await holder.end();
    }
  });

  it('makes sixteen signatures at a time; who comes then is told to try later', async () => {
    const gate = Promise.withResolvers<void>();
    const authority = await authorityOf(hierarchy, async (algorithm, message) => {
      await gate.promise;
      return sign(algorithm, message);
    });
    const responder = responderOf(authority);
    const asked = Array.from({ length: 17 }, (_, serial) =>
      responder.answer('issuing-i1', requestFor(authority, first + BigInt(serial + 1))),
    );
    const tryLater = encodeOcspError('tryLater');
    expect((await Promise.race(asked))?.der).toEqual(tryLater);
    gate.resolve();
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => Buffer.from(answer?.der ?? []).equals(tryLater))).toHaveLength(1);
    expect(await responder.answer('issuing-i1', requestFor(authority, first + 99n))).not.toMatchObject({
      der: tryLater,
    });
  });

  it('signs an answer once until half of its lifetime is over, for all who ask at the same time', async () => {
    let signatures = 0;
    const authority = await authorityOf(hierarchy, (algorithm, message) => {
      signatures += 1;
      return sign(algorithm, message);
    });
    let now = hierarchy.now + 60;
    const responder = responderOf(authority, { now: () => now });
    const ask = () => responder.answer('issuing-i1', requestFor(authority, onRecord));
    const [one, ...same] = await Promise.all([ask(), ask(), ask()]);
    expect(one?.caching).toMatchObject({ thisUpdate: now, nextUpdate: now + 3600, secondsLeft: 3600 });
    expect(same).toEqual([one, one]);
    now += 1799;
    expect((await ask())?.der).toEqual(one?.der);
    expect(signatures).toBe(1);
    now += 1;
    // Nobody waits for the next one as long as the last is good for a while.
    expect((await ask())?.der).toEqual(one?.der);
    // The one that is being signed, or is still being written, is shared by all who ask meanwhile: hence not at once.
    const isNew = async () => expect((await ask())?.caching).toMatchObject({ thisUpdate: now, nextUpdate: now + 3600 });
    await vi.waitFor(isNew, 60_000);
    expect(signatures).toBe(2);
    now += 2700;
    await vi.waitFor(isNew, 60_000);
    expect(signatures).toBe(3);
  });

  it('makes no answer that lasts longer than the certificate of whoever signs it', async () => {
    const authority = await authorityOf(hierarchy, sign);
    const { notAfter } = hierarchy.issuing.tbs;
    const responder = responderOf(authority, { now: () => notAfter - 100 });
    const answer = await responder.answer('issuing-i1', requestFor(authority, onRecord));
    expect(answer?.caching).toMatchObject({ nextUpdate: notAfter, secondsLeft: 100 });
  });

  it('answers internalError, and gives nothing out, when another key has signed', async () => {
    const authority = await authorityOf(hierarchy, hierarchy.signerKey.sign);
    const answer = await responderOf(authority).answer('issuing-i1', requestFor(authority, onRecord));
    expect(answer).toEqual({ der: encodeOcspError('internalError') });
  });

  it('takes what another process has signed', async () => {
    let signatures = 0;
    const authority = await authorityOf(hierarchy, (algorithm, message) => {
      signatures += 1;
      return sign(algorithm, message);
    });
    const ask = (responder: OcspResponder) => responder.answer('issuing-i1', requestFor(authority, onRecord));
    const answer = await ask(responderOf(authority));
    expect(answer?.caching).toBeDefined();
    expect(await ask(responderOf(authority))).toEqual(answer);
    expect(signatures).toBe(1);
  });

  it('remembers what it has signed, and not what the database said of the time before', async () => {
    const authority = await authorityOf(hierarchy, sign);
    const { requests } = readOcspRequest(requestFor(authority, onRecord));
    const [question] = requests;
    if (question === undefined) throw new Error('no question');
    const store = new AnswerStore(database, nodeDigest);
    const says = { status: 'good', signer: signerOf(hierarchy.issuing, sign) };
    const keep = (thisUpdate: number) =>
      store.keep('issuing-i1', question, { der: Uint8Array.of(1), thisUpdate, nextUpdate: thisUpdate + 3600 }, says);
    await keep(hierarchy.now);
    const holder = new Client({ connectionString: created.url });
    await holder.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('SELECT 1 FROM ocsp_answers FOR UPDATE');
      const taking = store.take('issuing-i1', question, hierarchy.now);
      const waits = `SELECT count(*)::int AS n FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      await vi.waitFor(async () => expect((await holder.query(waits)).rows).toEqual([{ n: 1 }]), 60_000);
      const keeping = keep(hierarchy.now + 1800);
      await holder.query('ROLLBACK');
      expect(await taking).toMatchObject({ thisUpdate: hierarchy.now + 1800 });
      await keeping;
      expect(store.recall('issuing-i1', question)).toMatchObject({ thisUpdate: hierarchy.now + 1800 });
    } finally {
      await holder.end();
    }
  });

  it('asks the token nothing about numbers that nobody has issued', async () => {
    const authority = await authorityOf(hierarchy, () => Promise.reject(new Error('the token was asked')));
    const responder = responderOf(authority);
    for (const nonce of [undefined, Uint8Array.of(1, 2, 3)]) {
      const answer = await responder.answer('issuing-i1', requestFor(authority, 0x7766554433221100n, nonce));
      expect(answer).toEqual({ der: encodeOcspError('unauthorized') });
    }
  });

  it('gives out what is still good while the token is away, to its end, and never once the record says otherwise', async () => {
    const away = new CodedError({
      code: 'token-device-removed',
      message: 'The token is gone.',
      remedy: 'Put it back.',
    });
    let token = true;
    const authority = await authorityOf(hierarchy, (algorithm, message) =>
      token ? sign(algorithm, message) : Promise.reject(away),
    );
    let now = hierarchy.now + 60;
    const responder = responderOf(authority, { now: () => now });
    const ask = (serial: bigint, nonce?: Uint8Array) =>
      responder.answer('issuing-i1', requestFor(authority, serial, nonce));
    const [good, soonRevoked] = [await ask(first), await ask(first + 1n)];
    expect(soonRevoked?.caching).toBeDefined();
    token = false;
    const tryLater = { der: encodeOcspError('tryLater') };
    expect(await ask(first + 2n)).toEqual(tryLater);
    for (const seconds of [1800, 1799]) {
      now += seconds;
      expect((await ask(first))?.der).toEqual(good?.der);
      expect((await ask(first, Uint8Array.of(1, 2, 3)))?.der).toEqual(good?.der);
    }
    await created.query(
      `UPDATE certificates SET revoked_at = now(), revocation_reason = 'keyCompromise'
       WHERE serial = decode('0102030405060001', 'hex')`,
    );
    expect(await ask(first + 1n)).toEqual(tryLater);
    now += 1;
    expect(await ask(first)).toEqual(tryLater);
  });

  it('keeps room for others when many send nonces', async () => {
    const gate = Promise.withResolvers<void>();
    const authority = await authorityOf(hierarchy, async (algorithm, message) => {
      await gate.promise;
      return sign(algorithm, message);
    });
    const kept = await responderOf(await authorityOf(hierarchy, sign)).answer(
      'issuing-i1',
      requestFor(authority, first),
    );
    const responder = responderOf(authority);
    const ask = (index: number) =>
      responder.answer('issuing-i1', requestFor(authority, first, Uint8Array.of(index, 1)));
    const asked = Array.from({ length: 9 }, (_, index) => ask(index));
    expect(await Promise.race(asked)).toEqual(kept);
    gate.resolve();
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => answer?.caching === undefined)).toHaveLength(8);
  });

  it('signs ahead what is in demand when half of its life is over, each once, however many replicas there are', async () => {
    const asked: Uint8Array[] = [];
    const authority = await authorityOf(hierarchy, (algorithm, message) => {
      asked.push(message);
      return sign(algorithm, message);
    });
    let now = hierarchy.now + 60;
    const clock = { now: () => now };
    const ahead = () =>
      signAhead({
        database,
        store: new AnswerStore(database, nodeDigest),
        authorities: () => new Map([['issuing-i1', authority]]),
        settings: { lifetime: 3600, ahead: 7200 },
        tools: { clock, verify: nodeVerifier },
      });
    const ask = (serial: bigint) => responderOf(authority, clock).answer('issuing-i1', requestFor(authority, serial));
    const many = Array.from({ length: 100 }, (_, index) => first + BigInt(index + 10));
    for (const serial of many) await ask(serial);
    now += 1799;
    expect(await Promise.all([ahead(), ahead()])).toEqual([0, 0]);
    now += 1;
    const shares = await Promise.all([ahead(), ahead(), ahead()]);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(100);
    expect(asked).toHaveLength(200);
    const answer = await ask(first + 10n);
    expect(answer?.caching).toMatchObject({ thisUpdate: now, secondsLeft: 3600 });
    expect(asked).toHaveLength(200);
    // One is asked for again and stays in demand; the others go out of use.
    for (const seconds of [1800, 1800, 1800, 1800]) {
      now += seconds;
      await ahead();
      await ask(first + 10n);
    }
    asked.length = 0;
    now += 1800;
    expect(await ahead()).toBe(1);
    now += 1800;
    await ahead();
    const left = await created.query<{ count: string }>('SELECT count(*) FROM ocsp_answers');
    expect(Number(left[0]?.count)).toBe(1);
  });
});
