/** Draws random bytes from the operating system's CSPRNG. The only source of randomness in this project. */
export interface Entropy {
  bytes(length: number): Uint8Array;
}
