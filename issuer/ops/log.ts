import Fastify, { type FastifyBaseLogger } from 'fastify';
import type { Clock } from '../../core/ports/clock.ts';
import { formatUtc } from '../../core/profile/dates.ts';

/** Structured log lines: fields first, then what happened. Never names, keys, PINs, tokens or database URLs. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Of an error only what we know to hold no data of clients: PostgreSQL's errors carry whole rows in other fields. */
function describe(error: Error): { type: string; code?: string; message: string; stack: string } {
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { type: error.name, ...code, message: error.message, stack: error.stack ?? '' };
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
