import { z } from 'zod';
import type { Forecast } from '../../core/ceremony/dry-run.ts';
import type { Fact } from '../../core/ceremony/prompt.ts';
import type { CeremonyView } from '../../core/ceremony/view.ts';
import type { Refusal } from '../../core/ports/coded-error.ts';
import { plainData } from './plain-data.ts';

/** Names a plan, a binding, a ceremony or a medium of this host. A page never sees or sends a path to open. */
export const idSchema = z.string().regex(/^[0-9a-f]{16}$/u, 'not an id of this host');
/** SHA-256, lower-case hex. */
export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/u, 'not a SHA-256 in lower-case hex');
/** Which artefact of a ceremony: its kind, and its name in the plan where it has one. */
export const artefactNameSchema = z.string().regex(/^[a-z]{1,20}(?::[a-z0-9][a-z0-9.-]{0,63})?$/u, 'not an artefact');
/** UTC, as everywhere in a ceremony: `2026-11-22T10:15:00Z`. The page adds local time beside it. */
const utcSchema = z.string().max(40);

export const refusalSchema = plainData<Refusal>();
export const refusalsSchema = plainData<readonly Refusal[]>();
export const factsSchema = plainData<readonly Fact[]>();
export const forecastSchema = plainData<readonly Forecast[]>();
export const viewSchema = plainData<CeremonyView>();

/** A hash to be compared by eye and by ear. `words` are rows, as `wordRows` makes them. */
const hashedSchema = z.strictObject({ sha256: hashSchema, words: z.array(z.string().max(200)).max(20) });

const planFileSchema = z.strictObject({
  id: idSchema,
  /** The file's own name, without its folder. */
  file: z.string().max(300),
});

/** A plan file in the folders the host was started with. */
export const planLineSchema = z.discriminatedUnion('readable', [
  planFileSchema.extend({
    readable: z.literal(true),
    title: z.string(),
    hierarchy: z.string(),
    ...hashedSchema.shape,
    acts: z.int(),
    /** The plan's names for the tokens a binding must bind. */
    tokens: z.array(z.string()),
    /** Whether it continues an earlier ceremony: then the binding names that one's bundle. */
    previous: z.enum(['none', 'required']),
  }),
  planFileSchema.extend({ readable: z.literal(false), refusals: refusalsSchema }),
]);

/** A binding file beside the plans. */
export const bindingLineSchema = z.discriminatedUnion('readable', [
  planFileSchema.extend({
    readable: z.literal(true),
    tokens: z.array(z.string()),
    files: z.array(z.string()),
    previous: z.boolean(),
  }),
  planFileSchema.extend({ readable: z.literal(false), refusals: refusalsSchema }),
]);

/** A ceremony's folder in the work folder, newest first. */
export const ceremonyLineSchema = z.discriminatedUnion('readable', [
  z.strictObject({
    id: idSchema,
    folder: z.string().max(300),
    readable: z.literal(true),
    title: z.string(),
    hierarchy: z.string(),
    status: z.enum(['running', 'finished', 'aborted']),
    begun: utcSchema,
    rehearsal: z.boolean(),
    planHash: hashSchema,
    acts: z.strictObject({ done: z.int(), all: z.int() }),
    resumptions: z.int(),
    /** It is the one that is open in this window. */
    open: z.boolean(),
  }),
  z.strictObject({
    id: idSchema,
    folder: z.string().max(300),
    readable: z.literal(false),
    refusals: refusalsSchema,
  }),
]);

/** What the ceremony made so far, and what it carries on, for the end. */
const madeSchema = z.strictObject({
  facts: factsSchema,
  bundle: z.strictObject({ file: z.string(), epoch: z.int(), ...hashedSchema.shape }).nullable(),
});

/** The newest record of the journal people would call an event; the page has the words for it. */
const lastEventSchema = z.strictObject({
  at: utcSchema,
  kind: z.string().max(40),
  /** Act number, from 1, for `did`. */
  act: z.int().nullable(),
  /** What was typed, where it is short: confirmations and choices, never a PIN. */
  typed: z.string().max(40).nullable(),
  /** How many people were named. */
  named: z.int().nullable(),
  /** The role that confirmed. */
  by: z.string().max(40).nullable(),
});

/** Everything the page shows of the open ceremony. */
export const snapshotSchema = z.strictObject({
  ceremony: idSchema,
  folder: z.string().max(300),
  /** `opening`: waits for the word that starts it. */
  mode: z.enum(['opening', 'asking', 'working', 'failed', 'over']),
  /** The word that starts it: another one where it was interrupted before. Only `start` needs it. */
  firstWord: z.string().max(20),
  /** An answer is being written down. */
  busy: z.boolean(),
  /** What the program does while `working`: the engine's own word (`prepare`, `perform`, `recover`, `resolve`, `end`). */
  step: z.string().max(20),
  /** When the act at work began to work, UTC; null unless `working`. */
  workingSince: utcSchema.nullable(),
  view: viewSchema,
  last: lastEventSchema,
  tokens: z.array(
    z.strictObject({ name: z.string(), label: z.string(), model: z.string(), serial: z.string(), keypad: z.boolean() }),
  ),
  /** What the acts will do, by the preflight; empty after a resume. */
  forecast: forecastSchema,
  made: madeSchema,
  /** Where the files are, to be read by people. */
  places: z.strictObject({ journal: z.string(), output: z.string() }),
});
/** What a page holds of the host; the renderer on its way reads it. @public */
export type Snapshot = z.infer<typeof snapshotSchema>;

/** Facts under a heading, as the viewer and the printed transcript show them. */
export const sectionSchema = z.strictObject({ title: z.string(), facts: factsSchema });

export const artefactLineSchema = z.strictObject({
  name: artefactNameSchema,
  kind: z.enum(['certificate', 'crl', 'csr', 'bundle', 'manifest']),
  title: z.string(),
  bytes: z.int(),
  ...hashedSchema.shape,
});

/** A file that was copied, read back and compared. */
export const copiedFileSchema = z.strictObject({ file: z.string(), bytes: z.int(), ...hashedSchema.shape });

export { hashedSchema, utcSchema };
