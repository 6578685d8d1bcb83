import type { Dns } from './dns.ts';
import { requireTextRecord } from './text-records.ts';
import type { Validator } from './validator.ts';

/** RFC 8555 §8.4: one of the TXT records at _acme-challenge.<name> is the hash of the key authorization. */
export function dns01(dns: Dns): Validator {
  return (job, keyAuthorization, signal) =>
    requireTextRecord(dns, `_acme-challenge.${job.identifier_value}`, keyAuthorization, signal);
}
