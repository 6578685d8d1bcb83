/** What is not seen in a name: joiners, soft hyphens, direction marks, variation selectors. */
const unseen = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * A name in the one form in which two spellings of it are equal: case, width, spaces and what nobody can see do not make
 * another person.
 */
export function samePerson(name: string): string {
  const plain = name.normalize('NFKC').replaceAll(unseen, '').normalize('NFC').trim().replaceAll(/\s+/gu, ' ');
  // Upper case first: it alone knows that "ß" and "ss" are one.
  return plain.toUpperCase().toLowerCase();
}
