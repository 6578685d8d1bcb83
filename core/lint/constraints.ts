import { ipInRange } from '../x509/ip-address.ts';

/** True when `name` is `base` or lies below it; the empty base holds every name (RFC 5280 §4.2.1.10). */
function isBelow(name: string, base: string): boolean {
  return base === '' || name === base || name.endsWith(`.${base}`);
}

/**
 * Whether a dNSName may stand under these permitted subtrees. A wildcard is permitted when everything it can stand for
 * is. A base with a leading dot, which RFC 5280 does not know, permits nothing.
 */
export function dnsPermitted(name: string, permitted: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return (
    permitted.length === 0 || permitted.some((base) => !base.startsWith('.') && isBelow(lower, base.toLowerCase()))
  );
}

/** The excluded subtree a dNSName falls under, or undefined. A wildcard falls under one that holds any of its names. */
export function dnsExcludedBy(name: string, excluded: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  return excluded.find((written) => {
    const base = written.toLowerCase().replace(/^\./u, '');
    if (isBelow(lower, base)) return true;
    // *.example.com stands for host.example.com, and so meets an exclusion of exactly that.
    return lower.startsWith('*.') && base.slice(base.indexOf('.') + 1) === lower.slice(2);
  });
}

/** Whether an iPAddress may stand under these permitted ranges; a range of the other family permits nothing. */
export function ipPermitted(address: Uint8Array, permitted: readonly Uint8Array[]): boolean {
  return permitted.length === 0 || permitted.some((range) => ipInRange(address, range));
}

/** The excluded range an iPAddress falls into, or undefined. */
export function ipExcludedBy(address: Uint8Array, excluded: readonly Uint8Array[]): Uint8Array | undefined {
  return excluded.find((range) => ipInRange(address, range));
}
