import { x509Error } from './x509-error.ts';

function malformed(text: string): Error {
  return x509Error(
    'x509-ip-address',
    `"${text.slice(0, 60)}" is not an IP address or range.`,
    'Write 192.0.2.1, 2001:db8::1, 192.0.2.0/24 or 2001:db8::/32.',
  );
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  const numbers = parts.map((part) => (/^(0|[1-9][0-9]{0,2})$/u.test(part) ? Number(part) : 256));
  return parts.length === 4 && numbers.every((number) => number < 256) ? Uint8Array.from(numbers) : undefined;
}

/** Octets of groups of four digits; `ends` where the address ends with them, for its last 32 bits may be in dots (RFC 4291 §2.2). */
function parseGroups(text: string, ends: boolean): number[] | undefined {
  if (text === '') return [];
  const octets: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    const dotted = ends && index === groups.length - 1 && group.includes('.');
    const embedded = dotted ? parseIpv4(group) : undefined;
    if (embedded !== undefined) octets.push(...embedded);
    else if (/^[0-9a-fA-F]{1,4}$/u.test(group)) {
      const value = Number.parseInt(group, 16);
      octets.push(value >> 8, value & 0xff);
    } else return undefined;
  }
  return octets;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = [parseGroups(halves[0] ?? '', halves.length === 1), parseGroups(halves[1] ?? '', true)];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return Uint8Array.from([...head, ...Array.from({ length: missing }, () => 0), ...tail]);
}

/** 4 or 16 octets of an address in text, or undefined. Zone identifiers and leading zeros are refused. */
export function parseIpAddress(text: string): Uint8Array | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** Address followed by mask (8 or 32 octets), as name constraints hold a range (RFC 5280 §4.2.1.10), from CIDR. */
export function parseIpRange(text: string): Uint8Array {
  const [address, length = ''] = text.split('/', 2);
  const octets = parseIpAddress(address ?? '');
  const bits = /^(0|[1-9][0-9]{0,2})$/u.test(length) ? Number(length) : -1;
  if (octets === undefined || bits < 0 || bits > octets.length * 8 || text.split('/').length !== 2)
    throw malformed(text);
  const range = new Uint8Array(octets.length * 2);
  for (const [index, octet] of octets.entries()) {
    const mask = (0xff00 >> Math.min(8, Math.max(0, bits - index * 8))) & 0xff;
    if ((octet & ~mask & 0xff) !== 0) throw malformed(text);
    range[index] = octet;
    range[octets.length + index] = mask;
  }
  return range;
}

function formatIpv6(octets: Uint8Array): string {
  const groups: number[] = [];
  for (let index = 0; index < 16; index += 2) groups.push(((octets[index] ?? 0) << 8) | (octets[index + 1] ?? 0));
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length += 1;
    if (length > best.length) best = { start, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.start < 0) return hex.join(':');
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`;
}

function formatAddress(octets: Uint8Array): string {
  return octets.length === 4 ? octets.join('.') : formatIpv6(octets);
}

function prefixLength(mask: Uint8Array): number {
  let bits = 0;
  for (const octet of mask) bits += octet.toString(2).replaceAll('0', '').length;
  return bits;
}

/** Text of an address (RFC 5952) or, for 8 or 32 octets, of a range in CIDR form. */
export function formatIpAddress(octets: Uint8Array): string {
  if (octets.length === 4 || octets.length === 16) return formatAddress(octets);
  if (octets.length !== 8 && octets.length !== 32) return `(${octets.length} octets)`;
  const half = octets.length / 2;
  return `${formatAddress(octets.subarray(0, half))}/${prefixLength(octets.subarray(half))}`;
}

/** True when the address lies in the range (address followed by mask, same family). */
export function ipInRange(address: Uint8Array, range: Uint8Array): boolean {
  if (range.length !== address.length * 2) return false;
  return address.every((octet, index) => (octet & (range[address.length + index] ?? 0)) === (range[index] ?? 0));
}
