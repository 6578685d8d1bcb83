// A corpus of hostile requests. Each is sent to the running program, which must refuse it with the right problem, a new
// nonce and nothing changed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCsr, type AcmeTestClient } from '../../support/acme.ts';
import { bindWith } from '../../support/external-binding.ts';
import { readyOrder } from '../../support/flows.ts';
import { csrKinds } from '../../support/hostile-acme/csr-kinds.ts';
import { jsonKinds } from '../../support/hostile-acme/json-kinds.ts';
import { jwsKinds } from '../../support/hostile-acme/jws-kinds.ts';
import type { HostileRequest, Victim } from '../../support/hostile-acme/kind.ts';
import { TestIssuer } from '../../support/issuer.ts';
import { problemOf } from '../../support/problem-of.ts';
import { softHsmMissing } from '../../support/softhsm.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: hostile requests: ${missing}`);

describe.skipIf(missing !== undefined)('a hostile request', () => {
  let issuer: TestIssuer;
  let client: AcmeTestClient;
  let victim: Victim;
  let finalize = '';

  beforeAll(async () => {
    issuer = await (await TestIssuer.create()).start();
    client = issuer.client();
    await client.register();
    const order = await readyOrder(issuer, client, ['a.example.internal']);
    const at = (name: string): string => `${issuer.baseUrl}/acme/main/${name}`;
    finalize = String(order.body['finalize']);
    victim = {
      client,
      accountKey: client.key,
      urls: {
        newAccount: at('new-account'),
        newOrder: at('new-order'),
        account: client.kid ?? '',
        finalize,
        revokeCert: at('revoke-cert'),
        keyChange: at('key-change'),
        newAuthz: at('new-authz'),
      },
    };
  });
  afterAll(() => issuer.remove());

  async function count(): Promise<unknown> {
    const tables = ['accounts', 'orders', 'authorizations', 'certificates'];
    return issuer.database.query(
      `SELECT ${tables.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join(', ')}`,
    );
  }

  /** What each was answered with, where that is not what it should be. */
  async function refusals(requests: readonly HostileRequest[]): Promise<string[]> {
    const wrong: string[] = [];
    for (const { name, problem, to, payload, options } of requests) {
      // newAccount is signed with a key of its own, which has no account.
      const sender = to === 'newAccount' ? issuer.client() : client;
      const answer = problemOf(await sender.post(victim.urls[to], payload, options?.(victim) ?? {}));
      if (answer !== problem) wrong.push(`${name}: ${answer} and not ${problem}`);
    }
    return wrong;
  }

  it('of more than two hundred kinds is in the corpus, each once', async () => {
    const all = [...jwsKinds, ...jsonKinds, ...(await csrKinds())];
    expect(all.length).toBeGreaterThan(200);
    expect(new Set(all.map(({ name, payload }) => `${name} ${JSON.stringify(payload)}`)).size).toBe(all.length);
  });

  it('whose JWS is wrong is refused', async () => {
    const before = await count();
    expect(await refusals(jwsKinds)).toEqual([]);
    expect(await count()).toEqual(before);
  });

  it('whose payload or key is wrong is refused', async () => {
    const before = await count();
    expect(await refusals(jsonKinds)).toEqual([]);
    expect(await count()).toEqual(before);
  });

  it('whose URL holds what no name of ours has finds nothing, and asks nobody', async () => {
    const before = issuer.process.lines.filter(({ level }) => level === 'error').length;
    const own = `account/${client.kid?.split('/').at(-1)}/orders`;
    const places = ['order', 'authorization', 'challenge', 'certificate', own, 'order/x/finalize/..'];
    for (const place of places) {
      for (const part of ['%00', 'a%00b', '%0A', '%2e%2e', `x'--`, '%F0%9F%98%80', 'a'.repeat(65)]) {
        const url = `${issuer.baseUrl}/acme/main/${place}/${part}`;
        for (const signed of [url, decodeURIComponent(url)]) {
          const answer = await client.post(url, { csr: 'AAAA' }, { header: { url: signed } });
          expect([place, part, problemOf(answer)]).toEqual([place, part, 'malformed 404']);
        }
      }
    }
    expect(issuer.process.lines.filter(({ level }) => level === 'error')).toHaveLength(before);
  });

  it('whose external account binding names a key with a NUL is refused', async () => {
    const newcomer = issuer.client();
    for (const [kid, problem] of [
      ['x\u0000', 'malformed 400'],
      ['x', 'unauthorized 403'],
    ] as const) {
      const externalAccountBinding = bindWith(Buffer.alloc(32), newcomer.key, { kid, url: victim.urls.newAccount });
      expect(problemOf(await newcomer.register({ externalAccountBinding }))).toBe(problem);
    }
  });

  it('whose CSR is wrong is refused, and the order can be finalized all the same', async () => {
    const before = await count();
    expect(await refusals(await csrKinds())).toEqual([]);
    expect(await count()).toEqual(before);
    const { csr } = await makeCsr(['a.example.internal']);
    expect((await client.post(finalize, { csr })).body['status']).toBe('valid');
  });
});
