import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { transcriptFolder, transcriptOf } from '../../support/memory/transcript.ts';
import { shippedPlans } from '../../support/ready-plans.ts';

describe('the log of every plan that ships, word for word (node test/vectors/make-transcripts.ts writes it anew)', () => {
  it('is kept for each of them, and for nothing else', () => {
    expect(readdirSync(transcriptFolder).sort()).toEqual(
      shippedPlans()
        .map((name) => `${name}.txt`)
        .sort(),
    );
  });

  it.each(shippedPlans())('%s', async (name) => {
    expect(await transcriptOf(name)).toBe(readFileSync(new URL(`${name}.txt`, transcriptFolder), 'utf8'));
  });
});
