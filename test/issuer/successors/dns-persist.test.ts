// dns-persist-01 over the running program: who an account is to a record in DNS, whatever becomes of its key.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountKey, makeJws, type AcmeResponse } from '../../support/acme.ts';
import { authorizationsOf, challengeOf, settled } from '../../support/flows.ts';
import { TestIssuer } from '../../support/issuer.ts';
import { softHsmMissing } from '../../support/softhsm.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: dns-persist-01: ${missing}`);

const identity = 'ca.example.internal';

describe.skipIf(missing !== undefined)('dns-persist-01', () => {
  let issuer: TestIssuer;

  beforeAll(async () => {
    const main = { challenges: ['http-01', 'dns-persist-01'], caaIdentities: [identity] };
    issuer = await (await TestIssuer.create({ keys: 'file', change: { directories: { main } } })).start();
  });
  afterAll(() => issuer.remove());

  it('takes a hashed account, by the key of today and by the one before a key change', async () => {
    const mover = issuer.client();
    await mover.register();
    const { accountHashPrefix: prefix } = (await mover.directory())['meta'] as unknown as Record<string, string>;
    /** The record as a client would write it, by hand: from what the draft says, and nothing of ours. */
    const recordOf = (domain: string, thumbprint: string): string => {
      const octets = [Buffer.from([domain.length]), Buffer.from(domain + thumbprint + String(mover.kid))];
      const hash = createHash('sha256').update(Buffer.concat(octets)).digest('base64url');
      return `${identity}; accounturi=${String(prefix)}sha-256/${hash}; policy=wildcard`;
    };
    const answer = async (domain: string): Promise<AcmeResponse> => {
      const [url = ''] = authorizationsOf(await mover.newOrder([`*.${domain}`]));
      await mover.post(challengeOf(await mover.post(url), 'dns-persist-01').url, {});
      return settled(mover, url);
    };
    const [, before = ''] = mover.keyAuthorization('t').split('.');
    issuer.dns.addText('_validation-persist.hashed.example.internal', recordOf('hashed.example.internal', before));
    issuer.dns.addText('_validation-persist.stays.example.internal', recordOf('stays.example.internal', before));
    expect((await answer('hashed.example.internal')).body['status']).toBe('valid');
    const newKey = accountKey();
    const { keyChange = '' } = await mover.directory();
    const inner = makeJws(
      newKey,
      { alg: newKey.alg, jwk: newKey.jwk, url: keyChange },
      {
        account: mover.kid,
        oldKey: mover.key.jwk,
      },
    );
    expect((await mover.post(keyChange, inner)).status).toBe(200);
    mover.key = newKey;
    const [, after = ''] = mover.keyAuthorization('t').split('.');
    expect(after).not.toBe(before);
    issuer.dns.addText('_validation-persist.newer.example.internal', recordOf('newer.example.internal', after));
    for (const domain of ['stays.example.internal', 'newer.example.internal']) {
      expect((await answer(domain)).body['status']).toBe('valid');
    }
    // Another account with the same records has nothing of them.
    const other = issuer.client();
    await other.register();
    const [url = ''] = authorizationsOf(await other.newOrder(['stays.example.internal']));
    const challenge = challengeOf(await other.post(url), 'dns-persist-01').url;
    await other.post(challenge, {});
    const current = await settled(other, challenge);
    expect(current.body).toMatchObject({
      status: 'invalid',
      error: { type: 'urn:ietf:params:acme:error:unauthorized' },
    });
  });
});
