import type { Clock } from '../../core/ports/clock.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import { endRules, isNear, type End } from './ends.ts';
import type { Logger } from './log.ts';
import type { Series } from './series.ts';

/** Seconds after which what is near its end is said again. */
const saidAgain = 86_400;
const family = 'coldroot_end_timestamp_seconds';
const help = 'When something the issuer depends on ends, in seconds since 1970, by kind and name.';

/** What is near its end, or past it, in words. */
export interface Warning {
  readonly kind: string;
  readonly name: string;
  readonly ends: string;
  readonly remedy: string;
}

function nameOf({ kind, name, ends }: End): string {
  return `${kind} ${name} ${ends}`;
}

/** Watches everything that ends: for the metrics, for /ready and "status", and in the log at the start and once a day. */
export class EndWatch {
  readonly #look: () => Promise<readonly End[]>;
  readonly #clock: Clock;
  readonly #log: Logger;
  /** When each was said last. */
  readonly #said = new Map<string, number>();
  #ends: readonly End[] = [];

  constructor(look: () => Promise<readonly End[]>, clock: Clock, log: Logger) {
    this.#look = look;
    this.#clock = clock;
    this.#log = log;
  }

  /** Looks anew, and warns of what is near its end and was not warned of today: a job, because a scrape waits for nothing. */
  async refresh(): Promise<void> {
    this.#ends = await this.#look();
    const now = this.#clock.now();
    const near = this.#near(now);
    const names = new Set(near.map(nameOf));
    for (const name of this.#said.keys()) if (!names.has(name)) this.#said.delete(name);
    for (const end of near) this.#warn(end, now);
  }

  #near(now: number): readonly End[] {
    return this.#ends.filter((end) => isNear(end, now));
  }

  #warn(end: End, now: number): void {
    const before = this.#said.get(nameOf(end));
    if (before !== undefined && now - before < saidAgain) return;
    this.#said.set(nameOf(end), now);
    const { kind, name, ends } = end;
    const { what, remedy } = endRules[kind];
    const fields = { kind, name, ends: formatUtc(ends), secondsLeft: Math.max(0, ends - now), remedy };
    if (now > ends) this.#log.error(fields, `${what} has ended`);
    else this.#log.warn(fields, `${what} ends soon`);
  }

  /** Everything that ends, what ends first in front. */
  get ends(): readonly End[] {
    return this.#ends;
  }

  /** What is near its end now. */
  warnings(): readonly Warning[] {
    return this.#near(this.#clock.now()).map(({ kind, name, ends }) => ({
      kind,
      name,
      ends: formatUtc(ends),
      remedy: endRules[kind].remedy,
    }));
  }

  series(): readonly Series[] {
    return this.#ends.map(({ kind, name, ends }) => ({
      family,
      name: family,
      type: 'gauge',
      help,
      labels: `kind="${kind}",name="${name}"`,
      value: ends,
      // Workers have TLS certificates of their own: the one that ends first is the one to know of.
      across: 'least',
    }));
  }
}
