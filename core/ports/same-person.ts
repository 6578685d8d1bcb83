/** A name in the one form in which two spellings of it are equal: case, width and spaces do not make another person. */
export function samePerson(name: string): string {
  return name.normalize('NFKC').trim().replaceAll(/\s+/gu, ' ').toLowerCase();
}
