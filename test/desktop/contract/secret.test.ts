import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8 } from '../../../core/ports/bytes.ts';
import { readEvent } from '../../../desktop/contract/events.ts';
import { limits } from '../../../desktop/contract/limits.ts';
import { packSecret, readSecret, takeSecret, unpackSecret } from '../../../desktop/contract/secret.ts';
import type { Snapshot } from '../../../desktop/contract/shapes.ts';

function zeros(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

test('an entry crosses a wire of bytes whole, and every copy of it on the way is wiped', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.stringMatching(/^[a-z-]{1,40}$/u),
      fc.string(),
      (act, prompt, pin) => {
        const secret = utf8(pin);
        // A Buffer, as Node's HTTP server has it.
        const packed = Buffer.from(packSecret({ act, prompt, secret }));
        const unpacked = unpackSecret(packed);
        expect(zeros(packed)).toBe(true);
        if (!unpacked.ok) throw new Error(unpacked.refusal.code);
        expect(unpacked.response).toMatchObject({ act, prompt });
        expect(takeSecret(unpacked.response)).toBe(pin);
        expect(zeros(unpacked.response.secret)).toBe(true);
      },
    ),
  );
});

test('an entry that is not in its shape is refused by code, wiped, and not repeated', () => {
  const secret = utf8('canary-4711');
  const read = readSecret({ act: 0, prompt: 'pin-root', secret });
  expect(read).toMatchObject({ ok: false, refusal: { code: 'secret-malformed' } });
  expect(JSON.stringify(read)).not.toContain('canary-4711');
  expect(zeros(secret)).toBe(true);
  expect(readSecret({ act: 1, prompt: 'p', secret: new Uint8Array(limits.secretBytes + 1) }).ok).toBe(false);
  expect(readSecret({ act: 1, prompt: 'p', secret: '1234' }).ok).toBe(false);
  expect(readSecret({ act: 1, prompt: 'p', secret: utf8('1'), more: 1 }).ok).toBe(false);
});

test('bytes that were never packed are refused, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(unpackSecret(bytes).ok).toBe(false);
      expect(zeros(bytes)).toBe(true);
    }),
  );
});

test('an event is read only when it is one of the table, in its shape', () => {
  const none: { readonly snapshot: Snapshot | null } = { snapshot: null };
  expect(readEvent({ event: 'changed', body: none })).toEqual({ event: 'changed', body: none });
  expect(readEvent({ event: 'changed', body: { snapshot: null, more: 1 } })).toBeUndefined();
  expect(readEvent({ event: 'toString', body: {} })).toBeUndefined();
  expect(readEvent(undefined)).toBeUndefined();
});
