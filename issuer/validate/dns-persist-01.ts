import type { Clock } from '../../core/ports/clock.ts';
import { AcmeProblem } from '../acme/problems.ts';
import type { KeysOfAccount } from '../store/keys-of-account.ts';
import type { Dns } from './dns.ts';
import { readRecord, type Fault, type Reading } from './persistent-record.ts';
import { maximumRecords } from './text-records.ts';
import type { Proof, Validator } from './validator.ts';

export interface DnsPersist01Settings {
  readonly dns: Dns;
  readonly clock: Clock;
  /** The domains that name this CA, by directory. */
  readonly identities: (directory: string) => readonly string[];
  /** What hashed accounts of a directory begin with. */
  readonly hashPrefix: (directory: string) => string;
  /** Domains above a name, nearest first, whose records may stand for it in a directory. */
  readonly above: (directory: string, name: string) => readonly string[];
  /** The account as it is at this moment: a deactivated one proves nothing, whatever stands in DNS. */
  readonly keysOf: (accountId: string) => Promise<KeysOfAccount | undefined>;
}

/** Domains above a name that are looked at: a name of more labels than this is nobody's. */
const maximumAbove = 10;

/** The longest that the records at one name permit, or why each of them does not. */
async function proofAt(
  reading: Reading,
  dns: Dns,
  signal: AbortSignal,
): Promise<{ readonly proof: Proof | undefined; readonly faults: readonly Fault[] }> {
  const texts = await dns.texts(`_validation-persist.${reading.domain}`, signal);
  const verdicts = texts.slice(0, maximumRecords).map((text) => readRecord(text, reading));
  const proofs = verdicts.flatMap((verdict) => ('proof' in verdict ? [verdict.proof] : []));
  const [proof] = proofs.toSorted((left, right) => (right.until ?? Infinity) - (left.until ?? Infinity));
  return { proof, faults: verdicts.flatMap((verdict) => ('fault' in verdict ? [verdict.fault] : [])) };
}

/** What a client is told: of the record that was likely meant. */
function problemOf(faults: readonly Fault[], place: string): AcmeProblem {
  const meant = faults.find(({ ours }) => ours) ?? faults[0];
  const remedy = 'Correct it and order again.';
  if (meant === undefined) return new AcmeProblem('unauthorized', `There is no record at ${place}.`, remedy);
  const others = faults.length > 1 ? ` None of the ${faults.length - 1} others does either.` : '';
  const message = `A record at ${place} does not permit this account what it asks for: it ${meant.why}.${others}`;
  return new AcmeProblem(meant.type, message, remedy);
}

/**
 * draft-ietf-acme-dns-persist: a TXT record that stays says which account of which CA may have a name. With
 * `policy=wildcard` it holds for wildcards, and where the directory has it so for every name below as well.
 */
export function dnsPersist01(settings: DnsPersist01Settings): Validator {
  return async (job, _, signal) => {
    const { dns, clock } = settings;
    const { identifier_value: name, directory } = job;
    const above = settings.above(directory, name).slice(0, maximumAbove);
    const keys = (await settings.keysOf(job.account_id)) ?? { active: false, thumbprints: [] };
    const common = {
      job,
      keys,
      now: clock.now(),
      identities: settings.identities(directory),
      prefix: settings.hashPrefix(directory),
    };
    let unanswered: AcmeProblem | undefined;
    const faults: Fault[] = [];
    for (const domain of [name, ...above]) {
      const wide = domain !== name || job.wildcard || job.subdomains;
      try {
        const found = await proofAt({ ...common, domain, wide }, dns, signal);
        if (found.proof !== undefined) return found.proof;
        faults.push(...found.faults);
      } catch (error) {
        // A name without records may have a domain above it that has some.
        if (!(error instanceof AcmeProblem) || signal.aborted) throw error;
        unanswered ??= error;
      }
    }
    if (faults.length === 0 && unanswered !== undefined) throw unanswered;
    throw problemOf(faults, `_validation-persist.${name}${above.length === 0 ? '' : ' or a domain above it'}`);
  };
}
