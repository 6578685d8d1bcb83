import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
} from 'fastify';
import { toHex } from '../../core/ports/hex.ts';
import type { Entropy } from '../../core/ports/entropy.ts';
import { AcmeProblem, malformed, notFound, unavailable } from '../acme/problems.ts';
import { isPassing } from '../ops/passing.ts';
import { addAcmeRoutes, refuse, type AcmeRoutes } from './acme-routes.ts';
import { addBounds, headPatience, patience, type BoundsOptions } from './bounds.ts';
import { addHealthRoutes, type Health } from './health-routes.ts';
import { addOcspRoutes, type OcspAnswers } from './ocsp-routes.ts';
import { addPublicRoutes, type PublicFiles } from './public-routes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The account that signed the request, for the log. */
    account: string;
  }
}

/** What the issuer answers with, however the request came. */
export interface AnswerOptions extends BoundsOptions {
  readonly bodyBytes: number;
  readonly logger: FastifyBaseLogger;
  readonly entropy: Entropy;
  readonly acme: AcmeRoutes;
  readonly health: Health;
  readonly files: PublicFiles;
  /** Where OCSP is configured. */
  readonly ocsp: OcspAnswers | undefined;
  /** True from when the program was told to stop. */
  readonly stopping: () => boolean;
  /** Hears of each request that was answered: its route, the status and how long it took. */
  readonly onAnswer: (route: string, status: number, seconds: number) => void;
}

export interface ServerOptions extends AnswerOptions {
  /** PEM. */
  readonly key: string;
  readonly certificate: string;
  /** Keys of TLS session tickets, shared by processes that listen at the same port. */
  readonly ticketKeys?: Uint8Array;
}

const minVersion = 'TLSv1.2';
/** fastify's own request lines hold addresses; addLog writes ours. */
const logController = new LogController({ disableRequestLogging: true });

/** What fastify itself refuses, in ACME's words. */
function asProblem(error: FastifyError): unknown {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return malformed('The request has another type than application/jose+json.', 'Send a JWS.', { status: 415 });
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return malformed('The request is too long.', 'Send less.', { status: 413 });
    default:
      break;
  }
  if (error instanceof AcmeProblem || error.statusCode === undefined || error.statusCode >= 500) return error;
  return malformed('The request cannot be read.', 'Send it as RFC 8555 describes.', { status: error.statusCode });
}

function addParser(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  // Parameters behind a ";" are ignored: several clients send a charset.
  server.addContentTypeParser('application/jose+json', { parseAs: 'string' }, (_, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(malformed('The request is not JSON.'), undefined);
    }
  });
}

/** One line for each request: what, by whom, how it went and how long it took. No addresses, no names, no bodies. */
function addLog(server: FastifyInstance, onAnswer: ServerOptions['onAnswer']): void {
  server.addHook('onResponse', (request, reply, done) => {
    onAnswer(request.routeOptions.url ?? '(none)', reply.statusCode, reply.elapsedTime / 1000);
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? '(none)',
        directory: (request.params as Record<string, string> | undefined)?.['directory'],
        account: request.account === '' ? undefined : request.account,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    );
    done();
  });
}

/** A server whose certificate can be replaced while it runs. */
export interface SecureServer {
  readonly server: FastifyInstance;
  /** PEM. Connections that stand keep what they have. */
  useCertificate(own: { readonly key: string; readonly certificate: string }): void;
  useTicketKeys(keys: Uint8Array): void;
}

/** What both servers of ACME have in common. */
function settingsOf({ bodyBytes, logger, entropy }: AnswerOptions) {
  return {
    bodyLimit: bodyBytes,
    loggerInstance: logger,
    logController,
    requestIdHeader: false,
    genReqId: () => toHex(entropy.bytes(8)),
    ...patience,
    routerOptions: { ignoreDuplicateSlashes: true, maxParamLength: 100 },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  } as const;
}

/** Adds ACME, health, CRLs, CA certificates and OCSP, with our log and our problems. */
function equip(server: FastifyInstance, options: AnswerOptions): void {
  const { acme } = options;
  server.decorateRequest('account', '');
  addParser(server);
  addLog(server, options.onAnswer);
  addBounds(server, options, (request, reply) => refuse(request, reply, acme, unavailable));
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  server.addHook('onSend', (_, reply, __, done) => {
    // A connection that is kept after its last answer would hold up the end of the program.
    if (options.stopping()) void reply.header('connection', 'close');
    done();
  });
  server.setErrorHandler((error: FastifyError, request, reply) => refuse(request, reply, acme, asProblem(error)));
  server.setNotFoundHandler((request, reply) => refuse(request, reply, acme, notFound()));
  addAcmeRoutes(server, acme);
  addHealthRoutes(server, options.health);
  addPublicRoutes(server, options.files);
  if (options.ocsp !== undefined) addOcspRoutes(server, options.ocsp);
}

/** The issuer's HTTPS server: ACME, health, CRLs and CA certificates. */
export function makeServer(options: ServerOptions): SecureServer {
  const secure = Fastify({
    https: {
      key: options.key,
      cert: options.certificate,
      minVersion,
      ...headPatience,
      ...(options.ticketKeys === undefined ? {} : { ticketKeys: Buffer.from(options.ticketKeys) }),
    },
    ...settingsOf(options),
  });
  const server: FastifyInstance = secure;
  equip(server, options);
  return {
    server,
    useTicketKeys: (keys) => secure.server.setTicketKeys(Buffer.from(keys)),
    useCertificate: ({ key, certificate }) => secure.server.setSecureContext({ key, cert: certificate, minVersion }),
  };
}

/**
 * The same without TLS, on this machine alone, for a proxy on it that has ended TLS (RFC 8555 §6.1 is then the proxy's to
 * keep). Whom the request came from is what the proxy says last in X-Forwarded-For.
 */
export function makeProxiedServer(options: AnswerOptions): FastifyInstance {
  const server: FastifyInstance = Fastify({ http: headPatience, ...settingsOf(options), trustProxy: 'loopback' });
  equip(server, options);
  return server;
}

function sayStatus(reply: FastifyReply, status: number): FastifyReply {
  if (status === 503) void reply.header('retry-after', '3');
  return reply.code(status).header('cache-control', 'no-store').send({ status });
}

/** A server without ACME: what goes wrong in it is told to the log, and to nobody else. */
function makeSideServer(logger: FastifyBaseLogger): FastifyInstance {
  const server = Fastify({
    http: headPatience,
    loggerInstance: logger,
    logController,
    ...patience,
    forceCloseConnections: 'idle',
  });
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const { statusCode = 500 } = error;
    const status = statusCode < 500 ? statusCode : isPassing(error) ? 503 : 500;
    if (status >= 500) request.log.error({ err: error }, 'internal error');
    return sayStatus(reply, status);
  });
  return server;
}

/** Plain HTTP for what clients fetch before they can check TLS: CRLs, CA certificates and OCSP (BR 7.1.2.11.2). */
export function makePlainServer(
  logger: FastifyBaseLogger,
  files: PublicFiles,
  ocsp: OcspAnswers | undefined,
  bounds: BoundsOptions,
): FastifyInstance {
  const server = makeSideServer(logger);
  addBounds(server, bounds, (_, reply) => sayStatus(reply, 503));
  addPublicRoutes(server, files);
  if (ocsp !== undefined) addOcspRoutes(server, ocsp);
  return server;
}

/** Plain HTTP for this machine alone: counters and histograms. */
export function makeMetricsServer(logger: FastifyBaseLogger, render: () => Promise<string>): FastifyInstance {
  const server = makeSideServer(logger);
  server.get('/metrics', async (_, reply) => reply.type('text/plain; version=0.0.4').send(await render()));
  return server;
}
