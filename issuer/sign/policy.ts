import { keyAlgorithms } from '../../core/x509/algorithms.ts';
import { readSpki } from '../../core/x509/spki.ts';
import { parseIpRange } from '../../core/x509/ip-address.ts';
import type { Refusal, Where } from '../../core/ports/coded-error.ts';
import { durationSeconds } from '../../core/profile/duration.ts';
import { constraintFault, type Constraints } from '../acme/identifiers/name-policy.ts';
import type { DirectoryConfig } from '../ops/config.ts';
import { permitsSubject } from '../../core/profile/subject-policy.ts';
import { leafSubjectKeys } from '../../core/profile/leaf-subject.ts';
import type { Issuer } from './issuer.ts';

/** Finds a place in the configuration file. */
export type Locate = (path: readonly PropertyKey[]) => Where;

/** Whether every address of `range` lies in one of `permitted` (address followed by mask, each). */
function rangePermitted(range: Uint8Array, permitted: readonly Uint8Array[]): boolean {
  const half = range.length / 2;
  return (
    permitted.length === 0 ||
    permitted.some((outer) => {
      if (outer.length !== range.length) return false;
      return range.subarray(0, half).every((octet, index) => {
        const mask = outer[half + index] ?? 0;
        const inner = range[half + index] ?? 0;
        return (inner & mask) === mask && (octet & mask) === (outer[index] ?? 0);
      });
    })
  );
}

function namesFaults(
  { allow }: DirectoryConfig,
  constraints: Constraints,
): readonly { readonly at: readonly PropertyKey[]; readonly message: string }[] {
  const dns = allow.dns.flatMap((value, index) => {
    const fault = constraintFault({ type: 'dns', value }, constraints);
    return fault === undefined ? [] : [{ at: ['allow', 'dns', index], message: `"${value}" is allowed, but ${fault}` }];
  });
  const ip = allow.ip.flatMap((value, index) => {
    if (rangePermitted(parseIpRange(value), constraints.permittedIp)) return [];
    const message = `"${value}" is allowed, but the name constraints of the CA do not permit all of it`;
    return [{ at: ['allow', 'ip', index], message }];
  });
  return [...dns, ...ip];
}

type Fault = { readonly at: readonly PropertyKey[]; readonly message: string };

/** What a profile would write into subjects, or let CSRs write there, that nobody has signed for. */
function subjectFaults({ subject: { fixed, fromRequest } }: DirectoryConfig['profile'], { subjects }: Issuer): Fault[] {
  const refused = 'which the signed policy does not allow in subjects';
  const values = leafSubjectKeys.flatMap((key) => {
    const value = fixed[key];
    if (value === undefined || permitsSubject(subjects, key, value)) return [];
    return [{ at: ['profile', 'subject', 'fixed', key], message: `${key} "${value}", ${refused}` }];
  });
  const asked = fromRequest.flatMap((key, index) => {
    if (permitsSubject(subjects, key)) return [];
    return [{ at: ['profile', 'subject', 'fromRequest', index], message: `${key} from CSRs, ${refused}` }];
  });
  return [...values, ...asked];
}

/** Everything in which what certificates are like is wider than what was signed. */
function rulesFaults(
  { lifetime, profile }: Pick<DirectoryConfig, 'lifetime' | 'profile'>,
  issuer: Issuer,
): readonly Fault[] {
  const { policy, certificate } = issuer;
  const found: Fault[] = subjectFaults(profile, issuer);
  const max = durationSeconds(lifetime.max);
  if (max > policy.maxValidity) {
    const message = `certificates of ${max} seconds, where the signed policy allows ${policy.maxValidity}`;
    found.push({ at: ['lifetime', 'max'], message });
  }
  for (const [index, purpose] of profile.eku.entries()) {
    if (policy.eku.includes(purpose)) continue;
    found.push({ at: ['profile', 'eku', index], message: `${purpose}, which the signed policy does not allow` });
  }
  const { signature } = profile;
  const key = readSpki(certificate.tbs.spki).algorithm;
  if (signature !== undefined && !keyAlgorithms[key].signatures.includes(signature)) {
    found.push({ at: ['profile', 'signature'], message: `${signature}, which a CA key of type ${key} cannot make` });
  }
  return found;
}

/**
 * Everything in which a directory's configuration is wider than what was signed for its issuer: the policy in the
 * bundle's manifest and the name constraints of the certificate. The program does not start with any.
 */
export function widerThanSigned(
  name: string,
  directory: DirectoryConfig,
  issuer: Issuer,
  locate: Locate,
): readonly Refusal[] {
  const { lifetime, profile, profiles } = directory;
  const inProfiles = Object.entries(profiles).flatMap(([key, each]) =>
    rulesFaults({ lifetime: each.lifetime ?? lifetime, profile: each.profile ?? profile }, issuer).map(
      ({ at, message }) => ({ at: ['profiles', key, ...at], message }),
    ),
  );
  const keys = (directory.keys ?? []).flatMap((key, index) => {
    if (issuer.policy.keys.includes(key)) return [];
    return [{ at: ['keys', index], message: `${key}, which the signed policy does not allow` }];
  });
  const found = [
    ...namesFaults(directory, issuer.constraints),
    ...rulesFaults(directory, issuer),
    ...inProfiles,
    ...keys,
  ];
  return found.map(({ at, message }) => ({
    code: 'config-wider-than-policy',
    message: `Directory "${name}" is wider than what was signed: ${message}.`,
    remedy: 'Narrow the configuration, or hold a ceremony that signs a wider policy.',
    where: locate(['directories', name, ...at]),
  }));
}
