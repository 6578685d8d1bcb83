import { z } from 'zod';
import type { Clock } from '../../core/ports/clock.ts';
import type { JsonObject } from '../../core/ports/json.ts';
import type { Health } from '../http/health-routes.ts';
import type { EndWatch } from '../ops/end-watch.ts';
import type { Sealer } from '../ops/sealer.ts';
import type { Database, Queries } from '../store/database.ts';

/** What every act of an operator has at hand. */
export interface AdminTools {
  readonly database: Database;
  readonly clock: Clock;
  readonly health: Health;
  /** Names of the directories. */
  readonly directories: () => readonly string[];
  readonly ends: Pick<EndWatch, 'ends' | 'refresh'>;
  /** For secrets in the database. */
  readonly sealer: Sealer;
  /** Something of this issuing CA was revoked: its CRL is due. */
  readonly revoked: (issuer: string) => void;
}

/** What an act that changes something came to, and what the audit log is to say of it: undefined for nothing done. */
export interface Done {
  readonly result: unknown;
  readonly record: JsonObject | undefined;
  readonly revoked?: readonly string[];
}

/** One thing an operator can ask for. Lookers only look; doers run in one transaction with their line in the audit log. */
export type AdminAct<Input> = {
  readonly input: z.ZodType<Input>;
  /** For `--help` and for the audit log. */
  readonly summary: string;
} & (
  | { readonly looks: (input: Input, tools: AdminTools) => Promise<unknown> }
  | { readonly does: (input: Input, queries: Queries, tools: AdminTools) => Promise<Done> }
);

/** Lets a table hold acts of different inputs, each checked by its own schema. */
export function adminAct<Input>(act: AdminAct<Input>): AdminAct<unknown> {
  return act as AdminAct<unknown>;
}

export const limitSchema = z.coerce.number().int().min(1).max(1000).default(100);
export const idSchema = z.string().regex(/^[A-Za-z0-9_-]{20}$/u, 'not the name of an account or order');
const hex = (octets: string, what: string): z.ZodType<Uint8Array, string> =>
  z
    .string()
    .regex(new RegExp(`^(?:[0-9a-fA-F]{2}:?){${octets}}$`, 'u'), what)
    .transform((text) => Uint8Array.from(Buffer.from(text.replaceAll(':', ''), 'hex')));
export const serialSchema = hex('8,20', 'not a serial number in hex');
export const sha256Schema = hex('32', 'not a SHA-256 in hex');
export const timeSchema = z.iso.datetime({ message: 'not a time such as 2026-11-27T03:00:00Z' });
