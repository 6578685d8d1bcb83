/** This machine's time, in milliseconds since the epoch: a page has no clock port, and only shows it. */
export function pageNow(): number {
  return Date.now();
}
