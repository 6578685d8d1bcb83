/** How much the last interval between two ends counts: a dozen of them make a new mean. */
const weight = 1 / 12;

/**
 * How long something that comes now would have to wait, judged by how fast things have been coming to an end lately: a
 * token that takes two seconds for a signature may do eight at a time or one, and nobody says which.
 */
export class Congestion {
  readonly #now: () => number;
  #under = 0;
  /** Mean seconds from one end to the next while there was work. */
  #interval = 0;
  /** When something ended last, or began after there was nothing. */
  #last = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Seconds. */
  get wait(): number {
    return this.#under * this.#interval;
  }

  /** Counts a piece of work, however it ends. */
  async count<T>(work: () => Promise<T>): Promise<T> {
    if (this.#under === 0) this.#last = this.#now();
    this.#under += 1;
    try {
      return await work();
    } finally {
      this.#under -= 1;
      const now = this.#now();
      this.#interval += (now - this.#last - this.#interval) * weight;
      this.#last = now;
    }
  }
}
