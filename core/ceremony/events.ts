import { z } from 'zod';
import { keyAlgorithmNames } from '../ports/algorithm-names.ts';
import { approvalSchema } from '../bundle/approvals.ts';
import { waiverSchema } from '../lint/waiver.ts';
import { tokenCallsSchema } from './token-calls.ts';
import type { JournalRecord } from '../ports/journal.ts';
import type { Json, JsonObject } from '../ports/json.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/u);
const json = z.json() as z.ZodType<Json>;
const act = z.int().min(0).max(200);
const prompt = z.string().min(1).max(120);
/** What was asked of the tokens since the record before. */
const calls = tokenCallsSchema.exactOptional();
const person = z.string().min(2).max(100);
const sentence = z.string().min(3).max(1000);
const refusal = { code: z.string().max(80), message: z.string().max(4000), remedy: z.string().max(2000) };

const existingSchema = z.strictObject({
  der: z.base64(),
  type: z.enum(['root', 'intermediate', 'cross', 'bundle-signer', 'ocsp-signer']),
  issuedBy: z.string().max(64),
  policy: json.optional(),
  waived: z.array(waiverSchema).max(100),
});

/**
 * Everything that can happen in a ceremony, as it is journaled. The faces submit `answer`, `secret`, `retry`,
 * `pause`, `deviation` and `abort`; the runner writes the others. There is no field that could hold a PIN.
 */
export const eventSchemas = {
  begin: z.strictObject({
    planText: z.string().max(1_000_000),
    planHash: hash,
    bindingHash: hash,
    /** Of all that the binding meant on the machine, modules included; absent in journals from before it was noted. */
    boundHash: hash.exactOptional(),
    rehearsal: z.boolean(),
    version: z.string().max(64),
    tokens: z.record(
      z.string(),
      z.strictObject({
        uri: z.string().max(1000),
        serial: z.string().max(64),
        label: z.string().max(64),
        model: z.string().max(64),
        manufacturer: z.string().max(64),
        firmware: z.string().max(64),
        keypad: z.boolean(),
      }),
    ),
    previous: z.strictObject({ epoch: z.int(), sums: hash, created: z.int().min(0).exactOptional() }).nullable(),
    /** The rehearsal of exactly this plan, where one was shown. */
    rehearsed: z.strictObject({ sums: hash, created: z.int().min(0) }).exactOptional(),
    /** What the previous bundle brings along: certificates by key name, CRLs by issuer. */
    certificates: z.record(z.string(), existingSchema),
    /** Keys without a certificate that the previous bundle tells of, by name. */
    keys: z
      .record(
        z.string(),
        z.strictObject({
          algorithm: z.enum(keyAlgorithmNames),
          spki: z.base64().max(2000),
          id: z.string().max(128).exactOptional(),
        }),
      )
      .default({}),
    /** Names of keys that may leave their token, as the previous bundle tells. */
    unsealed: z.array(z.string().max(64)).max(200).default([]),
    /** SHA-256 of public keys that are never certified again, as the previous bundle tells. */
    compromised: z.array(hash).max(1000).default([]),
    /** Approvals of what the previous bundle brings along. */
    approvals: z.array(approvalSchema).max(1000).default([]),
    crls: z.record(
      z.string(),
      z.strictObject({ der: z.base64(), number: z.string().max(50), waived: z.array(waiverSchema).max(100) }),
    ),
  }),
  /** A person's own token signed their approval of what is about to be signed. */
  approved: z.strictObject({
    act,
    calls,
    number: z.int().min(1).max(20),
    spki: z.base64().max(2000),
    signature: z.base64().max(2000),
  }),
  answer: z.strictObject({ act, prompt, value: z.union([z.string().max(2000), z.array(z.string().max(200)).max(50)]) }),
  secret: z.strictObject({ act, prompt }),
  intend: z.strictObject({ act, calls, intent: json }),
  did: z.strictObject({ act, calls, outcome: json }),
  failed: z.strictObject({ act, calls, ...refusal }),
  retry: z.strictObject({ act }),
  reopened: z.strictObject({ act, calls, token: z.string().max(64) }),
  /** What was found of an act that may or may not have happened. */
  found: z.strictObject({
    act,
    calls,
    facts: z.array(z.strictObject({ label: z.string(), value: z.string() })).max(100),
    choices: z.array(z.string().max(32)).min(1).max(5),
  }),
  /** It is certain now that the act has to be done (again). */
  redo: z.strictObject({ act, calls, because: z.string().max(200) }),
  /** Everybody stops here: one person says so at once, a second confirms it, two let it go on. */
  pause: z.strictObject({ act, reason: z.string().min(3).max(500), by: person }),
  /** Something did not go as the plan or the practice says: what, why, what was decided, and who decided it. */
  deviation: z.strictObject({
    act,
    what: sentence,
    cause: sentence,
    decision: sentence,
    by: z.array(person).min(1).max(20),
  }),
  resume: z.strictObject({ act, reason: z.string().max(500) }),
  abort: z.strictObject({ act, reason: z.string().max(500) }),
  end: z.strictObject({}),
} as const;

/** Kinds of records that come after the program has worked with tokens, and say what it asked of them. */
export const tellsCalls: ReadonlySet<string> = new Set([
  'approved',
  'intend',
  'did',
  'failed',
  'reopened',
  'found',
  'redo',
]);

export type EventKind = keyof typeof eventSchemas;
export type EventBody<K extends EventKind> = z.infer<(typeof eventSchemas)[K]>;
export type CeremonyEvent = { [K in EventKind]: { readonly kind: K; readonly at: number } & EventBody<K> }[EventKind];

/** The event a journal record holds, or undefined when it is not one we know. */
export function eventOf({ kind, at, body }: Pick<JournalRecord, 'kind' | 'at' | 'body'>): CeremonyEvent | undefined {
  if (!Object.hasOwn(eventSchemas, kind)) return undefined;
  const parsed = eventSchemas[kind as EventKind].safeParse(body);
  return parsed.success ? ({ ...parsed.data, kind, at } as CeremonyEvent) : undefined;
}

/** The body under which an event is journaled. */
export function bodyOf(event: CeremonyEvent): JsonObject {
  const { kind: _kind, at: _at, ...body } = event;
  return JSON.parse(JSON.stringify(body)) as JsonObject;
}
