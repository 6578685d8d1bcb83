import { AcmeProblem } from '../problems.ts';

const maximumContacts = 10;
/** One address, no header fields (RFC 8555 §7.3): what RFC 5321 calls a Mailbox, without its rarer forms. */
const mailto = /^mailto:[A-Za-z0-9.!#$&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/u;

/** Contact URLs as they may be stored; `invalidContact` or `unsupportedContact` otherwise. */
export function readContacts(contact: readonly string[]): readonly string[] {
  if (contact.length > maximumContacts) {
    throw new AcmeProblem('invalidContact', 'There are too many contacts.', `Give at most ${maximumContacts}.`);
  }
  for (const url of contact) {
    if (!/^mailto:/iu.test(url)) {
      throw new AcmeProblem('unsupportedContact', 'A contact is not a mailto URL.', 'Use mailto: and one address.');
    }
    if (!mailto.test(url)) {
      throw new AcmeProblem('invalidContact', 'A contact is not one e-mail address.', 'Use mailto: and one address.');
    }
  }
  return contact;
}
