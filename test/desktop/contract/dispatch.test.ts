import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CodedError } from '../../../core/ports/coded-error.ts';
import { dispatch } from '../../../desktop/contract/dispatch.ts';
import { limits } from '../../../desktop/contract/limits.ts';
import { methods, type MethodName } from '../../../desktop/contract/methods.ts';
import type { Reply } from '../../../desktop/contract/reply.ts';
import { countingHost, directBridge, hello } from './hello.ts';

function codeOf(reply: Reply<unknown>): string {
  return reply.ok ? 'ok' : reply.refusal.code;
}

const names = Object.keys(methods) as MethodName[];

test('a method of the table, asked in its shape, is answered', async () => {
  const host = countingHost();
  const reply = await directBridge(host.handlers).call('hello', {});
  expect(reply).toEqual({ ok: true, response: hello });
  expect(host.reached).toEqual(['hello']);
});

test.each(['constructor', '__proto__', 'toString', 'Hello', 'secret', ''])(
  'a method that is not in the table is refused: %j',
  async (method) => {
    const host = countingHost();
    expect(codeOf(await dispatch(host.handlers, { method, request: {} }))).toBe('contract-method');
    expect(host.reached).toEqual([]);
  },
);

test('a request larger than the bound is refused before it is read', async () => {
  const host = countingHost();
  const reason = 'a'.repeat(limits.requestBytes);
  expect(codeOf(await dispatch(host.handlers, { method: 'stop', request: { word: 'STOP', reason } }))).toBe(
    'contract-too-large',
  );
  expect(host.reached).toEqual([]);
});

test('whatever a page sends, it gets a reply by code, and no handler sees a request that is not in its shape', async () => {
  const method = fc.oneof(fc.constantFrom(...names), fc.string());
  const message = fc.oneof(
    fc.anything(),
    fc.record({ method, request: fc.anything() }),
    fc.record({ method, request: fc.object() }),
  );
  await fc.assert(
    fc.asyncProperty(message, async (value) => {
      const host = countingHost();
      const reply = await dispatch(host.handlers, value);
      const code = codeOf(reply);
      const [reached] = host.reached as MethodName[];
      // Reached means that the request had its shape; not reached means that it was refused, by code.
      const rightly =
        reached === undefined
          ? /^contract-(?:method|request|too-large)$/u.test(code)
          : methods[reached].request.safeParse((value as { request: unknown }).request).success;
      expect(rightly).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('a field more than the shape has is refused, in every method', async () => {
  for (const method of names) {
    const host = countingHost();
    expect(codeOf(await dispatch(host.handlers, { method, request: { pin: '1234' } }))).toBe('contract-request');
    expect(host.reached).toEqual([]);
  }
});

test('a refusal of a malformed request repeats nothing of what was sent', async () => {
  const reply = await dispatch(countingHost().handlers, {
    method: 'answer',
    request: { act: 1, prompt: 'x', value: { typed: 'canary-4711' } },
  });
  expect(codeOf(reply)).toBe('contract-request');
  expect(JSON.stringify(reply)).not.toContain('canary-4711');
});

test('a host that would say more than the table allows is refused for it', async () => {
  const host = countingHost(() => ({ ...hello, pin: 'canary-4711' }));
  const reply = await dispatch(host.handlers, { method: 'hello', request: {} });
  expect(codeOf(reply)).toBe('contract-response');
  expect(JSON.stringify(reply)).not.toContain('canary-4711');
});

test('what a handler refuses arrives by its code, and what breaks inside it only by its kind', async () => {
  const refusing = countingHost(() => {
    throw new CodedError({ code: 'locked', message: 'Held elsewhere.', remedy: 'Close it there.' });
  });
  const breaking = countingHost(() => {
    throw new TypeError('canary-4711');
  });
  expect(codeOf(await dispatch(refusing.handlers, { method: 'hello', request: {} }))).toBe('locked');
  const broken = await dispatch(breaking.handlers, { method: 'hello', request: {} });
  expect(codeOf(broken)).toBe('contract-fault');
  expect(JSON.stringify(broken)).not.toContain('canary-4711');
});
