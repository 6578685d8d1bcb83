import type { AcmeResponse } from './acme.ts';

type Demand = (response: AcmeResponse) => boolean;

const index: Demand = ({ headers }) => String(headers['link']).includes(';rel="index"');

/** What RFC 8555 demands of problems of one type beside their status. */
const ofType: Readonly<Record<string, readonly (readonly [Demand, string])[]>> = {
  rateLimited: [[({ headers }) => /^[1-9][0-9]*$/u.test(String(headers['retry-after'])), 'Retry-After (§6.6)']],
  badSignatureAlgorithm: [
    [({ body }) => Array.isArray(body['algorithms']) && body['algorithms'].length > 0, 'algorithms (§6.2)'],
  ],
  userActionRequired: [
    [({ body }) => URL.canParse(String(body['instance'])), 'instance (§7.3.3)'],
    [({ headers }) => String(headers['link']).includes(';rel="terms-of-service"'), 'terms of service (§7.3.3)'],
  ],
  compound: [
    [({ body }) => Array.isArray(body['subproblems']) && body['subproblems'].length > 1, 'subproblems (§6.7.1)'],
  ],
};

/** What is wrong with a problem document or its headers (RFC 8555 §6.5 and §6.7). */
function faults(type: string, response: AcmeResponse): string[] {
  const { status, headers, body } = response;
  const detail = typeof body['detail'] === 'string' ? body['detail'] : '';
  const checks: readonly (readonly [boolean, string])[] = [
    [headers['content-type'] === 'application/problem+json', 'content type'],
    [body['status'] === status, 'status in the body'],
    [/^[\u{20}-\u{7e}]{10,}$/u.test(detail), 'detail that is one line of printable ASCII'],
    [!('identifier' in body), 'place for the identifier, which is a subproblem'],
    [status !== 503 || /^[1-9][0-9]*$/u.test(String(headers['retry-after'])), 'Retry-After'],
    [/^[A-Za-z0-9_-]{36}$/u.test(String(headers['replay-nonce'])), 'nonce'],
    [index(response), 'rel="index" (§7.1)'],
    ...(ofType[type] ?? []).map(([demand, what]) => [demand(response), what] as const),
  ];
  return checks.filter(([good]) => !good).map(([, what]) => `without the right ${what}`);
}

/** An answer as a problem: `badNonce 400`, with whatever is missing from it, or what it is instead of one. */
export function problemOf(response: AcmeResponse): string {
  const prefix = 'urn:ietf:params:acme:error:';
  const urn = String(response.body['type']);
  if (!urn.startsWith(prefix)) return `no problem: ${response.status} ${response.text}`;
  const type = urn.slice(prefix.length);
  return [`${type} ${response.status}`, ...faults(type, response)].join(', ');
}
