import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/node/clock.ts';
import { nodeVerifier } from '../../../core/node/crypto.ts';
import { readCrl } from '../../../core/x509/crl.ts';
import { ensureCrl } from '../../../issuer/revocation/make-crl.ts';
import { makeIssuer, type Issuer } from '../../../issuer/sign/issuer.ts';
import { Database } from '../../../issuer/store/database.ts';
import { lastCrl } from '../../../issuer/store/last-crl.ts';
import { revokeSerials } from '../../../issuer/store/revoke-serials.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { bundleParts, makeHierarchy } from '../../support/hierarchy.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';

const name = 'issuing-i1';

describe('a revocation that comes while a CRL is being signed', () => {
  let test: TestDatabase;
  let database: Database;
  let issuer: Issuer;
  /** What happens while the key signs. */
  let meanwhile: () => Promise<void> = () => Promise.resolve();

  beforeAll(async () => {
    test = await createDatabase();
    database = new Database({ url: test.url, connections: 2, onError: () => undefined });
    await test.query(`INSERT INTO bundles VALUES (1, 'x', false, 'x', '', '{}', now())`);
    await test.query(`INSERT INTO issuers VALUES ($1, 1, '', '\\x00', '[]')`, [name]);
    const hierarchy = await makeHierarchy();
    const { parts } = await bundleParts(hierarchy);
    const [entry] = parts.manifest.issuers;
    const key = hierarchy.issuingKey;
    if (entry === undefined || key === undefined) throw new Error('no issuing key');
    issuer = makeIssuer({ entry, certificate: hierarchy.issuing, chains: [] }, async (...asked) => {
      await meanwhile();
      return key.sign(...asked);
    });
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  /** The serial number of a certificate that was issued. */
  async function issued(): Promise<Buffer> {
    const serial = Buffer.concat([Buffer.of(0x40), randomBytes(15)]);
    await test.query(
      `INSERT INTO certificates (serial, issuer, status, tbs_sha256, spki_sha256, names, not_before, not_after, der,
         intended_at, issued_at)
       VALUES ($1, $2, 'issued', $3, $3, '{}', now(), now() + interval '30 days', '', now(), now())`,
      [serial, name, randomBytes(32)],
    );
    return serial;
  }

  async function revoke(serial: Buffer, at: number): Promise<void> {
    await revokeSerials(database, [serial], formatUtc(at), 'superseded');
  }

  const ensure = (): Promise<boolean> =>
    ensureCrl(database, issuer, { lifetime: 7 * 86_400 }, { clock: systemClock, verify: nodeVerifier });

  async function listed(): Promise<readonly string[]> {
    const crl = await lastCrl(database, name);
    return readCrl(crl?.der ?? new Uint8Array()).tbs.entries.map(({ serial }) => Buffer.from(serial).toString('hex'));
  }

  it('is listed by the next one, though it is dated before the one that it came too late for', async () => {
    const [early, late] = [await issued(), await issued()];
    await revoke(early, systemClock.now());
    meanwhile = () => revoke(late, systemClock.now() - 60);
    expect(await ensure()).toBe(true);
    expect(await listed()).toEqual([early.toString('hex')]);
    meanwhile = () => Promise.resolve();
    expect(await ensure()).toBe(true);
    expect((await listed()).toSorted()).toEqual([early, late].map((serial) => serial.toString('hex')).toSorted());
    expect(await ensure()).toBe(false);
  });
});
