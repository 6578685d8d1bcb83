import Fastify, { type FastifyBaseLogger } from 'fastify';
import type { Clock } from '../../core/ports/clock.ts';
import { isCoded } from '../../core/ports/coded-error.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import { isPassing } from './passing.ts';

/** Structured log lines: fields first, then what happened. Never names, keys, PINs, tokens or database URLs. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** An alias and no interface: only that fits the index signature of the logger's types. */
type Described = {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly remedy?: string;
  readonly stack: string;
};

/**
 * Of an error only what we know to hold no data of clients: PostgreSQL's errors carry whole rows in other fields. A stack
 * only where nobody foresaw the error: what has a code and a remedy, or passes by itself, is told by those.
 */
function describe(error: Error): Described {
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const told = { type: error.name, ...code, message: error.message };
  if (isCoded(error)) return { ...told, remedy: error.remedy, stack: '' };
  return { ...told, stack: isPassing(error) ? '' : (error.stack ?? '') };
}

/** One JSON object a line on standard output, with the time in ISO 8601. */
export function makeLog(level: string, clock: Clock): FastifyBaseLogger {
  return Fastify({
    logger: {
      level,
      base: { pid: process.pid },
      timestamp: () => `,"time":"${formatUtc(clock.now())}"`,
      formatters: { level: (label: string) => ({ level: label }) },
      serializers: { err: describe },
    },
  }).log;
}
