/** Lets a line through once in so many seconds for each kind, and counts those it holds back: a fault that every request meets fills no disk. */
export class Seldom {
  readonly #seconds: number;
  readonly #now: () => number;
  readonly #kinds = new Map<string, { said: number; unsaid: number }>();

  /** Kinds are words of this program (codes), so there are few. */
  constructor(seconds: number, now: () => number) {
    this.#seconds = seconds;
    this.#now = now;
  }

  /** How many of this kind went unsaid since the last that was said; undefined when this one is to go unsaid, too. */
  ask(kind: string): number | undefined {
    const now = this.#now();
    const known = this.#kinds.get(kind);
    if (known !== undefined && now - known.said < this.#seconds) {
      known.unsaid += 1;
      return undefined;
    }
    this.#kinds.set(kind, { said: now, unsaid: 0 });
    return known?.unsaid ?? 0;
  }
}
