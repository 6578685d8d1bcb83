import { isLdhName, maximumDnsNameLength, maximumLabelLength, withoutWildcard } from '../../../core/lint/dns-name.ts';
import { decodePunycode } from '../../../core/lint/punycode.ts';
import type { Identifier } from './identifier.ts';

export type Parsed = { readonly identifier: Identifier } | { readonly fault: string };

interface Check {
  readonly fault: string;
  readonly breaks: (name: string, labels: readonly string[]) => boolean;
}

function isALabel(label: string): boolean {
  const text = label.startsWith('xn--') ? decodePunycode(label.slice(4)) : undefined;
  return text !== undefined && /\P{ASCII}/u.test(text) && text === text.normalize('NFC');
}

/**
 * What makes a name impossible, most telling reason first: lint would refuse the certificate for each of them, and a
 * client should learn it before it has proved control of anything. `name` comes without "*.".
 */
const checks: readonly Check[] = [
  {
    fault: 'it holds characters outside ASCII; write internationalised labels as A-labels (xn--...)',
    breaks: (name) => /\P{ASCII}/u.test(name),
  },
  { fault: 'it is empty', breaks: (name) => name === '' },
  { fault: 'it ends with a dot', breaks: (name) => name.endsWith('.') },
  {
    fault: 'a wildcard must be the whole leftmost label, once, with a name below it',
    breaks: (name) => name.includes('*'),
  },
  { fault: 'it is longer than 253 characters', breaks: (name) => name.length > maximumDnsNameLength },
  {
    fault: 'a label is longer than 63 characters',
    breaks: (_, labels) => labels.some(({ length }) => length > maximumLabelLength),
  },
  {
    fault: 'labels are letters, digits and inner hyphens, separated by single dots',
    breaks: (name) => !isLdhName(name),
  },
  { fault: 'it is an IP address; use an identifier of type "ip"', breaks: (name) => /(?:^|\.)[0-9]+$/u.test(name) },
  {
    fault: 'a label with "--" in its third and fourth place is not a well-formed A-label',
    breaks: (_, labels) => labels.some((label) => label.slice(2, 4) === '--' && !isALabel(label)),
  },
];

/** A DNS identifier in the one form that is stored and compared: lower case, A-labels, no final dot. */
export function parseDnsIdentifier(value: string): Parsed {
  const lower = value.toLowerCase();
  const name = withoutWildcard(lower);
  const labels = name.split('.');
  const broken = checks.find(({ breaks }) => breaks(name, labels));
  return broken === undefined ? { identifier: { type: 'dns', value: lower } } : { fault: broken.fault };
}
