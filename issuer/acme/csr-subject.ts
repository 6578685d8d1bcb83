import type { LeafSubject, LeafSubjectKey, LeafSubjectRules } from '../../core/profile/leaf-subject.ts';
import { permitsSubject, type SubjectPolicy } from '../../core/profile/subject-policy.ts';
import { attributeTypes, encodeName, type NameAttribute } from '../../core/x509/name.ts';
import { oidName, oids } from '../../core/x509/oids.ts';
import { AcmeProblem } from './problems.ts';

const keys = new Map<string, string>(attributeTypes.map(({ oid, key }) => [oid, key]));

function badSubject(message: string, remedy = 'Leave it out.'): AcmeProblem {
  return new AcmeProblem('badCSR', message, remedy);
}

/** What a CSR's subject says beside its common name: as the profile and the signed policy let it, and no more. `badCSR` otherwise. */
export function requestedSubject(
  attributes: readonly NameAttribute[],
  { fixed, fromRequest }: LeafSubjectRules,
  permitted: SubjectPolicy,
): LeafSubject {
  const asked = new Map<LeafSubjectKey, string>();
  for (const { oid, value } of attributes) {
    // Several clients send attributes without a value for those that nobody filled in.
    if (oid === oids.commonName || value === '') continue;
    const key = keys.get(oid);
    const wanted = Object.entries(fixed).find(([name]) => name === key)?.[1];
    if (wanted === value) continue;
    if (wanted !== undefined) throw badSubject(`The CSR asks for ${key} "${value}", which is "${wanted}" here.`);
    const from = fromRequest.find((name) => name === key);
    if (from === undefined) throw badSubject(`The CSR asks for ${oidName(oid)}, which is in no certificate from here.`);
    if (asked.has(from)) throw badSubject(`The CSR asks for several values of ${from}.`, 'Leave all but one out.');
    if (!permitsSubject(permitted, from, value))
      throw badSubject(`The CSR asks for ${from} "${value}", which is not allowed here.`);
    // Refuses, with a reason, what could not be written into the certificate.
    encodeName({ [from]: value });
    asked.set(from, value);
  }
  return Object.fromEntries(asked);
}
