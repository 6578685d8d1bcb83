import https from 'node:https';
import acme from 'acme-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainFaults, serialOf } from '../support/chain-checks.ts';
import { TestIssuer } from '../support/issuer.ts';
import { softHsmMissing } from '../support/softhsm.ts';
import { becomesRevoked } from './crl.ts';

const missing = softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: interoperation with acme-client: ${missing}`);

describe.skipIf(missing !== undefined)('acme-client (npm)', () => {
  let issuer: TestIssuer;
  let client: acme.Client;
  let challenges: Map<string, string>;
  const agent = (): https.Agent => new https.Agent({ ca: issuer.rootPem });

  beforeAll(async () => {
    issuer = await (await TestIssuer.create()).start('--migrate');
    challenges = await issuer.serveChallenges();
    acme.axios.defaults.httpsAgent = agent();
    client = new acme.Client({
      directoryUrl: issuer.directoryUrl(),
      accountKey: await acme.crypto.createPrivateEcdsaKey(),
      backoffMin: 100,
      backoffMax: 500,
    });
    issuer.dns.set('one.example.internal', { A: ['127.0.0.1'] });
  });
  afterAll(() => issuer.remove());

  async function order(names: string[], type: 'http-01' | 'dns-01'): Promise<{ chain: string; key: Buffer }> {
    const [key, csr] = await acme.crypto.createCsr({ altNames: names });
    const chain = await client.auto({
      csr,
      termsOfServiceAgreed: true,
      email: 'someone@example.com',
      challengePriority: [type],
      // It would look the name up in the real DNS.
      skipChallengeVerification: true,
      challengeCreateFn: (authz, challenge, keyAuthorization) => {
        const { value } = authz.identifier;
        if (type === 'dns-01') issuer.dns.addText(`_acme-challenge.${value}`, keyAuthorization);
        else challenges.set(`/.well-known/acme-challenge/${challenge.token}`, keyAuthorization);
        return Promise.resolve();
      },
      challengeRemoveFn: () => Promise.resolve(),
    });
    return { chain, key };
  }

  it('gets a certificate by http-01 and another one for the same name', async () => {
    const first = await order(['one.example.internal'], 'http-01');
    expect(chainFaults(first.chain, issuer.rootPem)).toEqual([]);
    const second = await order(['one.example.internal'], 'http-01');
    expect(chainFaults(second.chain, issuer.rootPem)).toEqual([]);
    expect(serialOf(second.chain)).not.toBe(serialOf(first.chain));
  });

  it('gets a wildcard by dns-01 and revokes it', async () => {
    const { chain } = await order(['*.wild.example.internal'], 'dns-01');
    expect(chainFaults(chain, issuer.rootPem)).toEqual([]);
    await client.revokeCertificate(chain);
    expect(await becomesRevoked(issuer, chain)).toBe(true);
  });

  it('updates its account, changes its key and gives the account up', async () => {
    await client.updateAccount({ contact: ['mailto:other@example.com'] });
    await client.updateAccountKey(await acme.crypto.createPrivateRsaKey(2048));
    expect(await client.updateAccount({ contact: [] })).toMatchObject({ status: 'valid' });
    expect(await client.updateAccount({ status: 'deactivated' })).toMatchObject({ status: 'deactivated' });
  });
});
