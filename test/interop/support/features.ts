/** What a client can be asked to do, in the order of docs/clients.md. A row comes here with the first test of it. */
export const features = {
  register: 'registers an account',
  contact: 'changes the contact of its account',
  eab: 'registers with an external account key',
  rollover: 'changes the key of its account',
  deactivate: 'gives its account up',
  'http-01': 'http-01',
  'dns-01': 'dns-01',
  'tls-alpn-01': 'tls-alpn-01',
  wildcard: 'a wildcard',
  ip: 'an IP address',
  renew: 'renews',
  ari: 'renews when the server suggests it (RFC 9773)',
  profile: 'asks for a profile',
  chain: 'takes another chain than the first',
  revoke: 'revokes as the account that ordered',
  'revoke-by-key': 'revokes with the certificate’s key',
  refusal: 'shows why the server refuses',
} as const;
export type Feature = keyof typeof features;

/** What docs/clients.md says of one client. */
export interface ClientRecord {
  readonly name: string;
  /** The program that must be there, for what comes from Debian. */
  readonly program?: string;
  /** Where it comes from: a package of Debian 12 or of npm. */
  readonly from: { readonly debian: string } | { readonly npm: string };
  readonly version: string;
  /** What it cannot do, and why. Everything else is shown by a test of its file. */
  readonly cannot: Readonly<Partial<Record<Feature, string>>>;
  /** What is to be said about what it can do. */
  readonly notes?: Readonly<Partial<Record<Feature, string>>>;
}

/** What a client can do, and what its file must therefore show. */
export function featuresOf({ cannot }: ClientRecord): readonly Feature[] {
  return (Object.keys(features) as Feature[]).filter((feature) => cannot[feature] === undefined);
}
