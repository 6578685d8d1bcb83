import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { bodyOf, eventSchemas, type CeremonyEvent, type EventKind } from '../../../core/ceremony/events.ts';
import { replay } from '../../../core/ceremony/replay.ts';
import { chainRecord } from '../../../core/journal/record.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import type { JournalRecord } from '../../../core/ports/journal.ts';
import type { JsonObject } from '../../../core/ports/json.ts';
import { recordedEvents } from '../../support/memory/recording.ts';

let events: readonly CeremonyEvent[];
let begunAt: number;

beforeAll(async () => {
  events = await recordedEvents();
  begunAt = events[0]?.at ?? 0;
});

/** The certificate an act came to, base64. */
function derOf(act: number): string {
  const event = events.find((one) => one.kind === 'did' && one.act === act);
  return event?.kind === 'did' ? (event.outcome as { der: string }).der : '';
}

const json = fc.jsonValue({ maxDepth: 2 });

describe('a journal that somebody wrote to deceive', () => {
  /** The recorded events as a journal with a whole chain, one of them changed. */
  function forgedJournal(change: (event: CeremonyEvent) => JsonObject | undefined): readonly JournalRecord[] {
    const records: JournalRecord[] = [];
    for (const event of events) {
      const body = { ...bodyOf(event), ...change(event) };
      records.push(chainRecord(records.at(-1), { kind: event.kind, at: event.at, body }, nodeDigest));
    }
    return records;
  }

  it('is accepted when it is the true one', () => {
    expect(
      replay(
        forgedJournal(() => undefined),
        nodeDigest,
      ),
    ).toMatchObject({ ok: true });
  });

  const lies: readonly (readonly [string, string, (event: CeremonyEvent) => JsonObject | undefined])[] = [
    [
      'another plan than the one whose hash it shows',
      'journal-plan',
      (event) => (event.kind === 'begin' ? { planText: `${event.planText}# \n` } : undefined),
    ],
    [
      'a plan that does not parse',
      'journal-record-impossible',
      (event) =>
        event.kind === 'begin'
          ? { planText: 'x', planHash: '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881' }
          : undefined,
    ],
    [
      'an act that was never approved',
      'journal-record-impossible',
      (event) => (event.kind === 'answer' && event.value === 'SIGN' ? { value: 'sign' } : undefined),
    ],
    [
      'a certificate that is not the approved one',
      'journal-record-impossible',
      (event) => {
        if (event.kind !== 'did' || event.act !== 7) return undefined;
        return { outcome: { ...(event.outcome as JsonObject), der: derOf(9) } };
      },
    ],
    [
      'an outcome of another shape',
      'journal-record-impossible',
      (event) => (event.kind === 'did' && event.act === 7 ? { outcome: { der: 'x' } } : undefined),
    ],
    [
      'an intent that does not parse',
      'journal-record-impossible',
      (event) =>
        event.kind === 'intend' && event.act === 7 ? { intent: { tbs: 'MAA=', digest: '0'.repeat(64) } } : undefined,
    ],
    [
      'an act left out',
      'journal-record-impossible',
      (event) => ('act' in event && event.act > 4 ? { act: event.act + 1 } : undefined),
    ],
    [
      'an unknown key in a record',
      'journal-record-unknown',
      (event) => (event.kind === 'secret' ? { pin: '1234' } : undefined),
    ],
  ];
  it.each(lies)('is refused with %s: %s', (_, code, change) => {
    expect(replay(forgedJournal(change), nodeDigest)).toMatchObject({ ok: false, refusal: { code } });
  });

  it('is refused with a record of no known kind, and when it is empty', () => {
    const records = forgedJournal(() => undefined);
    const odd = chainRecord(records[0], { kind: 'constructor', at: begunAt, body: {} }, nodeDigest);
    expect(replay([...records.slice(0, 1), odd], nodeDigest)).toMatchObject({
      refusal: { code: 'journal-record-unknown' },
    });
    expect(replay([], nodeDigest)).toMatchObject({ refusal: { code: 'journal-empty' } });
  });

  it('throws at nothing, whatever the records', () => {
    const kinds = fc.constantFrom(...(Object.keys(eventSchemas) as EventKind[]), 'x');
    const body = fc.oneof(
      fc.dictionary(fc.constantFrom('act', 'prompt', 'value', 'intent', 'outcome'), json),
      fc.nat(6).map((index) => bodyOf(events[index] as CeremonyEvent)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(kinds, body), { maxLength: 6 }), (entries) => {
        const records: JournalRecord[] = [];
        const begun = { kind: 'begin', at: begunAt, body: bodyOf(events[0] as CeremonyEvent) };
        records.push(chainRecord(undefined, begun, nodeDigest));
        for (const [kind, one] of entries) {
          // Canonical JSON has whole numbers only: others cannot be in a journal at all.
          const whole = JSON.parse(
            JSON.stringify(one, (_, value: unknown) =>
              typeof value === 'number' ? Math.trunc(value % 2 ** 53) : value,
            ),
          ) as JsonObject;
          records.push(chainRecord(records.at(-1), { kind, at: begunAt, body: whole }, nodeDigest));
        }
        expect(typeof replay(records, nodeDigest).ok).toBe('boolean');
      }),
      { numRuns: 300 },
    );
  });
});
