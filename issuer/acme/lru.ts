/**
 * Keeps the entries used last, as many as weigh `maximum` together; each weighs one where nothing else is said. A Map remembers
 * the order in which keys were put in.
 */
export class Lru<Value> {
  readonly #entries = new Map<string, Value>();
  readonly #maximum: number;
  readonly #weightOf: (value: Value) => number;
  #weight = 0;

  constructor(maximum: number, weightOf: (value: Value) => number = () => 1) {
    this.#maximum = maximum;
    this.#weightOf = weightOf;
  }

  get(key: string): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    this.delete(key);
    this.#entries.set(key, value);
    this.#weight += this.#weightOf(value);
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#maximum) return;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const value = this.#entries.get(key);
    if (value !== undefined && this.#entries.delete(key)) this.#weight -= this.#weightOf(value);
  }

  get size(): number {
    return this.#entries.size;
  }
}
