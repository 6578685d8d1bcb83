import { timingSafeEqual } from 'node:crypto';
import type { Server as TlsServer, TLSSocket } from 'node:tls';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify';
import { nodeDigest } from '../../core/node/crypto.ts';
import { utf8 } from '../../core/ports/bytes.ts';
import { isCoded } from '../../core/ports/coded-error.ts';
import { readCertificate } from '../../core/x509/certificate.ts';
import { certificateRevoked } from '../store/certificate-revoked.ts';
import { isPassing } from '../ops/passing.ts';
import type { AdminAct, AdminTools, Done } from './act.ts';
import { adminActs } from './acts/registry.ts';
import { appendAudit } from './audit.ts';

/** How operators prove who they are: by a secret on this machine, or by a certificate. */
export type AdminAccess =
  | { readonly by: 'token'; readonly token: string }
  | {
      readonly by: 'certificate';
      /** PEM: the server's own, and the CAs that operators' certificates come from. */
      readonly key: string;
      readonly certificate: string;
      readonly clientCa: string;
      /** Common names that are let in. */
      readonly names: readonly string[];
    };

const bodyBytes = 65_536;
const logController = new LogController({ disableRequestLogging: true });

const secureOptions = { minVersion: 'TLSv1.2' } as const;

/** The server, and how it gets the issuer's next certificate where it has one. */
export interface AdminServer {
  readonly server: FastifyInstance;
  useCertificate(own: { readonly key: string; readonly certificate: string }): void;
}

/** Whether this is a certificate that we have issued and revoked. TLS knows of no CRL here, and ours would be older than the record. */
async function isRevoked(der: Uint8Array, { database }: AdminTools): Promise<boolean> {
  let serial: Uint8Array;
  try {
    ({ serial } = readCertificate(der).tbs);
  } catch (error) {
    // From a CA of the operators' own, which may write what we never would.
    if (isCoded(error)) return false;
    throw error;
  }
  return certificateRevoked(database, serial, der);
}

/** Who asks, or undefined for somebody who is not let in. */
async function operatorOf(
  request: FastifyRequest,
  access: AdminAccess,
  tools: AdminTools,
): Promise<string | undefined> {
  if (access.by === 'token') {
    const given = /^Bearer (\S+)$/u.exec(request.headers.authorization ?? '')?.[1] ?? '';
    // Hashed first, because the comparison wants equal lengths and a length is a hint.
    const [left, right] = [given, access.token].map((text) => nodeDigest('sha256', utf8(text)));
    return left !== undefined && right !== undefined && timingSafeEqual(left, right) ? 'token' : undefined;
  }
  const socket = request.raw.socket as TLSSocket;
  if (!socket.authorized) return undefined;
  const { subject, raw } = socket.getPeerCertificate();
  const name: unknown = subject.CN;
  if (typeof name !== 'string' || !access.names.includes(name) || (await isRevoked(raw, tools))) return undefined;
  return `certificate ${name}`;
}

/**
 * Does what changes something together with its line in the audit log, and has CRLs made for what was revoked. The head of
 * that log goes into the other one, which leaves this machine: whoever cuts the end off in the database is found by it.
 */
async function perform(
  name: string,
  operator: string,
  work: (queries: Parameters<Parameters<AdminTools['database']['transaction']>[0]>[0]) => Promise<Done>,
  { database, clock, revoked }: AdminTools,
): Promise<{ readonly result: unknown; readonly audit?: object }> {
  const { outcome, record } = await database.transaction(async (queries) => {
    const done = await work(queries);
    if (done.record === undefined) return { outcome: done, record: undefined };
    return { outcome: done, record: await appendAudit(queries, clock, name, { operator, ...done.record }) };
  });
  for (const issuer of outcome.revoked ?? []) revoked(issuer);
  const { result } = outcome;
  return record === undefined ? { result } : { result, audit: { sequence: record.sequence, hash: record.hash } };
}

function addAct(
  server: FastifyInstance,
  name: string,
  act: AdminAct<unknown>,
  access: AdminAccess,
  tools: AdminTools,
): void {
  server.post(`/admin/${name}`, async (request, reply) => {
    const operator = await operatorOf(request, access, tools);
    if (operator === undefined) {
      request.log.warn({ act: name }, 'administration refused: not let in');
      return reply.code(401).send(notLetIn);
    }
    const input = act.input.safeParse(request.body ?? {});
    if (!input.success) {
      const [issue] = input.error.issues;
      return reply.code(400).send({
        code: 'admin-input',
        message: `${issue?.message ?? 'Not what is asked for'}.`,
        ...(issue === undefined || issue.path.length === 0 ? {} : { field: issue.path.join('.') }),
      });
    }
    const { result, audit } =
      'looks' in act
        ? { result: await act.looks(input.data, tools), audit: undefined }
        : await perform(name, operator, (queries) => act.does(input.data, queries, tools), tools);
    request.log.info({ act: name, operator, audit }, 'administration');
    return reply.send({ result });
  });
}

const notLetIn = {
  code: 'admin-unauthorized',
  message: 'The issuer does not let you in.',
  remedy: 'Give the token file that it reads, or a certificate whose common name is in admin.names.',
} as const;

function failed(status: number): object {
  return status === 503
    ? { code: 'admin-unavailable', message: 'The database is away.', remedy: 'Ask again in a few seconds.' }
    : {
        code: 'admin-failed',
        message: 'The issuer met an error of its own.',
        remedy: 'Look for "administration failed" in its log.',
      };
}

/** The administrators' JSON API: plain HTTP on this machine with a bearer token, or HTTPS with clients' certificates. */
export function makeAdminServer(access: AdminAccess, log: FastifyBaseLogger, tools: AdminTools): AdminServer {
  const common = {
    loggerInstance: log,
    logController,
    bodyLimit: bodyBytes,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
  } as const;
  const server: FastifyInstance =
    access.by === 'token'
      ? Fastify(common)
      : Fastify({
          ...common,
          https: {
            key: access.key,
            cert: access.certificate,
            ca: access.clientCa,
            requestCert: true,
            rejectUnauthorized: true,
            ...secureOptions,
          },
        });
  server.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? (isPassing(error) ? 503 : isCoded(error) ? 400 : 500);
    if (status >= 500) request.log.error({ err: error }, 'administration failed');
    if (isCoded(error)) {
      const { code, message, remedy } = error;
      return reply.code(status).send({ code, message, remedy });
    }
    return reply.code(status).send(status < 500 ? { code: 'admin-request', message: error.message } : failed(status));
  });
  for (const [name, act] of Object.entries(adminActs)) addAct(server, name, act, access, tools);
  return {
    server,
    useCertificate({ key, certificate }) {
      if (access.by === 'token') return;
      (server.server as unknown as TlsServer).setSecureContext({
        ...secureOptions,
        key,
        cert: certificate,
        ca: access.clientCa,
      });
    },
  };
}
