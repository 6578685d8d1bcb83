import { z } from 'zod';
import type { ActView, TranscriptLine } from '../../core/ceremony/view.ts';
import { plainData } from './plain-data.ts';
import * as shape from './shapes.ts';

const nothing = z.strictObject({});
const done = z.strictObject({});
const ofCeremony = z.strictObject({ ceremony: shape.idSchema });
/** The act an answer is meant for, from 1: an answer that comes late must not count for the next act. */
const act = z.int().min(1).max(201);
const prompt = z.string().min(1).max(120);
const person = z.string().min(2).max(100);
const snapshotOrNone = z.strictObject({ snapshot: shape.snapshotSchema.nullable() });
/** A plan on this machine. `planHash` is the one people compared: if the file has changed since, it is refused. */
const held = { plan: shape.idSchema, binding: shape.idSchema, rehearse: z.boolean() };

const reading = {
  /** Which program this is and where it runs. */
  hello: {
    request: nothing,
    response: z.strictObject({
      version: z.string(),
      shell: z.enum(['electron', 'browser', 'page']),
      /** Result of `coldroot self-check` where the installed program has one to compare with. */
      selfCheck: z.strictObject({ ok: z.boolean(), facts: shape.factsSchema }).nullable(),
      /** Network requests this shell has refused so far; null where the shell cannot count them. */
      networkDenied: z.int().nullable(),
      /** A folder stands for removable media (`--media`): said on every export, because it is not one. */
      mediaStandIn: z.boolean(),
    }),
  },
  list: {
    request: nothing,
    response: z.strictObject({
      plans: z.array(shape.planLineSchema),
      bindings: z.array(shape.bindingLineSchema),
      ceremonies: z.array(shape.ceremonyLineSchema),
    }),
  },
  /** One plan to be read: its text, its hash in words, and its acts as they will be shown. */
  plan: {
    request: z.strictObject({ plan: shape.idSchema }),
    response: z.strictObject({
      file: z.string(),
      title: z.string(),
      hierarchy: z.string(),
      ...shape.hashedSchema.shape,
      text: z.string(),
      acts: plainData<readonly Pick<ActView, 'number' | 'headline' | 'why' | 'onToken'>[]>(),
    }),
  },
  /** The preflight. Nothing is touched. `view` is the ceremony as it would begin. */
  check: {
    request: z.strictObject(held),
    response: z.discriminatedUnion('passed', [
      z.strictObject({ passed: z.literal(false), refusals: shape.refusalsSchema }),
      z.strictObject({
        passed: z.literal(true),
        planHash: shape.hashSchema,
        view: shape.viewSchema,
        tokens: shape.snapshotSchema.shape.tokens,
        forecast: shape.forecastSchema,
      }),
    ]),
  },
  snapshot: { request: nothing, response: snapshotOrNone },
  /** What `coldroot ceremony verify` says, line by line. */
  verify: {
    request: ofCeremony,
    response: z.strictObject({ ok: z.boolean(), lines: z.array(z.string()), refusals: shape.refusalsSchema }),
  },
  artefacts: { request: ofCeremony, response: z.strictObject({ artefacts: z.array(shape.artefactLineSchema) }) },
  artefact: {
    request: ofCeremony.extend({ name: shape.artefactNameSchema }),
    response: shape.artefactLineSchema.extend({
      sections: z.array(shape.sectionSchema),
      /** Base64; null for what is no DER, such as the manifest. */
      der: z.string().nullable(),
      pem: z.string().nullable(),
      /** The text itself, for a manifest. */
      text: z.string().nullable(),
    }),
  },
  /** The transcript as a document, to be printed or kept as PDF. */
  transcript: {
    request: ofCeremony,
    response: z.strictObject({
      title: z.string(),
      hierarchy: z.string(),
      rehearsal: z.boolean(),
      status: z.enum(['running', 'finished', 'aborted']),
      sections: z.array(shape.sectionSchema),
      people: plainData<readonly { readonly role: string; readonly name: string }[]>(),
      lines: plainData<readonly TranscriptLine[]>(),
      acts: plainData<readonly { readonly number: number; readonly headline: string }[]>(),
      records: z.int(),
      /** Hash of the journal's last record: what the paper is compared with later. */
      last: shape.hashedSchema,
    }),
  },
  /** Removable media that are in and mounted. Nothing else is ever offered. */
  media: {
    request: nothing,
    response: z.strictObject({
      targets: z.array(
        z.strictObject({
          id: shape.idSchema,
          label: z.string(),
          device: z.string(),
          freeBytes: z.int(),
          totalBytes: z.int(),
          /** A folder standing for a medium (`--media`). */
          standIn: z.boolean(),
        }),
      ),
      /** Removable, but not mounted: named so that people know why it is not offered. */
      unmounted: z.array(z.strictObject({ device: z.string(), label: z.string() })),
    }),
  },
} as const;

const acting = {
  /** Begins the ceremony: a preflight again, then its first record. Nothing happens on a token before `start`. */
  begin: {
    request: z.strictObject({ ...held, planHash: shape.hashSchema }),
    response: z.discriminatedUnion('passed', [
      z.strictObject({ passed: z.literal(false), refusals: shape.refusalsSchema }),
      z.strictObject({ passed: z.literal(true), snapshot: shape.snapshotSchema }),
    ]),
  },
  resume: { request: ofCeremony, response: z.strictObject({ snapshot: shape.snapshotSchema }) },
  /** The word that starts it, typed in full (`firstWord` of the snapshot). */
  start: { request: z.strictObject({ word: z.string().max(20) }), response: done },
  /** Never for a prompt of kind `secret`: those go through the secret channel. */
  answer: {
    request: z.strictObject({
      act,
      prompt,
      value: z.union([z.string().max(2000), z.array(z.string().max(200)).max(50)]),
    }),
    response: done,
  },
  retry: { request: z.strictObject({ act }), response: done },
  /** Ends it for good. The word is STOP, typed in full. */
  stop: {
    request: z.strictObject({ word: z.string().max(20), reason: z.string().min(1).max(500) }),
    response: done,
  },
  /** Everybody waits: a second person confirms it and two let it go on, by prompts. The word is PAUSE, typed in full. */
  pause: {
    request: z.strictObject({ word: z.string().max(20), reason: z.string().min(3).max(500), by: person }),
    response: done,
  },
  /** Writes down that something did not go as planned. Possible at any time. The word is NOTE, typed in full. */
  deviation: {
    request: z.strictObject({
      word: z.string().max(20),
      what: z.string().max(2000),
      cause: z.string().max(2000),
      decision: z.string().max(2000),
      by: z.array(person).min(1).max(20),
    }),
    response: done,
  },
  /** Closes the ceremony so that it can be resumed; an act that is being done is finished first. */
  leave: { request: nothing, response: done },
  /** Copies what a ceremony made to a medium, reads it back and compares it. `progress` events say how far it is. */
  export: {
    request: ofCeremony.extend({ target: shape.idSchema }),
    response: z.strictObject({
      at: shape.utcSchema,
      label: z.string(),
      device: z.string(),
      standIn: z.boolean(),
      folder: z.string(),
      files: z.array(shape.copiedFileSchema),
      /** Hash over `hash  file` lines of all files, as sha256sum writes them: one thing to read aloud for everything. */
      whole: shape.hashedSchema,
    }),
  },
  /** Writes back what is buffered, unmounts, and says that the medium may be taken out. */
  eject: { request: z.strictObject({ target: shape.idSchema }), response: z.strictObject({ label: z.string() }) },
} as const;

/**
 * Everything a page may ask of its host, in one table: nothing else is answered. There is no method with a PIN in it
 * (see secret.ts) and none with a path.
 */
export const methods = { ...reading, ...acting } as const;

export type MethodName = keyof typeof methods;
export type RequestOf<M extends MethodName> = z.infer<(typeof methods)[M]['request']>;
export type ResponseOf<M extends MethodName> = z.infer<(typeof methods)[M]['response']>;
