// What is signed goes by the rules of the moment in which it is signed, whatever held when its order was placed, and whatever
// somebody has written into the database since.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatUtc } from '../../core/profile/dates.ts';
import { makeCsr, type AcmeResponse, type AcmeTestClient } from '../support/acme.ts';
import { authorize, readyOrder } from '../support/flows.ts';
import { TestIssuer } from '../support/issuer.ts';
import { problemOf } from '../support/problem-of.ts';
import { softHsmMissing } from '../support/softhsm.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: changed rules: ${missing}`);

const day = 86_400;
const inDays = (days: number): string => formatUtc(Math.floor(Date.now() / 1000) + days * day);

describe.skipIf(missing !== undefined)('an order that was placed by other rules', () => {
  let issuer: TestIssuer;
  let client: AcmeTestClient;

  beforeAll(async () => {
    issuer = await (await TestIssuer.create({ keys: 'file' })).start();
    client = issuer.client();
    await client.register();
  });
  afterAll(() => issuer.remove());

  async function finalize(order: AcmeResponse, names: readonly string[]): Promise<AcmeResponse> {
    const { csr } = await makeCsr(names);
    return client.post(String(order.body['finalize']), { csr });
  }
  const idOf = (order: AcmeResponse): string | undefined => String(order.headers.location).split('/').at(-1);

  /** Starts it anew with this directory, which forgets nothing that is in the database. */
  async function restart(main: object): Promise<void> {
    await issuer.process.stop();
    issuer.configure({ directories: { main } });
    await issuer.start();
  }

  it('gets no certificate for names that its directory does not allow any more, and does again when it does', async () => {
    const names = ['late.example.internal', 'gone.example.internal'];
    const order = await readyOrder(issuer, client, names);
    const before = await readyOrder(issuer, client, ['gone.example.internal']);
    const { csr } = await makeCsr(['gone.example.internal']);
    expect((await client.post(String(before.body['finalize']), { csr })).body['status']).toBe('valid');
    await restart({ deny: { dns: ['gone.example.internal'] } });
    expect(problemOf(await finalize(order, names))).toBe('rejectedIdentifier 403');
    // What was made before is shown all the same.
    expect((await client.post(String(before.body['finalize']), { csr })).body['status']).toBe('valid');
    await restart({ deny: { dns: [] } });
    expect((await finalize(order, names)).body['status']).toBe('valid');
  });

  it('gets no certificate for longer than its directory gives now', async () => {
    const names = ['long.example.internal'];
    const order = await client.newOrder(names, { notAfter: inDays(50) });
    expect(order.status).toBe(201);
    await authorize(issuer, client, order);
    await restart({ lifetime: { default: '20d', max: '20d' } });
    expect(problemOf(await finalize(order, names))).toBe('malformed 400');
    await restart({ lifetime: { default: '30d', max: '60d' } });
    expect((await finalize(order, names)).body['status']).toBe('valid');
  });

  it.each([
    ['dates beyond what was signed for the CA', "not_after = now() + interval '300 days'", 'malformed 400'],
    [
      'names outside of what is allowed',
      `identifiers = '[{"type":"dns","value":"bank.example.org"}]'`,
      'rejectedIdentifier 403',
    ],
  ])('gets no certificate where somebody has written %s into the database', async (_, change, problem) => {
    const order = await readyOrder(issuer, client, ['written.example.internal']);
    await issuer.database.query(`UPDATE orders SET ${change} WHERE id = $1`, [idOf(order)]);
    // What the issuer remembers of it goes with the process.
    await restart({});
    const [row] = await issuer.database.query<{ identifiers: { value: string }[] }>(
      'SELECT identifiers FROM orders WHERE id = $1',
      [idOf(order)],
    );
    const names = row?.identifiers.map(({ value }) => value) ?? [];
    expect(problemOf(await finalize(order, names))).toBe(problem);
    const certificates = await issuer.database.query('SELECT FROM certificates WHERE order_id = $1', [idOf(order)]);
    expect(certificates).toEqual([]);
  });
});
