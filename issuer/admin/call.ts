import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { CodedError } from '../../core/ports/coded-error.ts';
import type { Config } from '../ops/config.ts';
import { readAdminToken } from '../ops/admin-token.ts';

const maximumAnswer = 64 * 1024 * 1024;

const answerSchema = z.union([
  z.strictObject({ result: z.unknown() }),
  z.looseObject({
    code: z.string(),
    message: z.string(),
    remedy: z.string().optional(),
    field: z.string().optional(),
  }),
]);

/** Files of an operator who is let in by certificate: PEM. */
export interface OperatorFiles {
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly ca?: string | undefined;
}

function refuse(code: string, message: string, remedy: string): CodedError {
  return new CodedError({ code, message, remedy });
}

function pem(name: string, file: string | undefined): string {
  if (file === undefined) {
    throw refuse(
      'usage',
      `--${name} is missing.`,
      'The admin API lets operators in by certificate: give --cert, --key and --ca.',
    );
  }
  return readFileSync(file, 'utf8');
}

function send(admin: NonNullable<Config['admin']>, act: string, body: string, files: OperatorFiles): Promise<string> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const place = { host: admin.host, port: admin.port, path: `/admin/${act}`, method: 'POST', timeout: 60_000 };
  return new Promise((resolve, reject) => {
    const sent =
      'tokenFile' in admin
        ? plainRequest({
            ...place,
            headers: { ...headers, authorization: `Bearer ${readAdminToken(admin.tokenFile)}` },
          })
        : secureRequest({
            ...place,
            headers,
            cert: pem('cert', files.cert),
            key: pem('key', files.key),
            ca: pem('ca', files.ca),
          });
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.length > maximumAnswer) sent.destroy(new Error('too long'));
      });
      response.on('end', () => resolve(text));
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Has the running issuer do something, through its admin API; whatever it refuses is thrown with its code. */
export async function callAdmin(
  { admin }: Pick<Config, 'admin'>,
  act: string,
  input: Readonly<Record<string, unknown>>,
  files: OperatorFiles,
): Promise<unknown> {
  if (admin === undefined) {
    throw refuse('admin-none', 'The configuration has no "admin".', 'Add it and restart; see docs/operators.md.');
  }
  let text: string;
  try {
    text = await send(admin, act, JSON.stringify(input), files);
  } catch (error) {
    if (error instanceof CodedError) throw error;
    throw connectionFault(admin, error instanceof Error && 'code' in error ? String(error.code) : '');
  }
  const parsed = answerSchema.safeParse(safeJson(text));
  if (!parsed.success) throw refuse('admin-answer', 'What answers there is no issuer.', 'Correct "admin".');
  if ('result' in parsed.data) return parsed.data['result'];
  throw refusalOf(parsed.data as Refused);
}

/** What the network says when nobody listens there. */
const nobodyThere: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
]);

function connectionFault({ host, port }: { host: string; port: number }, code: string): CodedError {
  const place = `${host} port ${port}${code === '' ? '' : ` (${code})`}`;
  if (nobodyThere.has(code)) {
    const remedy = 'Start it with this configuration, or correct "admin" in it.';
    return refuse('admin-unreachable', `The issuer does not answer at ${place}.`, remedy);
  }
  const remedy = 'Check --cert, --key and --ca where it wants a certificate, and its log.';
  return refuse('admin-connection', `The connection to the issuer at ${place} ended without an answer.`, remedy);
}

interface Refused {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  /** A member of the input, as the API names it. */
  readonly field?: string;
}

function refusalOf({ code, message, remedy, field }: Refused): CodedError {
  const option = field?.replaceAll(/[A-Z]/gu, (capital) => `-${capital.toLowerCase()}`) ?? '';
  return new CodedError({
    code,
    message,
    remedy: remedy ?? 'Correct what was asked for; "--help" says what there is.',
    ...(option === '' ? {} : { where: { field: `--${option}` } }),
  });
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
