import { ipInRange, parseIpAddress, parseIpRange } from '../../core/x509/ip-address.ts';

/**
 * Networks that nobody outside may make us talk to, unless the configuration allows it (IANA special-purpose registries,
 * RFC 6890): ourselves, our neighbours, and addresses that embed others.
 */
const special: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/** Decides which addresses may be connected to: what is denied never, what is special only when it is allowed. */
export class NetworkPolicy {
  readonly #allowed: readonly Uint8Array[];
  readonly #denied: readonly Uint8Array[];
  readonly #special = special.map(parseIpRange);

  constructor({ allowed, denied }: { readonly allowed: readonly string[]; readonly denied: readonly string[] }) {
    this.#allowed = allowed.map(parseIpRange);
    this.#denied = denied.map(parseIpRange);
  }

  permits(address: string): boolean {
    const octets = parseIpAddress(address);
    if (octets === undefined) return false;
    const within = (ranges: readonly Uint8Array[]): boolean => ranges.some((range) => ipInRange(octets, range));
    if (within(this.#denied)) return false;
    return within(this.#allowed) || !within(this.#special);
  }
}
