/** Work that is under way, by name: who asks for it again meanwhile waits for the same result. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Promise<T>>();

  async run(name: string, work: () => Promise<T>): Promise<T> {
    const flying = this.#flights.get(name);
    if (flying !== undefined) return flying;
    const flight = work().finally(() => this.#flights.delete(name));
    this.#flights.set(name, flight);
    return flight;
  }
}
