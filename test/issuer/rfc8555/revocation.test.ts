// RFC 8555 §7.6: revocation, and the CRL that makes it known.
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../../core/ports/base64.ts';
import { readCertificate } from '../../../core/x509/certificate.ts';
import { readCrl } from '../../../core/x509/crl.ts';
import { readCRLNumber, readReasonCode } from '../../../core/x509/extensions/crl-extensions.ts';
import { oids } from '../../../core/x509/oids.ts';
import { readPem, toPem } from '../../../core/x509/pem.ts';
import { accountKey, type AccountKey, type AcmeResponse, type AcmeTestClient } from '../../support/acme.ts';
import { readCheckedCrl, serialOf } from '../../support/chain-checks.ts';
import { problemOf } from '../../support/problem-of.ts';
import { authorizationsOf, authorize, obtain } from '../../support/flows.ts';
import { TestIssuer } from '../../support/issuer.ts';
import { softHsmMissing } from '../../support/softhsm.ts';
import { Database } from '../../../issuer/store/database.ts';
import { listRevocations } from '../../../issuer/store/list-revocations.ts';
import { fetchCrl, becomesRevoked } from '../../interop/crl.ts';
import { sign, createPrivateKey, createPublicKey } from 'node:crypto';
import type { ThrowawayKey } from '../../../core/node/throwaway-key.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: RFC 8555 §7.6: ${missing}`);

/** The key of a certificate, for signing JWS with. */
function asAccountKey(key: ThrowawayKey): AccountKey {
  const privateKey = createPrivateKey({ key: Buffer.from(key.pkcs8()), format: 'der', type: 'pkcs8' });
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
  const signIt = (input: string): Buffer =>
    sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return { alg: 'ES256', jwk: { ...jwk }, sign: signIt };
}

describe.skipIf(missing !== undefined)('RFC 8555 §7.6: revocation', () => {
  let issuer: TestIssuer;
  let client: AcmeTestClient;

  beforeAll(async () => {
    issuer = await (await TestIssuer.create()).start();
    client = issuer.client();
    await client.register();
  });
  afterAll(() => issuer.remove());

  const certificateOf = (chain: string): string => toBase64Url(readPem(chain)[0]?.bytes ?? new Uint8Array());
  const revoke = (by: AcmeTestClient, chain: string, more: object = {}): Promise<AcmeResponse> =>
    by.postTo('revokeCert', { certificate: certificateOf(chain), ...more });

  function withKey(key: AccountKey): AcmeTestClient {
    return issuer.client({ key });
  }

  it('by the account that ordered it is answered with 200 and nothing, and soon in the CRL', async () => {
    const { chain } = await obtain(issuer, client, ['one.example.internal']);
    expect(await revoke(client, chain)).toMatchObject({ status: 200, text: '' });
    expect(await becomesRevoked(issuer, chain)).toBe(true);
  });

  it('by the certificate’s own key needs no account', async () => {
    const { chain, key } = await obtain(issuer, client, ['two.example.internal']);
    expect((await revoke(withKey(asAccountKey(key)), chain, { reason: 1 })).status).toBe(200);
    expect(await becomesRevoked(issuer, chain)).toBe(true);
  });

  it('by another account is refused, until it has authorizations for every name', async () => {
    const { chain } = await obtain(issuer, client, ['three.example.internal', 'four.example.internal']);
    const other = issuer.client();
    await other.register();
    expect(problemOf(await revoke(other, chain))).toBe('unauthorized 403');
    await authorize(issuer, other, await other.newOrder(['three.example.internal']));
    expect(problemOf(await revoke(other, chain))).toBe('unauthorized 403');
    const order = await other.newOrder(['four.example.internal']);
    await authorize(issuer, other, order);
    const [url = ''] = authorizationsOf(order);
    await other.post(url, { status: 'deactivated' });
    expect(problemOf(await revoke(other, chain))).toBe('unauthorized 403');
    await authorize(issuer, other, await other.newOrder(['four.example.internal']));
    expect((await revoke(other, chain)).status).toBe(200);
  });

  it('by some key is refused', async () => {
    const { chain } = await obtain(issuer, client, ['five.example.internal']);
    expect(problemOf(await revoke(withKey(accountKey()), chain))).toBe('unauthorized 403');
  });

  it('a second time is refused as alreadyRevoked, whoever asks', async () => {
    const { chain, key } = await obtain(issuer, client, ['six.example.internal']);
    expect((await revoke(client, chain)).status).toBe(200);
    expect(problemOf(await revoke(client, chain))).toBe('alreadyRevoked 400');
    expect(problemOf(await revoke(withKey(asAccountKey(key)), chain))).toBe('alreadyRevoked 400');
  });

  it.each([
    [0, undefined],
    [1, 1],
    [3, 3],
    [4, 4],
    [5, 5],
    [9, 9],
    [undefined, undefined],
    [null, undefined],
  ])('with reason %s is accepted and written as %s', async (reason, written) => {
    const { chain } = await obtain(issuer, client, [`reason-${reason}.example.internal`]);
    expect((await revoke(client, chain, { reason })).status).toBe(200);
    expect(await becomesRevoked(issuer, chain)).toBe(true);
    const serial = serialOf(chain).toLowerCase();
    const { tbs } = readCrl(await fetchCrl(issuer));
    const entry = tbs.entries.find((each) => Buffer.from(each.serial).toString('hex') === serial);
    const extension = entry?.extensions.find(({ oid }) => oid === oids.reasonCode);
    expect(extension === undefined ? undefined : readReasonCode(extension.value)).toBe(written);
  });

  it.each([2, 6, 7, 8, 10, 11, -1])('with reason %i is refused', async (reason) => {
    const { chain } = await obtain(issuer, client, ['reasons.example.internal']);
    const refused = await revoke(client, chain, { reason });
    expect([problemOf(refused), refused.body['detail']]).toEqual([
      'badRevocationReason 400',
      expect.stringContaining('Use 0, 1, 3, 4, 5 or 9.'),
    ]);
  });

  it('of what is no certificate of ours is malformed', async () => {
    const foreign = toPem('CERTIFICATE', issuer.hierarchy.root.raw);
    expect(problemOf(await revoke(client, foreign))).toBe('malformed 400');
    for (const certificate of ['', 'AAAA', '!', 1]) {
      expect(problemOf(await client.postTo('revokeCert', { certificate }))).toBe('malformed 400');
    }
    // A serial number alone proves nothing: the whole certificate must be the one that was issued.
    const { chain } = await obtain(issuer, client, ['forged.example.internal']);
    const forged = Uint8Array.from(readPem(chain)[0]?.bytes ?? []);
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    expect(problemOf(await client.postTo('revokeCert', { certificate: toBase64Url(forged) }))).toBe('malformed 400');
  });

  it('makes CRLs that OpenSSL verifies, whose numbers rise and whose entries stay', async () => {
    const number = (der: Uint8Array): bigint =>
      readCRLNumber(readCrl(der).tbs.extensions.find(({ oid }) => oid === oids.cRLNumber)?.value ?? new Uint8Array());
    const before = await fetchCrl(issuer);
    const { chain } = await obtain(issuer, client, ['rising.example.internal']);
    await revoke(client, chain);
    expect(await becomesRevoked(issuer, chain)).toBe(true);
    const after = await fetchCrl(issuer);
    expect(number(after)).toBeGreaterThan(number(before));
    const serials = (der: Uint8Array): string[] =>
      readCrl(der).tbs.entries.map(({ serial }) => Buffer.from(serial).toString('hex'));
    expect(serials(after)).toEqual(expect.arrayContaining(serials(before)));
    const text = readCheckedCrl(after, toPem('CERTIFICATE', issuer.hierarchy.issuing.raw));
    expect(text).toContain(serialOf(chain));
  });

  it('that does not fit into a CRL is refused as a whole: none is left out in silence', async () => {
    const { url } = issuer.database;
    const database = new Database({ url, connections: 1, onError: () => undefined });
    try {
      const times = { expiredBefore: '2000-01-01T00:00:00Z' };
      const all = await listRevocations(database, 'issuing-i1', times);
      expect(all.length).toBeGreaterThan(1);
      expect(await listRevocations(database, 'issuing-i1', times, all.length)).toEqual(all);
      const tooFew = listRevocations(database, 'issuing-i1', times, all.length - 1);
      await expect(tooFew).rejects.toMatchObject({ code: 'crl-too-long' });
    } finally {
      await database.close();
    }
  });

  it('is known from one CRL for everything, where certificates say, with a number of at most 20 octets', async () => {
    const { chain } = await obtain(issuer, client, ['whole.example.internal']);
    const { tbs } = readCrl(await fetchCrl(issuer));
    const number = tbs.extensions.find(({ oid }) => oid === oids.cRLNumber)?.value;
    // INTEGER with its tag and length.
    expect(number?.length).toBeLessThanOrEqual(22);
    // No shards: nothing in the CRL says that it is only for a part of what the CA issued.
    expect(tbs.extensions.some(({ oid }) => oid === oids.issuingDistributionPoint)).toBe(false);
    const leaf = readCertificate(readPem(chain)[0]?.bytes ?? new Uint8Array());
    const point = leaf.tbs.extensions.find(({ oid }) => oid === oids.cRLDistributionPoints)?.value;
    expect(Buffer.from(point ?? []).toString('latin1')).toContain(
      `http://127.0.0.1:${issuer.ports.publish}/crl/issuing-i1.crl`,
    );
  });

  it('outlives the certificate by the life of a CRL, and is then left out', async () => {
    const age = async (name: string, days: number): Promise<string> => {
      const { chain } = await obtain(issuer, client, [name]);
      expect((await revoke(client, chain)).status).toBe(200);
      expect(await becomesRevoked(issuer, chain)).toBe(true);
      await issuer.database.query(
        'UPDATE certificates SET not_after = now() - make_interval(days => $2) WHERE $1 = ANY (names)',
        [name, days],
      );
      return serialOf(chain).toLowerCase();
    };
    const late = await age('expired-late.example.internal', 6);
    const long = await age('expired-long.example.internal', 8);
    const { chain } = await obtain(issuer, client, ['next.example.internal']);
    await revoke(client, chain);
    expect(await becomesRevoked(issuer, chain)).toBe(true);
    const listed = readCrl(await fetchCrl(issuer)).tbs.entries.map(({ serial }) => Buffer.from(serial).toString('hex'));
    expect([listed.includes(late), listed.includes(long)]).toEqual([true, false]);
  });

  it('that come close together go into one CRL', async () => {
    const chains = [];
    for (const name of ['a', 'b', 'c'])
      chains.push((await obtain(issuer, client, [`${name}.batch.example.internal`])).chain);
    const count = async (): Promise<number> => (await issuer.database.query('SELECT 1 FROM crls')).length;
    const before = await count();
    // While no CRL can be stored one may be under way, and the next has the rest: two, however slow the machine.
    const holder = new Client({ connectionString: issuer.database.url });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE crls IN EXCLUSIVE MODE');
    await Promise.all(
      chains.map((chain) => {
        const twin = issuer.client({ key: client.key });
        twin.kid = client.kid;
        return revoke(twin, chain);
      }),
    );
    await holder.query('COMMIT');
    await holder.end();
    for (const chain of chains) expect(await becomesRevoked(issuer, chain)).toBe(true);
    expect((await count()) - before).toBeLessThanOrEqual(2);
  });

  it('the CRL and the CA’s certificate are served over plain HTTP and over HTTPS, those of the root, too', async () => {
    const { ports, hierarchy } = issuer;
    const response = await fetch(`http://127.0.0.1:${ports.publish}/crl/issuing-i1.crl`);
    expect(response.headers.get('content-type')).toBe('application/pkix-crl');
    expect(Date.parse(response.headers.get('expires') ?? '')).toBeGreaterThan(Date.now());
    expect(response.headers.get('cache-control')).toBe('public, max-age=60');
    const certificate = await fetch(`http://127.0.0.1:${ports.publish}/ca/issuing-i1.cer`);
    expect(certificate.headers.get('content-type')).toBe('application/pkix-cert');
    expect(new Uint8Array(await certificate.arrayBuffer())).toEqual(new Uint8Array(hierarchy.issuing.raw));
    for (const name of ['crl/root-r1.crl', 'ca/root-r1.cer']) {
      expect((await fetch(`http://127.0.0.1:${ports.publish}/${name}`)).status).toBe(200);
    }
    for (const name of ['crl/unknown.crl', 'ca/bundle-signer-b1.cer', 'acme/main/directory', 'metrics']) {
      expect((await fetch(`http://127.0.0.1:${ports.publish}/${name}`)).status).toBe(404);
    }
    expect((await client.transport.request('GET', `${issuer.baseUrl}/crl/issuing-i1.crl`)).status).toBe(200);
  });

  it('that no CRL lists yet, because the process that took it died, is found and listed', async () => {
    const { chain } = await obtain(issuer, client, ['orphan.example.internal']);
    await issuer.database.query(
      "UPDATE certificates SET revoked_at = now() - interval '1 second', revocation_reason = 'superseded' WHERE 'orphan.example.internal' = ANY (names)",
    );
    expect(await becomesRevoked(issuer, chain)).toBe(true);
  });
});
