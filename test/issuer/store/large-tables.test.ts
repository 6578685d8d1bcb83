// A database after years of use: what clients ask, and what runs every few seconds, must not read through it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../../core/ports/base64.ts';
import { readPem } from '../../../core/x509/pem.ts';
import { fillOrders, rowsScanned } from '../../bench/fill.ts';
import { certIdOf } from '../../support/cert-id.ts';
import { obtain } from '../../support/flows.ts';
import { TestIssuer } from '../../support/issuer.ts';
import { ocspRequest } from '../../support/ocsp-request.ts';

describe('a database with many rows', () => {
  let issuer: TestIssuer;

  beforeAll(async () => {
    issuer = await TestIssuer.create({ keys: 'file', ocspSigner: 90, change: { ocsp: {} } });
    await issuer.start();
    await fillOrders(issuer.database, 20_000);
  });
  afterAll(() => issuer.remove());

  it('is never gone through for orders, certificates, revocations, renewal information, CRLs or OCSP', async () => {
    const before = await rowsScanned(issuer.database);
    const client = issuer.client();
    await client.register();
    const { chain, order } = await obtain(issuer, client, ['large.example.internal']);
    const der = readPem(chain)[0]?.bytes ?? new Uint8Array();
    const { issuing } = issuer.hierarchy;
    const id = certIdOf(chain, issuing);
    expect((await client.transport.request('GET', `${issuer.baseUrl}/acme/main/renewal-info/${id}`)).status).toBe(200);
    expect((await client.post(String(order.headers['location']))).status).toBe(200);
    expect((await client.post(`${client.kid ?? ''}/orders`)).status).toBe(200);
    expect((await client.postTo('revokeCert', { certificate: toBase64Url(der) })).status).toBe(200);
    const plain = `http://127.0.0.1:${issuer.ports.publish}`;
    const serial = Buffer.from(id.split('.')[1] ?? '', 'base64url');
    const asked = Buffer.from(ocspRequest(issuing, serial)).toString('base64');
    expect((await fetch(`${plain}/ocsp/issuing-i1/${encodeURIComponent(asked)}`)).status).toBe(200);
    expect((await fetch(`${plain}/crl/issuing-i1.crl`)).status).toBe(200);
    // Connections that end hand in what they have counted.
    await issuer.process.stop();
    expect(await rowsScanned(issuer.database)).toEqual(before);
    // That it would be seen: this reads all of them.
    await issuer.database.query(`SELECT count(*) FROM orders WHERE identifiers::text LIKE '%nobody%'`);
    expect((await rowsScanned(issuer.database))['orders']).toBeGreaterThanOrEqual((before['orders'] ?? 0) + 20_000);
  });
});
