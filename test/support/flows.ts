// Whole stretches of ACME, for tests that are about what comes after them.
import { createHash } from 'node:crypto';
import { makeCsr, type AcmeResponse, type AcmeTestClient } from './acme.ts';
import type { ThrowawayKey } from '../../core/node/throwaway-key.ts';
import type { TestIssuer } from './issuer.ts';
import { until } from './until.ts';

export interface ChallengeObject {
  readonly type: string;
  readonly url: string;
  readonly status: string;
  readonly token: string;
  readonly error?: { readonly type: string; readonly detail: string };
}

/** The challenges of an authorization, as far as they are shown. */
export function challengesOf({ body }: AcmeResponse): readonly ChallengeObject[] {
  return body['challenges'] as ChallengeObject[];
}

export function challengeOf(response: AcmeResponse, type: string): ChallengeObject {
  const found = challengesOf(response).find((challenge) => challenge.type === type);
  if (found === undefined) throw new Error(`no ${type}: ${response.text}`);
  return found;
}

export function authorizationsOf({ body }: AcmeResponse): readonly string[] {
  return body['authorizations'] as string[];
}

/** What a TXT record holds that proves control by dns-01. */
export function dnsProof(client: AcmeTestClient, token: string): string {
  return createHash('sha256').update(client.keyAuthorization(token)).digest('base64url');
}

/** Polls until the object at a URL has left these statuses. */
export async function settled(
  client: AcmeTestClient,
  url: string,
  waiting: readonly string[] = ['pending', 'processing'],
): Promise<AcmeResponse> {
  return until(`${url} settles`, async () => {
    const response = await client.post(url);
    return !waiting.includes(String(response.body['status'])) && response;
  });
}

/** Proves control of every identifier of an order by http-01. */
export async function authorize(issuer: TestIssuer, client: AcmeTestClient, order: AcmeResponse): Promise<void> {
  const answers = await issuer.serveChallenges();
  for (const url of authorizationsOf(order)) {
    const authorization = await client.post(url);
    const { value } = authorization.body['identifier'] as { value: string };
    if (/[a-z]/u.test(value)) issuer.dns.set(value, { A: ['127.0.0.1'] });
    const { token, url: challenge } = challengeOf(authorization, 'http-01');
    answers.set(`/.well-known/acme-challenge/${token}`, client.keyAuthorization(token));
    await client.post(challenge, {});
    const { body, text } = await settled(client, url);
    if (body['status'] !== 'valid') throw new Error(text);
  }
}

/** An order whose authorizations are valid. */
export async function readyOrder(issuer: TestIssuer, client: AcmeTestClient, names: string[]): Promise<AcmeResponse> {
  const order = await client.newOrder(names);
  if (order.status !== 201) throw new Error(order.text);
  await authorize(issuer, client, order);
  return order;
}

/** A certificate from newOrder to download. */
export async function obtain(
  issuer: TestIssuer,
  client: AcmeTestClient,
  names: string[],
): Promise<{ order: AcmeResponse; finalized: AcmeResponse; chain: string; key: ThrowawayKey }> {
  const order = await readyOrder(issuer, client, names);
  const { csr, key } = await makeCsr(names);
  const finalized = await client.post(String(order.body['finalize']), { csr });
  if (finalized.status !== 200) throw new Error(finalized.text);
  const { text: chain } = await client.post(String(finalized.body['certificate']));
  return { order, finalized, chain, key };
}
