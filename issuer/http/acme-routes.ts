import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answer, type Endpoint } from '../acme/authenticate.ts';
import type { Directory } from '../acme/directory.ts';
import { directoryBody } from '../acme/directory-body.ts';
import { endpoints, fillPath } from '../acme/endpoints.ts';
import { renewalInfo } from '../acme/handlers/renewal-info.ts';
import { malformed, notFound, toProblem } from '../acme/problems.ts';
import type { Services } from '../acme/services.ts';
import { sendAcme, sendProblem, type Envelope } from './reply.ts';

export interface AcmeRoutes {
  readonly baseUrl: string;
  readonly directories: ReadonlyMap<string, Directory>;
  readonly services: Services;
}

type Params = Readonly<Record<string, string>>;

function paramsOf(request: FastifyRequest): Params {
  return request.params as Params;
}

/** By the URL where no route was found: what is not there has a directory to begin from all the same. */
function directoryOf(request: FastifyRequest, { directories }: AcmeRoutes): Directory | undefined {
  const named = paramsOf(request)['directory'] ?? /^\/+acme\/+([a-z0-9-]+)\//u.exec(request.url)?.[1];
  return directories.get(named ?? '');
}

function envelopeOf(request: FastifyRequest, routes: AcmeRoutes): Envelope {
  const nonce = request.method === 'POST' ? routes.services.nonces.mint() : undefined;
  return { directory: directoryOf(request, routes), nonce };
}

/** Sends the problem an error means, and logs what it was. */
export function refuse(request: FastifyRequest, reply: FastifyReply, routes: AcmeRoutes, error: unknown): FastifyReply {
  const problem = toProblem(error);
  if (problem.type === 'serverInternal') request.log.error({ err: error }, 'internal error');
  else request.log.info({ problem: problem.type, status: problem.status }, 'refused');
  return sendProblem(reply, envelopeOf(request, routes), problem);
}

function addDirectory(server: FastifyInstance, routes: AcmeRoutes): void {
  server.get('/acme/:directory/directory', (request, reply) => {
    const directory = directoryOf(request, routes);
    if (directory === undefined) throw notFound();
    // The one answer without rel="index": it is the index (RFC 8555 §7.1).
    return sendAcme(reply, { directory: undefined, nonce: undefined }, { status: 200, body: directoryBody(directory) });
  });
}

/** RFC 8555 §7.2: HEAD is answered with 200, GET with 204. */
function addNewNonce(server: FastifyInstance, routes: AcmeRoutes): void {
  server.route({
    method: ['GET', 'HEAD'],
    url: '/acme/:directory/new-nonce',
    handler: (request, reply) => {
      const directory = directoryOf(request, routes);
      if (directory === undefined) throw notFound();
      const status = request.method === 'HEAD' ? 200 : 204;
      return sendAcme(reply, { directory, nonce: routes.services.nonces.mint() }, { status });
    },
  });
}

/** RFC 9773 §4.1: an unauthenticated GET. */
function addRenewalInfo(server: FastifyInstance, routes: AcmeRoutes): void {
  server.get('/acme/:directory/renewal-info/:certid', async (request, reply) => {
    const directory = directoryOf(request, routes);
    if (directory === undefined) throw notFound();
    const result = await renewalInfo(paramsOf(request)['certid'] ?? '', directory, routes.services);
    return sendAcme(reply, { directory, nonce: undefined }, result);
  });
}

/** What the names in our URLs are made of. Nothing else can be found, and PostgreSQL takes no NUL in a text. */
const partOfUrl = /^[A-Za-z0-9_-]{1,64}$/u;

/** Resources that anybody reads by GET (RFC 8555 §6.3), each by a route of its own. */
const readByAnybody: ReadonlySet<string> = new Set(['directory', 'new-nonce']);

function addEndpoint(server: FastifyInstance, routes: AcmeRoutes, path: string, endpoint: Endpoint): void {
  const url = `/acme/:directory/${path}`;
  server.post(url, async (request, reply) => {
    const directory = directoryOf(request, routes);
    if (directory === undefined) throw notFound();
    if (request.headers['replay-nonce'] !== undefined) {
      // Whoever sends it means it to count, and it would not: only what is signed does.
      throw malformed('A request has no Replay-Nonce header.', 'Put the nonce into the protected header of the JWS.');
    }
    const params = paramsOf(request);
    if (!Object.values(params).every((part) => partOfUrl.test(part))) throw notFound();
    const incoming = {
      directory,
      url: `${routes.baseUrl}/acme/${directory.name}/${fillPath(path, params)}`,
      params,
      body: request.body,
      address: request.ip,
      onAccount: (account: string) => (request.account = account),
    };
    const result = await answer(endpoint, incoming, routes.services);
    const { nonce } = envelopeOf(request, routes);
    return sendAcme(reply, { directory: path === 'directory' ? undefined : directory, nonce }, result);
  });
  if (readByAnybody.has(path)) return;
  server.get(url, () => {
    throw malformed('This resource is read by POST-as-GET.', 'Send a signed POST with an empty payload.', {
      status: 405,
      headers: { allow: 'POST' },
    });
  });
}

/** Adds every ACME route. Errors are the business of whoever sets the server's error handler; see {@link refuse}. */
export function addAcmeRoutes(server: FastifyInstance, routes: AcmeRoutes): void {
  addDirectory(server, routes);
  addNewNonce(server, routes);
  addRenewalInfo(server, routes);
  for (const [path, endpoint] of Object.entries(endpoints)) addEndpoint(server, routes, path, endpoint);
}
