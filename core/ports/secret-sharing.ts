/** Shamir's secret sharing over bytes. A port because splitting draws randomness. */
export interface SecretSharing {
  /** `count` shares of which any `threshold` give the secret again; each is one byte longer than the secret. */
  split(secret: Uint8Array, count: number, threshold: number): Promise<readonly Uint8Array[]>;
  /** What these shares give together. Wrong shares give a wrong secret: whoever joins them must be able to tell. */
  combine(shares: readonly Uint8Array[]): Promise<Uint8Array>;
}
