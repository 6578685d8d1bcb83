import { formatRefusal, isCoded, type Refusal } from '../../core/ports/coded-error.ts';
import { exitCodes } from './command-line.ts';

/** Several refusals at once, as a configuration file can earn them. */
export class Refused extends Error {
  readonly refusals: readonly Refusal[];

  constructor(refusals: readonly Refusal[]) {
    super('refused');
    this.refusals = refusals;
  }
}

/** Things outside this program that were not to be had. */
const unavailable = /^(?:database-unreachable|listen-failed|admin-unreachable|admin-unavailable|token-.*)$/u;

/** What the program says of an error, and the exit code that `--help` promises for it. */
export function reportOf(error: unknown): { readonly lines: readonly string[]; readonly exitCode: number } {
  if (error instanceof Refused) return { lines: error.refusals.map(formatRefusal), exitCode: exitCodes.refused };
  if (!isCoded(error)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { lines: [`Internal error: ${text}`], exitCode: exitCodes.internal };
  }
  return { lines: [formatRefusal(error)], exitCode: exitCodeOf(error.code) };
}

function exitCodeOf(code: string): number {
  if (code === 'usage') return exitCodes.usage;
  return unavailable.test(code) ? exitCodes.unavailable : exitCodes.refused;
}
