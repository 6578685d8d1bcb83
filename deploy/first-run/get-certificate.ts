import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { Agent } from 'node:https';
import * as acme from 'acme-client';
import { rootCertificate } from './ceremonies.ts';
import { demo, places } from './places.ts';

/** A web server that answers http-01 challenges and nothing else. */
function challengeServer(answers: ReadonlyMap<string, string>): Server {
  return createServer((request, response) => {
    const answer = answers.get(request.url?.replace('/.well-known/acme-challenge/', '') ?? '');
    response.statusCode = answer === undefined ? 404 : 200;
    response.end(answer ?? '');
  });
}

/** Has acme-client (an ACME client from npm that knows nothing of us) get a certificate for the demonstration's name. */
export async function getCertificate(directoryUrl: string, challengePort: number): Promise<void> {
  acme.axios.defaults.httpsAgent = new Agent({ ca: readFileSync(rootCertificate) });
  const answers = new Map<string, string>();
  const server = challengeServer(answers);
  await new Promise<void>((resolve) => server.listen(challengePort, '127.0.0.1', resolve));
  try {
    const accountKey = await acme.crypto.createPrivateEcdsaKey();
    const client = new acme.Client({ directoryUrl, accountKey });
    const [key, csr] = await acme.crypto.createCsr(
      { commonName: demo.name, altNames: [demo.name] },
      await acme.crypto.createPrivateEcdsaKey(),
    );
    const chain = await client.auto({
      csr,
      termsOfServiceAgreed: true,
      challengePriority: ['http-01'],
      // The client's own test would look the name up in the real DNS; ours is known to the issuer alone.
      skipChallengeVerification: true,
      challengeCreateFn: async (_, challenge, keyAuthorization) => {
        answers.set(challenge.token, keyAuthorization);
      },
      challengeRemoveFn: async (_, challenge) => {
        answers.delete(challenge.token);
      },
    });
    writeFileSync(places.leafKey, key, { mode: 0o600 });
    writeFileSync(places.chain, chain);
    writeFileSync(places.leaf, acme.crypto.splitPemChain(chain)[0] ?? '');
  } finally {
    server.close();
  }
}
