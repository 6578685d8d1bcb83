// Who signs OCSP answers, and how many at a time.
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clock } from '../../../core/ports/clock.ts';
import { systemClock } from '../../../core/node/clock.ts';
import { nodeDigest, nodeVerifier } from '../../../core/node/crypto.ts';
import { fromHex } from '../../../core/ports/hex.ts';
import { encodeOcspError } from '../../../core/x509/ocsp/response.ts';
import { readSpki } from '../../../core/x509/spki.ts';
import type { Certificate } from '../../../core/x509/certificate.ts';
import * as der from '../../../core/der/writer.ts';
import { oids } from '../../../core/x509/oids.ts';
import type { OcspAnswer } from '../../../issuer/http/ocsp-routes.ts';
import { makeLog } from '../../../issuer/ops/log.ts';
import { signerAt, type OcspAuthority, type OcspSigner } from '../../../issuer/revocation/ocsp/authority.ts';
import { OcspResponder } from '../../../issuer/revocation/ocsp/responder.ts';
import { makeIssuer } from '../../../issuer/sign/issuer.ts';
import { Database } from '../../../issuer/store/database.ts';
import { bundleParts, makeHierarchy, type TestHierarchy } from '../../support/hierarchy.ts';
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

/** A request about one serial number of this CA, without a nonce. */
function requestFor({ hashes: { sha256 } }: OcspAuthority, serial: bigint): Uint8Array {
  const hex = serial.toString(16);
  const octets = fromHex(hex.padStart(hex.length + (hex.length % 2), '0'));
  const parts = [der.octetString(sha256.name), der.octetString(sha256.key), der.unsignedInteger(octets)];
  const certId = der.sequence(der.sequence(der.oid(oids.sha256), der.nullValue()), ...parts);
  return der.encode(der.sequence(der.sequence(der.sequence(der.sequence(certId)))));
}

/** A serial number that is on record, and was issued. */
const onRecord = 0x0102030405060708n;

/** As the store would have it after one issuance. */
async function record(created: TestDatabase): Promise<void> {
  const octets = (byte: string): string => `decode(repeat('${byte}', 32), 'hex')`;
  await created.query(`INSERT INTO bundles VALUES (1, 'example-corp', false, 'sums', '', '{}', now())`);
  await created.query(`INSERT INTO issuers VALUES ('issuing-i1', 1, '', ${octets('01')}, '[]')`);
  await created.query(
    `INSERT INTO certificates (serial, issuer, status, tbs_sha256, spki_sha256, names, not_before, not_after, der,
       intended_at, issued_at)
     VALUES (decode('0102030405060708', 'hex'), 'issuing-i1', 'issued', ${octets('01')}, ${octets('02')}, '{}', now(),
       now() + interval '1 day', '', now(), now())`,
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
  afterAll(async () => {
    await database.close();
    await created.drop();
  });

  function responderOf(authority: OcspAuthority, clock: Clock = systemClock): OcspResponder {
    return new OcspResponder({
      database,
      authorities: () => new Map([['issuing-i1', authority]]),
      settings: { lifetime: 3600, nonces: true },
      tools: { clock, digest: nodeDigest, verify: nodeVerifier },
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
      responder.answer('issuing-i1', requestFor(authority, BigInt(serial + 1))),
    );
    const tryLater = encodeOcspError('tryLater');
    expect((await Promise.race(asked))?.der).toEqual(tryLater);
    gate.resolve();
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => Buffer.from(answer?.der ?? []).equals(tryLater))).toHaveLength(1);
    expect(await responder.answer('issuing-i1', requestFor(authority, 99n))).not.toMatchObject({ der: tryLater });
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
    const [first, ...same] = await Promise.all([ask(), ask(), ask()]);
    expect(first?.caching).toMatchObject({ thisUpdate: now, nextUpdate: now + 3600, secondsLeft: 3600 });
    expect(same).toEqual([first, first]);
    now += 1799;
    expect((await ask())?.der).toEqual(first?.der);
    expect(signatures).toBe(1);
    now += 1;
    expect((await ask())?.caching).toMatchObject({ thisUpdate: now, nextUpdate: now + 3600 });
    expect(signatures).toBe(2);
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
});
