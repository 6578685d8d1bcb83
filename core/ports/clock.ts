/** Reads the time. The only way any code in this project learns what time it is. */
export interface Clock {
  /** Seconds since 1970-01-01T00:00:00Z, whole. */
  now(): number;
}
