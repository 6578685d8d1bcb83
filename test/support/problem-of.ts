import type { AcmeResponse } from './acme.ts';

/** What is wrong with a problem document or its headers (RFC 8555 §6.5 and §6.7). */
function faults({ status, headers, body }: AcmeResponse): string[] {
  const detail = typeof body['detail'] === 'string' ? body['detail'] : '';
  const checks: readonly (readonly [boolean, string])[] = [
    [headers['content-type'] === 'application/problem+json', 'content type'],
    [body['status'] === status, 'status in the body'],
    [/^[\u{20}-\u{7e}]{10,}$/u.test(detail), 'detail that is one line of printable ASCII'],
    [/^[A-Za-z0-9_-]{36}$/u.test(String(headers['replay-nonce'])), 'nonce'],
  ];
  return checks.filter(([good]) => !good).map(([, what]) => `without the right ${what}`);
}

/** An answer as a problem: `badNonce 400`, with whatever is missing from it, or what it is instead of one. */
export function problemOf(response: AcmeResponse): string {
  const prefix = 'urn:ietf:params:acme:error:';
  const type = String(response.body['type']);
  if (!type.startsWith(prefix)) return `no problem: ${response.status} ${response.text}`;
  return [`${type.slice(prefix.length)} ${response.status}`, ...faults(response)].join(', ');
}
