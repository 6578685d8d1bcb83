import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTranscript, writeTranscript } from '../../../core/bundle/transcript.ts';
import { chainFault, chainRecord, genesis } from '../../../core/journal/record.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import type { JournalRecord } from '../../../core/ports/journal.ts';
import type { JsonObject } from '../../../core/ports/json.ts';
import { chainOf } from '../../support/chain.ts';

const records = chainOf({ a: 1 }, { b: [true, null] }, { c: 'three' }, { d: {} });

/** The sequence number of the record that is named as the broken one; 0 when none is. */
function brokenAt(changed: readonly JournalRecord[]): number {
  const fault = chainFault(changed, nodeDigest);
  return fault === undefined ? 0 : Number(/^record (\d+)$/u.exec(fault.where?.field ?? '')?.[1]);
}

function changing(index: number, change: Partial<JournalRecord>): readonly JournalRecord[] {
  return records.map((record, position) => (position === index ? { ...record, ...change } : record));
}

describe('the chain of records', () => {
  it('accepts a chain from its beginning, and no records at all', () => {
    expect(brokenAt(records)).toBe(0);
    expect(brokenAt(records.slice(0, 2))).toBe(0);
    expect(brokenAt([])).toBe(0);
    expect(records[0]).toMatchObject({ sequence: 1, previous: genesis });
  });

  const fields: readonly Partial<JournalRecord>[] = [
    { sequence: 9 },
    { at: 0 },
    { kind: 'nota' },
    { body: { b: [true, false] } },
    { body: {} },
    { previous: genesis.replace('0', '1') },
    { hash: 'f'.repeat(64) },
  ];
  it.each(fields.flatMap((change) => records.map((_, index) => ({ index, change, field: Object.keys(change)[0] }))))(
    'a change of $field in record $index is found at that record',
    ({ index, change }) => {
      expect(brokenAt(changing(index, change))).toBe(index + 1);
    },
  );

  it('a record left out, put in, put twice or exchanged is found where it is', () => {
    const [first, second, third, fourth] = records as [JournalRecord, JournalRecord, JournalRecord, JournalRecord];
    expect(brokenAt([first, third, fourth])).toBe(2);
    expect(brokenAt([second, third, fourth])).toBe(1);
    expect(brokenAt([first, first, second])).toBe(2);
    expect(brokenAt([first, third, second, fourth])).toBe(2);
    const foreign = chainRecord(chainOf({ x: 1 })[0], { at: 0, kind: 'note', body: {} }, nodeDigest);
    expect(brokenAt([first, foreign, third])).toBe(2);
  });

  it('a changed record whose own hash was made again breaks the chain behind it', () => {
    const changed = chainRecord(records[0], { at: 1, kind: 'note', body: { b: 'other' } }, nodeDigest);
    expect(brokenAt([records[0], changed, ...records.slice(2)] as JournalRecord[])).toBe(3);
  });

  it('says what is wrong with which record and what to do', () => {
    expect(chainFault(changing(1, { kind: 'x' }), nodeDigest)).toMatchObject({
      code: 'journal-chain-broken',
      message: 'Journal record 2 was changed after it was written.',
      remedy: expect.stringContaining('evidence') as string,
    });
  });
});

describe('a transcript', () => {
  it('gives back the records it was written from', () => {
    expect(readTranscript(writeTranscript(records), nodeDigest)).toEqual(records);
  });

  it('any bodies of any records come back, and any one changed byte is refused', () => {
    const json = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.maxSafeInteger(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(
          fc.string({ maxLength: 5 }).filter((key) => key !== '__proto__'),
          tie('value'),
          { maxKeys: 3 },
        ),
      ),
    })).value;
    const body = fc.dictionary(
      fc.string({ maxLength: 8 }).filter((key) => key !== '__proto__'),
      json,
      { maxKeys: 4 },
    );
    fc.assert(
      fc.property(
        fc.array(body, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (bodies, where, flip) => {
          const written = writeTranscript(chainOf(...(bodies as JsonObject[])));
          expect(readTranscript(written, nodeDigest)).toHaveLength(bodies.length);
          const copy = Uint8Array.from(written);
          const at = where % copy.length;
          copy[at] = (copy[at] ?? 0) ^ flip;
          expect(readTranscript(copy, nodeDigest)).toBeUndefined();
        },
      ),
      { numRuns: 400 },
    );
  });

  it.each([
    ['not JSON', 'begin'],
    ['not canonical', '{ "records": [] }'],
    ['without records', '{"records":[]}'],
    ['with something else', '{"more":1,"records":[]}'],
    ['nested too deeply', `{"records":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
  ])('is refused when it is %s', (_, text) => {
    expect(readTranscript(utf8(text), nodeDigest)).toBeUndefined();
  });
});
