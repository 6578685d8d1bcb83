import type { CaaRecord } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import type { AcmeProblem } from '../acme/problems.ts';
import { dnsFailure } from './failures.ts';

export interface DnsSettings {
  /** `system` for those of the machine. */
  readonly servers: 'system' | readonly string[];
  /** Name servers of zones; the longest that fits is asked. */
  readonly zones?: Readonly<Record<string, readonly string[]>>;
  /** Addresses that are not looked up. */
  readonly hosts: Readonly<Record<string, readonly string[]>>;
  /** Milliseconds for one query to one server. */
  readonly timeout: number;
}

/** No such name, and a name without such a record: c-ares tells them apart, and so do we in what we say. */
const absent: Readonly<Record<string, string>> = { ENOTFOUND: 'does not exist', ENODATA: 'has no such record' };

const meanings: Readonly<Record<string, string>> = {
  ESERVFAIL: 'the name server answered SERVFAIL',
  EREFUSED: 'the name server refused the query',
  ETIMEOUT: 'the name server did not answer in time',
  ECONNREFUSED: 'the name server cannot be reached',
  ECANCELLED: 'the name server did not answer in time',
  EFORMERR: 'the name server did not understand the query',
  EBADRESP: 'the name server sent a malformed answer',
  ENOTIMP: 'the name server does not know such queries',
  EBADNAME: 'no name server can be asked for a name as long as this',
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function failure(name: string, type: string, error: unknown): AcmeProblem | undefined {
  const code = codeOf(error);
  // Only what the look-up itself says has a code; whatever else there is, strangers decide what a name server answers.
  if (code === '') return undefined;
  const reason = absent[code] === undefined ? (meanings[code] ?? 'there was no usable answer') : `it ${absent[code]}`;
  return dnsFailure(`Looking up ${type} of ${name} failed: ${reason}.`);
}

/** Rejects when time is up. The query goes on by itself and ends by its own timeout: nobody waits for it any more. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(Object.assign(new Error('time is up'), { code: 'ETIMEOUT' }));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

/** Looks names up with our own resolver: never through /etc/hosts, nsswitch or a cache of the system library. */
export class Dns {
  readonly #hosts: DnsSettings['hosts'];
  readonly #resolver: Resolver;
  /** Longest zone first. */
  readonly #zones: readonly (readonly [zone: string, resolver: Resolver])[];

  constructor({ servers, zones = {}, hosts, timeout }: DnsSettings) {
    this.#hosts = hosts;
    const asking = (names: DnsSettings['servers']): Resolver => {
      const resolver = new Resolver({ timeout, tries: 2 });
      if (names !== 'system') resolver.setServers(names);
      return resolver;
    };
    this.#resolver = asking(servers);
    this.#zones = Object.entries(zones)
      .toSorted(([left], [right]) => right.length - left.length)
      .map(([zone, names]) => [zone, asking(names)] as const);
  }

  #resolverOf(name: string): Resolver {
    const found = this.#zones.find(([zone]) => name === zone || name.endsWith(`.${zone}`));
    return found?.[1] ?? this.#resolver;
  }

  /** One query of one kind; `absent` when the name or the record is not there, a problem for anything else. */
  async #query<T>(
    name: string,
    type: string,
    signal: AbortSignal,
    ask: (resolver: Resolver) => Promise<T>,
  ): Promise<{ readonly found: T } | { readonly absent: AcmeProblem }> {
    try {
      return { found: await untilAborted(ask(this.#resolverOf(name)), signal) };
    } catch (error) {
      const problem = failure(name, type, error);
      if (problem === undefined) throw error;
      if (absent[codeOf(error)] === undefined) throw problem;
      return { absent: problem };
    }
  }

  /** Addresses to connect to, IPv6 first (RFC 8555 does not say; RFC 6724 does). */
  async addresses(name: string, signal: AbortSignal): Promise<readonly string[]> {
    const fixed = Object.hasOwn(this.#hosts, name) ? this.#hosts[name] : undefined;
    if (fixed !== undefined) return fixed;
    const results = await Promise.allSettled([
      this.#query(name, 'AAAA', signal, (resolver) => resolver.resolve6(name)),
      this.#query(name, 'A', signal, (resolver) => resolver.resolve4(name)),
    ]);
    const found = results.flatMap((result) =>
      result.status === 'fulfilled' && 'found' in result.value ? result.value.found : [],
    );
    if (found.length > 0) return found;
    // Name servers that fail for AAAA alone are common: what A came to is the reason to tell.
    const [six, four] = results;
    for (const result of [four, six]) if (result.status === 'rejected') throw result.reason;
    throw four.status === 'fulfilled' && 'absent' in four.value
      ? four.value.absent
      : dnsFailure(`${name} has no address.`);
  }

  /** TXT records, the strings of each joined (RFC 8555 §8.4); CNAMEs are the resolver's business. Empty when absent. */
  async texts(name: string, signal: AbortSignal): Promise<readonly string[]> {
    const result = await this.#query(name, 'TXT', signal, (resolver) => resolver.resolveTxt(name));
    if ('absent' in result) throw result.absent;
    return result.found.map((strings) => strings.join(''));
  }

  /** CAA records of one name itself; empty when it has none (RFC 8659 §3 then looks at its parent). */
  async authorities(name: string, signal: AbortSignal): Promise<readonly CaaRecord[]> {
    const result = await this.#query(name, 'CAA', signal, (resolver) => resolver.resolveCaa(name));
    return 'absent' in result ? [] : result.found;
  }
}
