import { describe, expect, it } from 'vitest';
import {
  AcmeProblem,
  problemDocument,
  problemTypes,
  toProblem,
  type ProblemType,
} from '../../../issuer/acme/problems.ts';

describe('a problem', () => {
  it.each<[ProblemType, number]>([
    ['accountDoesNotExist', 400],
    ['alreadyReplaced', 409],
    ['alreadyRevoked', 400],
    ['badCSR', 400],
    ['badNonce', 400],
    ['caa', 403],
    ['externalAccountRequired', 403],
    ['orderNotReady', 403],
    ['rateLimited', 429],
    ['rejectedIdentifier', 403],
    ['serverInternal', 500],
    ['unauthorized', 403],
    ['userActionRequired', 403],
  ])('of type %s has the status %i, in its body as well', (type, status) => {
    const problem = new AcmeProblem(type, 'Something.', 'Do something else.');
    expect(problem.status).toBe(status);
    expect(problemDocument(problem)).toEqual({
      type: `urn:ietf:params:acme:error:${type}`,
      detail: 'Something. Do something else.',
      status,
    });
  });

  it('has a type that is registered (RFC 8555 §6.7): those of RFC 8555, RFC 9773 and draft-ietf-acme-profiles', () => {
    const registered = [
      'accountDoesNotExist alreadyRevoked badCSR badNonce badPublicKey badRevocationReason badSignatureAlgorithm caa',
      'compound connection dns externalAccountRequired incorrectResponse invalidContact malformed orderNotReady',
      'rateLimited rejectedIdentifier serverInternal tls unauthorized unsupportedContact unsupportedIdentifier',
      'userActionRequired alreadyReplaced invalidProfile',
    ].flatMap((line) => line.split(' '));
    expect(problemTypes.filter((type) => !registered.includes(type))).toEqual([]);
  });

  it('is told in one line of printable ASCII of bounded length, whatever was asked for', () => {
    const { detail } = problemDocument(new AcmeProblem('malformed', `a\nb\u{1b}[31m “ü” ’${'x'.repeat(9999)}`, ''));
    expect(detail).toMatch(/^[\u{20}-\u{7e}]{1,1000}$/u);
    expect(detail.startsWith('a?b?[31m ?')).toBe(true);
  });

  it('made of an error that was not meant for clients says nothing of it', () => {
    const text = JSON.stringify(problemDocument(toProblem(new Error('relation "orders" does not exist'))));
    expect(text).not.toContain('orders');
    expect(text).toContain('serverInternal');
  });

  it.each([
    Object.assign(new Error('terminating connection'), { code: '57P01' }),
    Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('Connection terminated unexpectedly')),
  ])('made of an error that passes by itself asks to try again in whole seconds: %s', (error) => {
    const { status, options } = toProblem(error);
    expect([status, options.headers]).toEqual([503, { 'retry-after': expect.stringMatching(/^[0-9]+$/u) }]);
  });
});
