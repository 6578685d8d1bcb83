import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fromBase64 } from '../../core/ports/base64.ts';
import { isCoded } from '../../core/ports/coded-error.ts';
import { maximumOcspRequestBytes } from '../../core/x509/ocsp/request.ts';
import { encodeOcspError } from '../../core/x509/ocsp/response.ts';

/** An answer, DER: a signed one, or one that says why there is none. */
export interface OcspAnswer {
  readonly der: Uint8Array;
  /** For an answer that is the same for everybody: its name, its times (seconds since the epoch), what is left of it. */
  readonly caching?: {
    readonly etag: string;
    readonly thisUpdate: number;
    readonly nextUpdate: number;
    readonly secondsLeft: number;
  };
}

/** Whoever answers. */
export interface OcspAnswers {
  /** Undefined for a CA that is not ours. */
  answer(issuer: string, request: Uint8Array): Promise<OcspAnswer | undefined>;
}

/** Seconds that a cache may keep an answer: few, as for CRLs. After that the ETag saves sending it again. */
const keptInCaches = 60;
const malformed: OcspAnswer = { der: encodeOcspError('malformedRequest') };
const internal: OcspAnswer = { der: encodeOcspError('internalError') };

type Asked = Pick<FastifyRequest, 'method' | 'headers'>;

/** RFC 5019 §6.2. */
function cachingHeaders(caching: OcspAnswer['caching']): Readonly<Record<string, string>> {
  if (caching === undefined) return { 'cache-control': 'no-store' };
  const { etag, thisUpdate, nextUpdate, secondsLeft } = caching;
  const seconds = Math.max(0, Math.min(keptInCaches, secondsLeft));
  return {
    etag,
    'last-modified': new Date(thisUpdate * 1000).toUTCString(),
    expires: new Date(nextUpdate * 1000).toUTCString(),
    'cache-control': `max-age=${seconds}, public, no-transform, must-revalidate`,
  };
}

function isKnown({ method, headers }: Asked, { caching }: OcspAnswer): boolean {
  if (method === 'POST' || caching === undefined) return false;
  const known = headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//u, '')) ?? [];
  return known.includes(caching.etag);
}

function send(request: Asked, reply: FastifyReply, answer: OcspAnswer): FastifyReply {
  void reply.headers(cachingHeaders(answer.caching));
  if (isKnown(request, answer)) return reply.code(304).send();
  return reply.code(200).header('content-type', 'application/ocsp-response').send(Buffer.from(answer.der));
}

/**
 * The request in the path of a GET (RFC 5019 §5), undefined when there is none. Taken from the URL as it was sent: base64
 * has "/" in it, also two in a row, which the router takes for one.
 */
function requestInPath(url: string): Uint8Array | undefined {
  const [, encoded] = /^(?:https?:\/\/[^/]*)?\/+ocsp\/+[^/]+\/+([^?#]+)/u.exec(url) ?? [];
  if (encoded === undefined) return undefined;
  try {
    return fromBase64(decodeURIComponent(encoded));
  } catch (error) {
    if (isCoded(error) || error instanceof URIError) return undefined;
    throw error;
  }
}

type Route = { readonly Params: { readonly issuer: string } };

/** RFC 6960 appendix A and RFC 5019 §5: OCSP over HTTP. Every answer that is OCSP's has the status 200. */
export function addOcspRoutes(server: FastifyInstance, answers: OcspAnswers): void {
  void server.register((scope, _, registered) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/ocsp-request', { parseAs: 'buffer' }, (__, body, done) => done(null, body));
    scope.setErrorHandler((error: { statusCode?: number }, request, reply) => {
      const { statusCode = 500 } = error;
      if (statusCode >= 500) request.log.error({ err: error }, 'internal error');
      return send(request, reply, statusCode < 500 ? malformed : internal);
    });
    const reply = async (request: FastifyRequest<Route>, to: FastifyReply, bytes: Uint8Array | undefined) => {
      // Nothing is no request either; the responder says so, for a CA that it knows.
      const answer = await answers.answer(request.params.issuer, bytes ?? new Uint8Array());
      if (answer !== undefined) return send(request, to, answer);
      to.callNotFound();
      return to;
    };
    scope.post<Route>('/ocsp/:issuer', { bodyLimit: maximumOcspRequestBytes }, (request, to) =>
      reply(request, to, request.body instanceof Uint8Array ? request.body : undefined),
    );
    scope.get<Route>('/ocsp/:issuer/*', (request, to) => reply(request, to, requestInPath(request.raw.url ?? '')));
    registered();
  });
}
