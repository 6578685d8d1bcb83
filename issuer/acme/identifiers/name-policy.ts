import { dnsExcludedBy, dnsPermitted, ipExcludedBy, ipPermitted } from '../../../core/lint/constraints.ts';
import { nameConstraintsOf } from '../../../core/lint/helpers.ts';
import type { Certificate } from '../../../core/x509/certificate.ts';
import type { GeneralName } from '../../../core/x509/general-name.ts';
import { ipInRange, parseIpAddress, parseIpRange } from '../../../core/x509/ip-address.ts';
import type { Subproblem } from '../problems.ts';
import { baseName, isWildcard, type Identifier } from './identifier.ts';

/** What a directory's configuration allows. */
export interface AllowList {
  readonly dns: readonly string[];
  readonly wildcards: boolean;
  readonly ip: readonly string[];
  /** Refused although it is allowed. */
  readonly deny?: { readonly dns: readonly string[]; readonly ip: readonly string[] };
}

/** Subtrees of a CA certificate's name constraints (RFC 5280 §4.2.1.10). */
export interface Constraints {
  readonly permittedDns: readonly string[];
  readonly excludedDns: readonly string[];
  readonly permittedIp: readonly Uint8Array[];
  readonly excludedIp: readonly Uint8Array[];
}

/** The name constraints of an issuing CA; one without any constrains nothing. */
export function constraintsOf({ tbs }: Certificate): Constraints {
  const { permitted = [], excluded = [] } = nameConstraintsOf(tbs) ?? {};
  const dns = (names: readonly GeneralName[]): string[] =>
    names.flatMap((name) => (name.kind === 'dns' ? [name.value] : []));
  const ip = (names: readonly GeneralName[]): Uint8Array[] =>
    names.flatMap((name) => (name.kind === 'ip' ? [name.value] : []));
  return {
    permittedDns: dns(permitted),
    excludedDns: dns(excluded),
    permittedIp: ip(permitted),
    excludedIp: ip(excluded),
  };
}

/** Why the CA's certificate cannot stand above this identifier, or undefined. */
export function constraintFault(identifier: Identifier, constraints: Constraints): string | undefined {
  const { permittedDns, excludedDns, permittedIp, excludedIp } = constraints;
  if (identifier.type === 'ip') {
    const octets = parseIpAddress(identifier.value) ?? new Uint8Array();
    const fits = ipPermitted(octets, permittedIp) && ipExcludedBy(octets, excludedIp) === undefined;
    return fits ? undefined : 'the name constraints of the CA do not permit it';
  }
  const fits =
    dnsPermitted(identifier.value, permittedDns) && dnsExcludedBy(identifier.value, excludedDns) === undefined;
  return fits ? undefined : 'the name constraints of the CA do not permit it';
}

/** Whether a name is one of these, or below one. */
export function isBelow(name: string, suffixes: readonly string[]): boolean {
  return suffixes.some((suffix) => name === suffix || name.endsWith(`.${suffix}`));
}

function allowFault(identifier: Identifier, allow: AllowList): string | undefined {
  if (identifier.type === 'ip') {
    const octets = parseIpAddress(identifier.value) ?? new Uint8Array();
    const allowed = allow.ip.some((range) => ipInRange(octets, parseIpRange(range)));
    if (!allowed) return 'it is not among the addresses that this directory allows';
    const denied = allow.deny?.ip.some((range) => ipInRange(octets, parseIpRange(range))) === true;
    return denied ? 'it is among the addresses that this directory denies' : undefined;
  }
  if (isWildcard(identifier) && !allow.wildcards) return 'this directory does not allow wildcards';
  const name = baseName(identifier);
  if (!isBelow(name, allow.dns)) return 'it is not among the names that this directory allows';
  // As the exclusions of a CA: a wildcard would stand for a denied name that lies just below it.
  const denied = allow.deny !== undefined && dnsExcludedBy(identifier.value, allow.deny.dns) !== undefined;
  return denied ? 'it is among the names that this directory denies' : undefined;
}

/** What is wrong with each identifier: not in the allow list, or outside the CA's name constraints. */
export function policyFaults(
  identifiers: readonly Identifier[],
  policy: { readonly allow: AllowList; readonly constraints: Constraints },
): readonly Subproblem[] {
  return identifiers.flatMap((identifier) => {
    const fault = allowFault(identifier, policy.allow) ?? constraintFault(identifier, policy.constraints);
    if (fault === undefined) return [];
    const detail = `The identifier "${identifier.value}" is refused: ${fault}.`;
    return [{ type: 'rejectedIdentifier', detail, identifier } as const];
  });
}
