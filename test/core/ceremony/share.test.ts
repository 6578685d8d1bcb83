import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  joinShares,
  readShare,
  shareFault,
  shareHex,
  shareWords,
  splitPin,
  tokenMark,
  type Share,
} from '../../../core/ceremony/share.ts';
import { nodeDigest as digest } from '../../../core/node/crypto.ts';
import { shamirSharing as sharing } from '../../../core/node/secret-sharing.ts';
import { isCoded } from '../../../core/ports/coded-error.ts';

const token = tokenMark('00000000000000r1', digest);
const set = 'a1b2c3d4';

function split(pin: string, count = 5, threshold = 3, own = { token, set }): Promise<readonly Share[]> {
  return splitPin(pin, { ...own, count, threshold }, sharing, digest);
}

function wordsOf(share: Share): string[] {
  return [...shareWords(shareHex(share, digest))];
}

function codeOf(text: string): string {
  try {
    readShare(text, digest);
    return 'read';
  } catch (error) {
    return isCoded(error) ? error.code : 'not coded';
  }
}

describe('a share', () => {
  it('of any PIN comes back from its words and from its code, and any three of five give the PIN again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
        fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 3, maxLength: 5 }),
        async (pin, chosen) => {
          const made = await split(pin);
          const typed = chosen.map((index, at) => {
            const share = made[index] as Share;
            return at % 2 === 0 ? wordsOf(share).join(' ') : shareHex(share, digest).toUpperCase();
          });
          const read = typed.map((text) => readShare(text, digest));
          expect(await joinShares(read, sharing, digest)).toBe(pin);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('with a word changed, left out, said twice or swapped is refused', async () => {
    const [share] = await split('correct-horse-7261');
    const words = wordsOf(share as Share);
    const other = words[6] === 'acorn' ? 'actor' : 'acorn';
    expect(codeOf(words.join('\n'))).toBe('read');
    expect(codeOf(words.with(6, other).join(' '))).toBe('share-checksum');
    expect(codeOf(words.with(6, 'xylophonist').join(' '))).toBe('share-word');
    expect(codeOf(words.toSpliced(3, 1).join(' '))).toBe('share-word');
    expect(codeOf(words.toSpliced(3, 0, words[3] ?? '').join(' '))).toBe('share-word');
    expect(codeOf(words.slice(0, 12).join(' '))).toBe('share-length');
    expect(codeOf('')).toBe('share-length');
  });

  it('throws nothing but coded refusals, whatever is typed, and none of them quotes it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => {
        expect(codeOf(text)).toMatch(/^share-/u);
      }),
    );
    expect(() => readShare('swordfish', digest)).toThrow(expect.not.objectContaining({ message: /swordfish/u }));
  });

  it('of another token, of another set, or given twice is named and refused', async () => {
    const [one, two] = (await split('1234')) as [Share, Share];
    const [foreign] = (await split('1234', 5, 3, { token: tokenMark('other', digest), set })) as [Share];
    const [older] = (await split('1234', 5, 3, { token, set: '00000000' })) as [Share];
    expect(shareFault(two, [one], token)).toBeUndefined();
    expect(shareFault(foreign, [], token)).toMatchObject({ code: 'share-other-token' });
    expect(shareFault(older, [one], token)).toMatchObject({ code: 'share-other-set' });
    expect(shareFault(one, [one], token)).toMatchObject({
      code: 'share-twice',
      message: expect.stringContaining('Share 1'),
    });
  });

  it('that is forged with a right checksum gives no PIN, and too few give none', async () => {
    const [one, two, three] = (await split('correct-horse-7261')) as [Share, Share, Share];
    const forged = { ...three, payload: three.payload.map((byte, index) => (index === 0 ? byte ^ 1 : byte)) };
    await expect(joinShares([one, two, forged], sharing, digest)).rejects.toMatchObject({ code: 'share-wrong' });
    await expect(joinShares([one, two], sharing, digest)).rejects.toMatchObject({ code: 'share-too-few' });
    await expect(joinShares([], sharing, digest)).rejects.toMatchObject({ code: 'share-too-few' });
  });
});
