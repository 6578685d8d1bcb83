import type { FastifyReply } from 'fastify';
import type { Directory } from '../acme/directory.ts';
import { problemDocument, type AcmeProblem } from '../acme/problems.ts';
import type { AcmeReply } from '../acme/request.ts';

/** For clients in a browser (RFC 8555 §6.4 and §6.6 put what they need into these). */
const crossOrigin = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Link, Location, Replay-Nonce, Retry-After',
} as const;

/** What every ACME answer carries; a request that was POSTed gets a nonce, whatever came of it (RFC 8555 §6.5). */
export interface Envelope {
  readonly directory: Directory | undefined;
  readonly nonce: string | undefined;
}

/** Sends an ACME answer with the headers that all of them have. */
export function sendAcme(reply: FastifyReply, { directory, nonce }: Envelope, answer: AcmeReply): FastifyReply {
  const index = directory === undefined ? [] : [`<${directory.urls.directory}>;rel="index"`];
  const links = [...index, ...(answer.links ?? [])];
  void reply.code(answer.status).headers({ ...crossOrigin, 'cache-control': 'no-store', ...answer.headers });
  if (nonce !== undefined) void reply.header('replay-nonce', nonce);
  if (links.length > 0) void reply.header('link', links);
  if (answer.body === undefined) return reply.send();
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  // Bytes, because fastify adds a charset to the type of a text, which RFC 8259 and RFC 8555 do not have.
  return reply.header('content-type', answer.type ?? 'application/json').send(Buffer.from(text, 'utf8'));
}

/** Sends a problem document (RFC 8555 §6.7, RFC 7807). */
export function sendProblem(reply: FastifyReply, envelope: Envelope, problem: AcmeProblem): FastifyReply {
  return sendAcme(reply, envelope, {
    status: problem.status,
    type: 'application/problem+json',
    body: problemDocument(problem),
    ...(problem.options.headers === undefined ? {} : { headers: problem.options.headers }),
    ...(problem.options.links === undefined ? {} : { links: problem.options.links }),
  });
}
