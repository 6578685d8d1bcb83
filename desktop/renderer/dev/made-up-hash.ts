/** Something that looks like a SHA-256 and is always the same for one name. Nothing in the made-up host is hashed. */
export function madeUpHash(name: string): string {
  let state = 0x811c9dc5;
  let hex = '';
  for (let round = 0; hex.length < 64; round += 1) {
    for (const character of `${name}${round}`) {
      state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    }
    hex += state.toString(16).padStart(8, '0');
  }
  return hex;
}

/** An id of the made-up host. */
export function madeUpId(name: string): string {
  return madeUpHash(`id ${name}`).slice(0, 16);
}
