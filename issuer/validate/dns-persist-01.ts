import type { Clock } from '../../core/ports/clock.ts';
import { AcmeProblem } from '../acme/problems.ts';
import type { Dns } from './dns.ts';
import { wrongResponse } from './failures.ts';
import { parseIssueValue } from './issue-value.ts';
import { maximumRecords } from './text-records.ts';
import type { Proof, ValidationJob, Validator } from './validator.ts';

export interface DnsPersist01Settings {
  readonly dns: Dns;
  readonly clock: Clock;
  /** The domains that name this CA, by directory. */
  readonly identities: (directory: string) => readonly string[];
  /** Domains above a name, nearest first, whose records may stand for it in a directory. */
  readonly above: (directory: string, name: string) => readonly string[];
}

/** Domains above a name that are looked at: a name of more labels than this is nobody's. */
const maximumAbove = 10;

/** What one record lets this account have now: undefined for nothing. `wide`: it must speak of what is below it. */
function permits(
  text: string,
  job: ValidationJob,
  { identities, clock }: DnsPersist01Settings,
  wide: boolean,
): Proof | undefined {
  const value = parseIssueValue(text);
  if (value === undefined || !identities(job.directory).includes(value.domain)) return undefined;
  const { parameters } = value;
  if (parameters.get('accounturi') !== job.account_url) return undefined;
  if (wide && parameters.get('policy')?.toLowerCase() !== 'wildcard') return undefined;
  const until = parameters.get('persistuntil');
  if (until === undefined) return {};
  if (!/^[0-9]{1,12}$/u.test(until) || Number(until) < clock.now()) return undefined;
  return { until: Number(until) };
}

/** The longest that the records at one name permit; undefined when none does. */
async function proofAt(
  name: string,
  job: ValidationJob,
  settings: DnsPersist01Settings,
  wide: boolean,
  signal: AbortSignal,
): Promise<Proof | undefined> {
  const texts = await settings.dns.texts(`_validation-persist.${name}`, signal);
  const proofs = texts.slice(0, maximumRecords).flatMap((text) => permits(text, job, settings, wide) ?? []);
  return proofs.toSorted((left, right) => (right.until ?? Infinity) - (left.until ?? Infinity))[0];
}

/**
 * draft-ietf-acme-dns-persist: a TXT record that stays says which account of which CA may have a name. With
 * `policy=wildcard` it holds for wildcards, and where the directory has it so for every name below as well.
 */
export function dnsPersist01(settings: DnsPersist01Settings): Validator {
  return async (job, _, signal) => {
    const { identifier_value: name, directory } = job;
    const above = settings.above(directory, name).slice(0, maximumAbove);
    let unanswered: AcmeProblem | undefined;
    let answered = false;
    for (const domain of [name, ...above]) {
      const wide = domain !== name || job.wildcard || job.subdomains;
      try {
        const proof = await proofAt(domain, job, settings, wide, signal);
        if (proof !== undefined) return proof;
        answered = true;
      } catch (error) {
        // A name without records may have a domain above it that has some.
        if (!(error instanceof AcmeProblem) || signal.aborted) throw error;
        unanswered ??= error;
      }
    }
    if (!answered && unanswered !== undefined) throw unanswered;
    const places = above.length === 0 ? '' : ', nor at the domains above it,';
    throw wrongResponse(`No TXT record at _validation-persist.${name}${places} permits this account what it asks for.`);
  };
}
