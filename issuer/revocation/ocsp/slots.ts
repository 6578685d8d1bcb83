/** Lets so many do something at a time; who comes then goes away instead of waiting. */
export class Slots {
  readonly #most: number;
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Undefined when there was no room. */
  async use<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#taken >= this.#most) return undefined;
    this.#taken += 1;
    try {
      return await work();
    } finally {
      this.#taken -= 1;
    }
  }
}
