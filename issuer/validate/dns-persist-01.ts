import type { Clock } from '../../core/ports/clock.ts';
import type { Dns } from './dns.ts';
import { wrongResponse } from './failures.ts';
import { parseIssueValue } from './issue-value.ts';
import { maximumRecords } from './text-records.ts';
import type { ValidationJob, Validator } from './validator.ts';

export interface DnsPersist01Settings {
  readonly dns: Dns;
  readonly clock: Clock;
  /** The domains that name this CA, by directory. */
  readonly identities: (directory: string) => readonly string[];
}

/** Whether one record lets this account have this name now. */
function permits(text: string, job: ValidationJob, identities: readonly string[], now: number): boolean {
  const value = parseIssueValue(text);
  if (value === undefined || !identities.includes(value.domain)) return false;
  const { parameters } = value;
  if (parameters.get('accounturi') !== job.account_url) return false;
  const until = parameters.get('persistuntil');
  if (until !== undefined && (!/^[0-9]{1,12}$/u.test(until) || Number(until) < now)) return false;
  const wide = parameters.get('policy')?.toLowerCase() === 'wildcard';
  return wide || !(job.wildcard || job.subdomains);
}

/** draft-ietf-acme-dns-persist: a TXT record that stays says which account of which CA may have a name. */
export function dnsPersist01({ dns, clock, identities }: DnsPersist01Settings): Validator {
  return async (job, _, signal) => {
    const name = `_validation-persist.${job.identifier_value}`;
    const texts = await dns.texts(name, signal);
    const [own, now] = [identities(job.directory), clock.now()];
    if (texts.slice(0, maximumRecords).some((text) => permits(text, job, own, now))) return;
    throw wrongResponse(`None of the ${texts.length} TXT records at ${name} permits this account what it asks for.`);
  };
}
