import { CodedError } from '../../core/ports/coded-error.ts';
import { isPassing } from '../ops/passing.ts';
import type { Identifier } from './identifiers/identifier.ts';

/** The error types of RFC 8555 §6.7, RFC 9773 §7.4 and draft-ietf-acme-profiles §6 that are used here, each with the HTTP status it is sent with. */
const problemStatus = {
  accountDoesNotExist: 400,
  alreadyReplaced: 409,
  alreadyRevoked: 400,
  badCSR: 400,
  badNonce: 400,
  badPublicKey: 400,
  badRevocationReason: 400,
  badSignatureAlgorithm: 400,
  caa: 403,
  compound: 403,
  connection: 400,
  dns: 400,
  externalAccountRequired: 403,
  incorrectResponse: 403,
  invalidContact: 400,
  invalidProfile: 400,
  malformed: 400,
  orderNotReady: 403,
  rateLimited: 429,
  rejectedIdentifier: 403,
  serverInternal: 500,
  tls: 400,
  unauthorized: 403,
  unsupportedContact: 400,
  unsupportedIdentifier: 403,
  userActionRequired: 403,
} as const;
export type ProblemType = keyof typeof problemStatus;
/** All of them. */
export const problemTypes = Object.keys(problemStatus) as readonly ProblemType[];

/** One identifier's part of a problem (RFC 8555 §6.7.1). */
export interface Subproblem {
  readonly type: ProblemType;
  readonly detail: string;
  readonly identifier: Identifier;
}

export interface ProblemOptions {
  /** Where the type's own status does not fit: 404, 405, 409, 415, 503. */
  readonly status?: number;
  readonly subproblems?: readonly Subproblem[];
  /** Further members, such as `algorithms` (RFC 8555 §6.2). */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly links?: readonly string[];
}

/** What a client is told. Only {@link toProblem} makes one of an error that was not meant for clients. */
export class AcmeProblem extends CodedError {
  override readonly name = 'AcmeProblem';
  readonly type: ProblemType;
  readonly status: number;
  readonly options: ProblemOptions;

  constructor(type: ProblemType, message: string, remedy: string, options: ProblemOptions = {}) {
    super({ code: `acme-${type.replace(/[A-Z]+/gu, (capital) => `-${capital.toLowerCase()}`)}`, message, remedy });
    this.type = type;
    this.status = options.status ?? problemStatus[type];
    this.options = options;
  }
}

/** Details are shown by shell scripts: one line of printable ASCII, of bounded length. */
function plain(text: string): string {
  return text
    .replace(/[‘’]/gu, "'")
    .replace(/[^\u{20}-\u{7e}]+/gu, '?')
    .slice(0, 1000);
}

/** A problem document (RFC 7807) as it is stored in orders and challenges, and sent. */
export interface ProblemDocument {
  readonly type: string;
  readonly detail: string;
  readonly status: number;
  readonly [member: string]: unknown;
}

function problemUrn(type: ProblemType): string {
  return `urn:ietf:params:acme:error:${type}`;
}

export function problemDocument(problem: AcmeProblem): ProblemDocument {
  const { subproblems = [], members = {} } = problem.options;
  return {
    type: problemUrn(problem.type),
    detail: plain(`${problem.message} ${problem.remedy}`.trim()),
    status: problem.status,
    ...(subproblems.length === 0
      ? {}
      : {
          subproblems: subproblems.map(({ type, detail, identifier }) => ({
            type: problemUrn(type),
            detail: plain(detail),
            identifier,
          })),
        }),
    ...members,
  };
}

const internal = new AcmeProblem(
  'serverInternal',
  'The server met an error of its own.',
  'Try again later; the operator finds the reason in the log.',
);

/** Not now: too much to do, or something is away that comes back. */
export const unavailable = new AcmeProblem(
  'serverInternal',
  'The server cannot do this at the moment.',
  'Send the request again in a few seconds.',
  { status: 503, headers: { 'retry-after': '3' } },
);

/** The one place where inner errors meet the wire: what is not a problem already says nothing of what went wrong. */
export function toProblem(error: unknown): AcmeProblem {
  if (error instanceof AcmeProblem) return error;
  return isPassing(error) ? unavailable : internal;
}

export function malformed(message: string, remedy = 'Correct the request.', options?: ProblemOptions): AcmeProblem {
  return new AcmeProblem('malformed', message, remedy, options);
}

export function notFound(): AcmeProblem {
  return malformed('There is no such resource.', 'Start from the directory.', { status: 404 });
}

export function unauthorized(message: string, remedy = 'Use the account that it belongs to.'): AcmeProblem {
  return new AcmeProblem('unauthorized', message, remedy);
}

/** RFC 8555 §7.3.6: what comes from an account that was deactivated, or revoked, is answered with 401. */
export function accountClosed(status: string): AcmeProblem {
  const remedy = 'Make a new account with another key.';
  return new AcmeProblem('unauthorized', `The account is ${status}.`, remedy, { status: 401 });
}

/** RFC 8555 §7.3.3: somebody has to read the terms of service and agree to them. */
export function userActionRequired(terms: string): AcmeProblem {
  return new AcmeProblem(
    'userActionRequired',
    'The terms of service have not been agreed to.',
    `Read ${terms}, then send newAccount again with "termsOfServiceAgreed".`,
    {
      members: { instance: terms },
      links: [`<${terms}>;rel="terms-of-service"`],
    },
  );
}
