import { z } from 'zod';
import { seriesListSchema } from '../ops/series.ts';

/** What the process that holds the port tells its workers. */
export const toWorkerSchema = z.discriminatedUnion('kind', [
  /** The first message: only then a worker begins. Session tickets must be good at every worker. */
  z.strictObject({ kind: z.literal('begin'), ticketKeys: z.instanceof(Uint8Array) }),
  z.strictObject({ kind: z.literal('ticket-keys'), ticketKeys: z.instanceof(Uint8Array) }),
  z.strictObject({ kind: z.literal('metrics'), id: z.int() }),
]);
export type ToWorker = z.infer<typeof toWorkerSchema>;

/** What they answer. */
export const fromWorkerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('metrics'), id: z.int(), series: seriesListSchema }),
]);
export type FromWorker = z.infer<typeof fromWorkerSchema>;

/** Bytes that node:tls wants for its ticket keys. */
export const ticketKeyBytes = 48;
