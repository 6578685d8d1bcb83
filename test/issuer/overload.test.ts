// More than the issuer can do at the moment: the database holds everything up, and clients go on coming.
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AcmeResponse, AcmeTestClient } from '../support/acme.ts';
import { TestIssuer } from '../support/issuer.ts';
import { problemOf } from '../support/problem-of.ts';

const most = 16;
const connections = 2;

describe('an issuer whose database holds everything up', () => {
  let issuer: TestIssuer;
  const clients: AcmeTestClient[] = [];

  beforeAll(async () => {
    const change = { limits: { requests: most } };
    issuer = await TestIssuer.create({ keys: 'file', change });
    issuer.configure({ database: { connections } });
    await issuer.start();
    for (let made = 0; made < most + 1; made += 1) {
      const client = issuer.client();
      await client.register();
      clients.push(client);
    }
  });
  afterAll(() => issuer.remove());

  it('tells whom it has no room for to come again, at once; those it has let in as soon as it knows', async () => {
    const holder = new Client({ connectionString: issuer.database.url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('LOCK TABLE orders');
    const [last, ...first] = clients;
    const order = (client: AcmeTestClient): Promise<AcmeResponse> => client.newOrder(['busy.example.internal']);
    const orders = first.map(order);
    const metrics = async (): Promise<string> =>
      (await fetch(`http://127.0.0.1:${issuer.ports.metrics}/metrics`)).text();
    while (!(await metrics()).includes(`\ncoldroot_requests_in_process ${most}\n`));
    const refused = await last?.newOrder(['busy.example.internal']);
    if (refused === undefined) throw new Error('no client');
    expect(problemOf(refused)).toBe('serverInternal 503');
    expect(refused.headers).toMatchObject({ 'retry-after': '3', 'replay-nonce': expect.any(String) as string });
    expect(await metrics()).toMatch(/^coldroot_requests_refused_total [1-9]/mu);
    // Two have the connections and wait for the table; nobody waits for a connection without end.
    const waited = await Promise.all([
      ...orders.map(async (each, index) => {
        const answer = await each;
        return answer.status === 503 ? answer : `${index}`;
      }),
      holdUntil(() => metrics(), connections).then(() => holder.query('ROLLBACK')),
    ]);
    await holder.end();
    const told = waited.filter((each) => typeof each === 'object' && 'headers' in each);
    expect(told).toHaveLength(most - connections);
    expect(told.map((answer) => answer.headers['retry-after'])).toEqual(told.map(() => '3'));
    expect((await order(clients[0] ?? issuer.client())).status).toBe(201);
  });
});

/** Until no more than so many requests are being answered. */
async function holdUntil(metrics: () => Promise<string>, left: number): Promise<void> {
  while (!(await metrics()).includes(`\ncoldroot_requests_in_process ${left}\n`));
}
