import { z } from 'zod';
import { isCoded } from '../ports/coded-error.ts';
import { attributeTypes, encodeName, readName } from '../x509/name.ts';
import { oidName, oids } from '../x509/oids.ts';
import { leafSubjectKeys, type LeafSubjectKey } from './leaf-subject.ts';

/** Stands for every value: nobody but the online operator then says what is true. */
const anything = 'any';

function writable(key: LeafSubjectKey, value: string): boolean {
  try {
    return encodeName({ [key]: value }).length > 0;
  } catch (error) {
    if (isCoded(error)) return false;
    throw error;
  }
}

function valuesOf(key: LeafSubjectKey) {
  const value = z
    .string()
    .max(128)
    .refine((text) => writable(key, text), `not a value that ${key} can have`);
  return z
    .union([z.literal(anything), z.array(value).min(1).max(50)])
    .optional()
    .meta({ description: `Values of ${key}, or "any"` });
}

/**
 * What the subject of a leaf may say beside its common name, as a ceremony signs it: a closed list of attributes, each
 * with a closed list of values. `{}` permits none.
 */
export const subjectPolicySchema = z.strictObject({
  C: valuesOf('C'),
  ST: valuesOf('ST'),
  L: valuesOf('L'),
  O: valuesOf('O'),
  OU: valuesOf('OU'),
});
export type SubjectPolicy = z.infer<typeof subjectPolicySchema>;

const keys = new Map<string, string>(attributeTypes.map(({ oid, key }) => [oid, key]));

function keyOf(oid: string): LeafSubjectKey | undefined {
  return leafSubjectKeys.find((key) => key === keys.get(oid));
}

/**
 * The policy of a CA whose bundle has none, such as those made before there were any: what its own certificate says of
 * its owner, which a ceremony has signed as well, and nothing else (docs/decisions/leaf-subjects.md).
 */
export function subjectPolicyOf(signed: SubjectPolicy | undefined, caSubject: Uint8Array): SubjectPolicy {
  if (signed !== undefined) return signed;
  const own = new Map<LeafSubjectKey, string[]>();
  for (const { oid, value } of readName(caSubject).flat()) {
    const key = keyOf(oid);
    if (key !== undefined) own.set(key, [...(own.get(key) ?? []), value]);
  }
  return Object.fromEntries(own);
}

/** Whether a subject may say so; without a value: whether it may say anything of this kind. */
export function permitsSubject(policy: SubjectPolicy, key: LeafSubjectKey, value?: string): boolean {
  const values = policy[key];
  if (values === undefined || values === anything) return values === anything;
  return value === undefined || values.includes(value);
}

/** What an encoded subject says that the policy does not permit, `O=Somebody`; undefined where there is nothing. */
export function subjectFault(policy: SubjectPolicy, subject: Uint8Array): string | undefined {
  for (const { oid, value } of readName(subject).flat()) {
    if (oid === oids.commonName) continue;
    const key = keyOf(oid);
    if (key === undefined || !permitsSubject(policy, key, value)) return `${key ?? oidName(oid)}=${value}`;
  }
  return undefined;
}

/** For people, in one line. */
export function formatSubjectPolicy(policy: SubjectPolicy): string {
  const parts = leafSubjectKeys.flatMap((key) => {
    const values = policy[key];
    if (values === undefined) return [];
    return [`${key} ${values === anything ? 'anything' : values.map((value) => `"${value}"`).join(' or ')}`];
  });
  return parts.length === 0 ? 'nothing' : parts.join('; ');
}
