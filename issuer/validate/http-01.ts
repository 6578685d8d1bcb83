import { isIP } from 'node:net';
import type { ChallengeJob } from '../store/challenge.ts';
import { connectionFailure, wrongResponse } from './failures.ts';
import { fetchFrom, type Answer } from './fetch-from.ts';
import { equalTexts } from './key-authorization.ts';
import { firstThatAnswers, type Reach } from './permitted-addresses.ts';
import type { Validator } from './validator.ts';

export interface Http01Settings extends Reach {
  readonly httpPort: number;
  readonly httpsPort: number;
}

const maximumRedirects = 10;
/** Bytes of an answer that may follow the key authorization: white space, which is trimmed (RFC 8555 §8.3). */
const spareBytes = 128;

async function fetchUrl(url: URL, settings: Http01Settings, limit: number, signal: AbortSignal): Promise<Answer> {
  const host = url.hostname.replace(/^\[|\]$/gu, '');
  return firstThatAnswers(host, settings, signal, (address) =>
    fetchFrom({ url, address, port: portOf(url, settings), limit, signal }),
  );
}

/** A URL without a port means the configured one: 80 and 443 unless a private network has it otherwise. */
function portOf(url: URL, { httpPort, httpsPort }: Http01Settings): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? httpsPort : httpPort;
}

/** Where a redirect leads; refuses other schemes and ports, addresses instead of names, and credentials. */
function follow(from: URL, location: string, settings: Http01Settings): URL {
  const to = URL.parse(location, from.href);
  if (to === null || (to.protocol !== 'http:' && to.protocol !== 'https:')) {
    throw connectionFailure('A redirect leads to something other than http or https.');
  }
  const host = to.hostname.replace(/^\[|\]$/gu, '');
  if (isIP(host) !== 0 || to.username !== '' || to.password !== '') {
    throw connectionFailure('A redirect leads to an IP address or carries credentials.');
  }
  const port = portOf(to, settings);
  if (port !== settings.httpPort && port !== settings.httpsPort) {
    throw connectionFailure(`A redirect leads to port ${port}, where only the ports of http and https are allowed.`);
  }
  return to;
}

function startUrl({ identifier_type, identifier_value, token }: ChallengeJob, { httpPort }: Http01Settings): URL {
  const host = identifier_type === 'ip' && identifier_value.includes(':') ? `[${identifier_value}]` : identifier_value;
  const port = httpPort === 80 ? '' : `:${httpPort}`;
  return new URL(`http://${host}${port}/.well-known/acme-challenge/${token}`);
}

/** RFC 8555 §8.3: a resource below /.well-known/acme-challenge/ is the key authorization. */
export function http01(settings: Http01Settings): Validator {
  return async (job, keyAuthorization, signal) => {
    const limit = keyAuthorization.length + spareBytes;
    let url = startUrl(job, settings);
    for (let redirects = 0; redirects <= maximumRedirects; redirects += 1) {
      const { status, location, body } = await fetchUrl(url, settings, limit, signal);
      if (location === undefined) {
        if (status !== 200) throw wrongResponse(`${url.host} answered with HTTP status ${status}.`);
        if (equalTexts(body.trimEnd(), keyAuthorization)) return;
        throw wrongResponse(`What ${url.host} answered is not the key authorization.`);
      }
      url = follow(url, location, settings);
    }
    throw connectionFailure(`There are more than ${maximumRedirects} redirects.`);
  };
}
