import { isCoded } from '../../core/ports/coded-error.ts';

/** Codes of PostgreSQL (class 08, 57P0x, 53300) and of the network that mean: not now. */
const databaseAway = /^(?:08...|57P0[123]|53300|40001|40P01)$/u;
const networkAway: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT']);
/** What pg says without a code when a connection ends or none is to be had. */
const connectionEnded = /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered)/u;

/** Whether the database could not be reached, went away, or told somebody to try again. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return databaseAway.test(code) || networkAway.has(code) || connectionEnded.test(error.message);
}

/** Whether an error passes by itself: the token or the database is away, and comes back without anybody's help. */
export function isPassing(error: unknown): boolean {
  if (isCoded(error)) return error.code.startsWith('token-') || error.code === 'nonce-key-missing';
  return isDatabaseAway(error);
}
