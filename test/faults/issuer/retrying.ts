// A client as RFC 8555 wants it: it sends again what was not answered, after "badNonce" and after 503.
import { setTimeout as pause } from 'node:timers/promises';
import { makeCsr, type AcmeResponse, type AcmeTestClient } from '../../support/acme.ts';

export interface Retries {
  /** Requests without an answer, and answers of 5xx and 429. */
  lost: number;
  away: number;
  badNonces: number;
}

const apart = 150;

/** Sends until there is an answer that says something of the request itself. */
async function insist(
  client: AcmeTestClient,
  url: string,
  payload: unknown,
  retries: Retries,
  until: number,
): Promise<AcmeResponse> {
  for (;;) {
    if (performance.now() > until) throw new Error(`no answer in time: ${url}`);
    let response: AcmeResponse | undefined;
    try {
      response = await client.post(url, payload);
    } catch {
      retries.lost += 1;
    }
    if (response !== undefined) {
      const bad = String(response.body['type']).endsWith(':badNonce');
      if (response.status < 500 && !bad) return response;
      if (bad) retries.badNonces += 1;
      else retries.away += 1;
    }
    await pause(apart);
  }
}

/** One certificate from order to download, whatever happens to the servers meanwhile; its PEM. */
export async function certificateFor(
  client: AcmeTestClient,
  name: string,
  answers: Map<string, string>,
  retries: Retries,
  until: number,
): Promise<string> {
  const post = (url: string, payload?: unknown): Promise<AcmeResponse> => insist(client, url, payload, retries, until);
  const { newOrder = '' } = await client.directory();
  const order = await post(newOrder, { identifiers: [{ type: 'dns', value: name }] });
  if (order.status !== 201) throw new Error(`newOrder: ${order.text}`);
  const orderUrl = String(order.headers.location);
  const [authorization = ''] = order.body['authorizations'] as string[];
  const { csr } = await makeCsr([name]);
  for (;;) {
    const now = await post(orderUrl);
    const status = String(now.body['status']);
    if (status === 'pending') {
      const { body } = await post(authorization);
      const challenge = (body['challenges'] as { type: string; url: string; token: string; status: string }[]).find(
        ({ type }) => type === 'http-01',
      );
      if (challenge?.status === 'pending') {
        answers.set(`/.well-known/acme-challenge/${challenge.token}`, client.keyAuthorization(challenge.token));
        await post(challenge.url, {});
      }
    } else if (status === 'ready') await post(String(order.body['finalize']), { csr });
    else if (status === 'valid') return (await post(String(now.body['certificate']))).text;
    else if (status !== 'processing') throw new Error(`the order is ${status}: ${now.text}`);
    await pause(50);
  }
}
