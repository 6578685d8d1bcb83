/** PKCS#11 knows no longest PIN; this bounds what is held, of a PIN and of a share as words. */
const longestPin = 1500;

/**
 * A PIN while it is typed: bytes in one place, overwritten as soon as they are handed over or cleared. Strings cannot be
 * wiped, so no string ever holds more than the one character of a key.
 */
export class PinBuffer {
  readonly #bytes = new Uint8Array(longestPin);
  readonly #encoder = new TextEncoder();
  #length = 0;

  get empty(): boolean {
    return this.#length === 0;
  }

  /** Adds what a key gave. False when there is no room: then all of it is gone. */
  add(characters: string): boolean {
    const rest = this.#bytes.subarray(this.#length);
    const { read, written } = this.#encoder.encodeInto(characters, rest);
    if (read < characters.length) {
      this.wipe();
      return false;
    }
    this.#length += written;
    return true;
  }

  /** The entry, for whoever wipes it; nothing is left here. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.#length);
    this.wipe();
    return taken;
  }

  wipe(): void {
    this.#bytes.fill(0);
    this.#length = 0;
  }
}
