import { describe, expect, it } from 'vitest';
import { pooledEntropy } from '../../../core/node/entropy.ts';
import type { Entropy } from '../../../core/ports/entropy.ts';

/** Counts up, so that what was handed out twice would be seen. */
function countingSource(): Entropy & { drawn: number[] } {
  let next = 0;
  const drawn: number[] = [];
  return {
    drawn,
    bytes(length) {
      drawn.push(length);
      const bytes = new Uint8Array(length);
      const view = new DataView(bytes.buffer);
      for (let at = 0; at + 4 <= length; at += 4) view.setUint32(at, next++);
      return bytes;
    },
  };
}

describe('pooled entropy', () => {
  it('hands every byte of its source out once at most, in the length that was asked for', () => {
    const pooled = pooledEntropy(countingSource());
    const seen = new Set<string>();
    for (let turn = 0; turn < 5000; turn += 1) {
      const bytes = pooled.bytes(8);
      expect(bytes).toHaveLength(8);
      seen.add(Buffer.from(bytes).toString('hex'));
    }
    expect(seen.size).toBe(5000);
  });

  it('asks its source for many bytes seldom', () => {
    const source = countingSource();
    const pooled = pooledEntropy(source);
    for (let turn = 0; turn < 1000; turn += 1) pooled.bytes(10);
    expect(source.drawn.length).toBeLessThan(5);
  });

  it('draws what is long by itself', () => {
    const source = countingSource();
    pooledEntropy(source).bytes(1000);
    expect(source.drawn).toEqual([1000]);
  });

  it('wipes what it has handed out where it lay', () => {
    const arrays: Uint8Array[] = [];
    const source = countingSource();
    const pooled = pooledEntropy({
      bytes(length) {
        const bytes = source.bytes(length);
        arrays.push(bytes);
        return bytes;
      },
    });
    expect(pooled.bytes(12)).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2));
    expect(arrays).toHaveLength(1);
    expect(arrays[0]?.subarray(0, 16)).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3));
  });
});
