import { dnsNamesOf } from '../dns-name.ts';
import { listed } from '../helpers.ts';
import { decodePunycode } from '../punycode.ts';
import type { CertificateRule } from '../rule.ts';

/** Whether a label with hyphens in its third and fourth place is an A-label: no other such label may be used. */
function isALabel(label: string): boolean {
  if (!label.startsWith('xn--')) return false;
  const text = decodePunycode(label.slice(4));
  return text !== undefined && /\P{ASCII}/u.test(text) && text === text.normalize('NFC');
}

export const leafDnsPunycode: CertificateRule = {
  id: 'leaf-dns-punycode',
  clause: 'BR 7.1.2.7.12 (P-Labels or Non-Reserved LDH Labels); RFC 5890 §2.3.1; RFC 3492 §6.2',
  demand: 'A label with "--" in its third and fourth place is "xn--" and Punycode of a text that is not ASCII.',
  appliesTo: ['leaf'],
  check: ({ tbs }) =>
    listed(
      dnsNamesOf(tbs)
        .flatMap((name) => name.split('.'))
        .filter((label) => label.slice(2, 4) === '--' && !isALabel(label)),
    ),
};
