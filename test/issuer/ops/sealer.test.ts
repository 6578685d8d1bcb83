import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemEntropy } from '../../../core/node/entropy.ts';
import { aboutExternalKey, Sealer } from '../../../issuer/ops/sealer.ts';

const [first, second] = [randomBytes(32), randomBytes(32)];
const about = aboutExternalKey('main', 'one');
const coded = (code: string): unknown => expect.objectContaining({ code });

describe('a sealed secret', () => {
  it('is opened by whoever has the key, and shows nothing of itself', () => {
    const sealer = new Sealer([first], systemEntropy);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 64 }), (secret) => {
        const sealed = sealer.seal(secret, about);
        expect(sealed.secret).toHaveLength(secret.length + 28);
        expect(Buffer.from(sealed.secret).includes(Buffer.from(secret))).toBe(false);
        expect(sealer.open(sealed, about)).toEqual(secret);
        // Twice the same is never seen to be the same.
        expect(sealer.seal(secret, about).secret).not.toEqual(sealed.secret);
      }),
      { numRuns: 50 },
    );
  });

  it('is opened by any key that is here, found by its name; the first one seals', () => {
    const sealed = new Sealer([first], systemEntropy).seal(Buffer.alloc(32, 7), about);
    const rotated = new Sealer([second, first], systemEntropy);
    expect(rotated.open(sealed, about)).toEqual(new Uint8Array(32).fill(7));
    expect(rotated.current).not.toEqual(sealed.sealedWith);
    expect(rotated.opens(sealed.sealedWith ?? new Uint8Array())).toBe(true);
    const gone = new Sealer([second], systemEntropy);
    expect(gone.opens(sealed.sealedWith ?? new Uint8Array())).toBe(false);
    expect(() => gone.open(sealed, about)).toThrow(coded('sealing-key-unknown'));
  });

  it('does not open in another row, nor with any byte changed', () => {
    const sealer = new Sealer([first], systemEntropy);
    const sealed = sealer.seal(randomBytes(32), about);
    for (const other of [aboutExternalKey('main', 'two'), aboutExternalKey('other', 'one'), '']) {
      expect(() => sealer.open(sealed, other)).toThrow(coded('sealing-broken'));
    }
    for (let index = 0; index < sealed.secret.length; index += 1) {
      const secret = Uint8Array.from(sealed.secret);
      secret[index] = (secret[index] ?? 0) ^ 1;
      expect(() => sealer.open({ ...sealed, secret }, about)).toThrow(coded('sealing-broken'));
    }
  });

  it('is in the clear where there is no key', () => {
    const sealer = new Sealer([], systemEntropy);
    const secret = randomBytes(32);
    expect(sealer.seal(secret, about)).toEqual({ secret, sealedWith: null });
    expect(new Sealer([first], systemEntropy).open({ secret, sealedWith: null }, about)).toBe(secret);
    expect(sealer.current).toBeNull();
  });
});

describe('a file with a sealing key', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'coldroot-sealing-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function file(text: string, mode = 0o600): string {
    const name = path.join(folder, randomBytes(4).toString('hex'));
    writeFileSync(name, text);
    chmodSync(name, mode);
    return name;
  }

  it('holds 32 bytes in base64, as openssl writes them', () => {
    const sealer = Sealer.fromFiles([file(`${first.toString('base64')}\n`)], systemEntropy);
    expect(sealer.current).toEqual(new Sealer([first], systemEntropy).current);
  });

  it.each(['geheim', Buffer.alloc(31).toString('base64'), Buffer.alloc(33).toString('base64'), 'ab'.repeat(32)])(
    'that holds something else is refused, without its contents in the error: %s',
    (text) => {
      expect(() => Sealer.fromFiles([file(text)], systemEntropy)).toThrow(coded('sealing-key-malformed'));
      expect(() => Sealer.fromFiles([file(text)], systemEntropy)).not.toThrow(new RegExp(text.slice(0, 20), 'u'));
    },
  );

  it('that others may read is refused', () => {
    const name = file(first.toString('base64'), 0o644);
    expect(() => Sealer.fromFiles([name], systemEntropy)).toThrow(coded('secret-exposed'));
  });
});
