import type { CaaRecord } from 'node:dns';
import { AcmeProblem } from '../acme/problems.ts';
import type { Dns } from './dns.ts';
import { caaFailure } from './failures.ts';
import { parseIssueValue } from './issue-value.ts';
import type { ValidationJob, Validator } from './validator.ts';

/** Properties that are understood; a critical one that is not forbids issuance (RFC 8659 §4.1). */
const understood: ReadonlySet<string> = new Set(['issue', 'issuewild', 'iodef', 'contactemail', 'contactphone']);

/** The property of a record: what it has beside its flags. */
function propertyOf(record: CaaRecord): readonly [tag: string, value: string] {
  const [tag, value] = Object.entries(record).find(([name]) => name !== 'critical' && name !== 'type') ?? ['', ''];
  return [tag.toLowerCase(), String(value)];
}

/** RFC 8659 §3: the records of the name, or of the nearest name above it that has any. */
async function relevantRecords(name: string, dns: Dns, signal: AbortSignal): Promise<readonly CaaRecord[]> {
  const labels = name.split('.');
  for (let skipped = 0; skipped < labels.length; skipped += 1) {
    const found = await dns.authorities(labels.slice(skipped).join('.'), signal);
    if (found.length > 0) return found;
  }
  return [];
}

function permits(text: string, job: ValidationJob, identities: readonly string[]): boolean {
  const value = parseIssueValue(text);
  if (value === undefined || !identities.includes(value.domain)) return false;
  const account = value.parameters.get('accounturi');
  const methods = value.parameters.get('validationmethods');
  // RFC 8657 §3 and §4.
  const accountFits = account === undefined || account === job.account_url;
  return accountFits && (methods === undefined || methods.split(',').includes(job.type));
}

/** Why the records do not let this CA issue for the name that was validated, or undefined. */
function caaFault(
  records: readonly CaaRecord[],
  job: ValidationJob,
  identities: readonly string[],
): string | undefined {
  const properties = records.map(propertyOf);
  const strange = records.findIndex(
    ({ critical }, index) => (critical & 128) !== 0 && !understood.has(properties[index]?.[0] ?? ''),
  );
  if (strange !== -1) return 'a critical CAA record holds a property that this CA does not know';
  const valuesOf = (wanted: string): string[] => properties.flatMap(([tag, value]) => (tag === wanted ? [value] : []));
  const wild = job.wildcard ? valuesOf('issuewild') : [];
  // RFC 8659 §4.3: for a wildcard issuewild counts alone where there is any.
  const values = wild.length > 0 ? wild : valuesOf('issue');
  if (values.length === 0 || values.some((value) => permits(value, job, identities))) return undefined;
  return 'the CAA records of the domain do not let this CA issue to this account by this challenge';
}

/**
 * A validator that, once control is proved, also asks CAA (RFC 8659, RFC 8657) in directories that want it; `identities`
 * is undefined where one does not. Addresses have no CAA records.
 */
export function heedingCaa(
  validator: Validator,
  dns: Dns,
  identities: (directory: string) => readonly string[] | undefined,
): Validator {
  return async (job, keyAuthorization, signal) => {
    const proof = await validator(job, keyAuthorization, signal);
    const own = identities(job.directory);
    if (own === undefined || job.identifier_type === 'ip') return proof;
    const records = await relevantRecords(job.identifier_value, dns, signal).catch((error: unknown) => {
      // RFC 8659 §3: what cannot be looked up does not permit.
      throw error instanceof AcmeProblem ? caaFailure(error.message) : error;
    });
    const fault = caaFault(records, job, own);
    if (fault !== undefined) throw caaFailure(`${job.identifier_value}: ${fault}.`);
    return proof;
  };
}
