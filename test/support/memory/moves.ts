import * as fc from 'fast-check';
import type { CeremonyEvent } from '../../../core/ceremony/events.ts';
import type { Json } from '../../../core/ports/json.ts';

/** People the recording names as present. */
export const [ada, olga] = ['Ada Administrator', 'Olga One'];

/** One thing that may happen next: what should, what can go wrong, or anything at all. */
export type Move =
  | { readonly kind: 'right'; readonly leftover: boolean }
  | { readonly kind: 'trouble' | 'noise'; readonly event: CeremonyEvent };

const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>;
export const text = fc.oneof(
  fc.constantFrom(
    'adopt',
    'destroy',
    'abort',
    'SIGN',
    'GENERATE',
    'found',
    'value',
    'pin-root',
    'confirm-officer',
    'root',
    '',
  ),
  fc.string({ maxLength: 12 }),
);
/** Texts that their schema lets through. */
const said = fc.oneof(fc.constantFrom(ada, olga), fc.string({ minLength: 3, maxLength: 12 }));
const act = fc.integer({ min: 0, max: 14 });
/** Seconds from the newest record. */
const at = fc.integer({ min: -2, max: 3 });

/** Things that happen to good ceremonies: `act` and `at` are put right when it is their turn. */
const trouble: fc.Arbitrary<CeremonyEvent> = fc
  .oneof(
    fc
      .constantFrom('token-busy', 'token-session-lost', 'lint-refused', 'media-exists')
      .map((code) => ({ kind: 'failed', code, message: 'm', remedy: 'r' })),
    fc.constant({ kind: 'resume', reason: 'The program ended.' }),
    fc
      .constantFrom(['adopt', 'destroy', 'abort'], ['destroy', 'abort'])
      .map((choices) => ({ kind: 'found', facts: [{ label: 'l', value: 'v' }], choices })),
    fc.constant({ kind: 'retry' }),
    fc.constantFrom(ada, olga).map((by) => ({ kind: 'pause', reason: 'Fire alarm.', by })),
    fc.constant({
      kind: 'deviation',
      what: 'A bag tore.',
      cause: 'Age.',
      decision: 'New bag.',
      by: [ada],
    }),
  )
  .map((event) => ({ ...event, at: 0, act: -1 }) as CeremonyEvent);

/** Any event at all, with anything in it that its schema lets through. */
export const noise: fc.Arbitrary<CeremonyEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('answer' as const),
    at,
    act,
    prompt: text,
    value: fc.oneof(text, fc.array(text, { maxLength: 4 })),
  }),
  fc.record({ kind: fc.constant('secret' as const), at, act, prompt: text }),
  fc.record({ kind: fc.constant('intend' as const), at, act, intent: json }),
  fc.record({ kind: fc.constant('did' as const), at, act, outcome: json }),
  fc.record({ kind: fc.constant('failed' as const), at, act, code: text, message: text, remedy: text }),
  fc.record({ kind: fc.constant('retry' as const), at, act }),
  fc.record({ kind: fc.constant('reopened' as const), at, act, token: text }),
  fc.record({
    kind: fc.constant('found' as const),
    at,
    act,
    facts: fc.constant([]),
    choices: fc.array(text, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('redo' as const), at, act, because: text }),
  fc.record({ kind: fc.constant('resume' as const), at, act, reason: text }),
  fc.record({ kind: fc.constant('pause' as const), at, act, reason: said, by: said }),
  fc.record({
    kind: fc.constant('deviation' as const),
    at,
    act,
    what: said,
    cause: said,
    decision: said,
    by: fc.array(said, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('end' as const), at }),
) as fc.Arbitrary<CeremonyEvent>;

export const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('right' as const), leftover: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('trouble' as const), event: trouble }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('noise' as const), event: noise }) },
);
