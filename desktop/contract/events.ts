import { z } from 'zod';
import { idSchema, refusalSchema, snapshotSchema } from './shapes.ts';

/** Everything a host tells its page unasked. */
export const events = {
  /** The whole of what is to be shown now; null when no ceremony is open. */
  changed: z.strictObject({ snapshot: snapshotSchema.nullable() }),
  /** How far something slow is. */
  progress: z.strictObject({
    task: z.enum(['check', 'begin', 'resume', 'export', 'eject']),
    /** `export` goes through the last five in their order. `waiting`: for what the HSM was doing when it was interrupted. */
    step: z.enum(['preflight', 'waiting', 'space', 'writing', 'flushed', 'comparing', 'compared']),
    /** The file it is about; null where it is about no file. */
    file: z.string().max(300).nullable(),
    done: z.int().nullable(),
    all: z.int().nullable(),
  }),
  /** The ceremony had to be closed; its journal is whole and it can be resumed. */
  fault: z.strictObject({ ceremony: idSchema.nullable(), refusal: refusalSchema }),
} as const;

export type EventName = keyof typeof events;
export type EventOf<E extends EventName> = z.infer<(typeof events)[E]>;
export type HostEvent = { [E in EventName]: { readonly event: E; readonly body: EventOf<E> } }[EventName];

/** Reads an event, or undefined when it is none. */
export function readEvent(value: unknown): HostEvent | undefined {
  const outer = z.strictObject({ event: z.string(), body: z.unknown() }).safeParse(value);
  if (!outer.success || !Object.hasOwn(events, outer.data.event)) return undefined;
  const event = outer.data.event as EventName;
  const body = events[event].safeParse(outer.data.body);
  return body.success ? ({ event, body: body.data } as HostEvent) : undefined;
}
