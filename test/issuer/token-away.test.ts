// A token that goes away while the issuer runs, and comes back. SoftHSM itself, as some vendors' libraries do, never finds
// it again in a process that saw it go.
import { renameSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCsr, type AcmeResponse, type AcmeTestClient } from '../support/acme.ts';
import { obtain, readyOrder } from '../support/flows.ts';
import { TestIssuer } from '../support/issuer.ts';
import { problemOf } from '../support/problem-of.ts';
import { softHsmMissing } from '../support/softhsm.ts';
import { until } from '../support/until.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: a token that goes away: ${missing}`);

describe.skipIf(missing !== undefined)('a token that goes away', () => {
  let issuer: TestIssuer;
  let client: AcmeTestClient;

  beforeAll(async () => {
    issuer = await (await TestIssuer.create()).start();
    client = issuer.client();
    await client.register();
  });
  afterAll(() => issuer.remove());

  it('costs a clean 503 with Retry-After, and certificates again when it is back, without a restart by hand', async () => {
    await obtain(issuer, client, ['before.example.internal']);
    const order = await readyOrder(issuer, client, ['away.example.internal']);
    const { csr } = await makeCsr(['away.example.internal']);
    const finalize = (): Promise<AcmeResponse> => client.post(String(order.body['finalize']), { csr });
    const tokens = path.join(issuer.softHsm.directory, 'tokens');
    renameSync(tokens, `${tokens}-away`);
    try {
      const refused = await finalize();
      expect(problemOf(refused)).toBe('serverInternal 503');
      expect(refused.headers['retry-after']).toMatch(/^[0-9]+$/u);
    } finally {
      renameSync(`${tokens}-away`, tokens);
    }
    const answer = await until('the token is found again', async () => {
      const found = await finalize();
      return found.status === 200 && found;
    });
    expect(answer).toMatchObject({ status: 200, body: { status: 'valid' } });
    const rows = await issuer.database.query(`SELECT 1 FROM certificates WHERE status = 'issued'`);
    // Its own TLS certificate, the one before and this one: none was signed twice.
    expect(rows.length).toBe(3);
  });
});
