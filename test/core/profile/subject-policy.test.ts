import { describe, expect, it } from 'vitest';
import {
  formatSubjectPolicy,
  permitsSubject,
  subjectFault,
  subjectPolicyOf,
  subjectPolicySchema,
} from '../../../core/profile/subject-policy.ts';
import { encodeName } from '../../../core/x509/name.ts';

const ca = encodeName({ DC: ['internal'], C: 'US', O: 'Example Corp', CN: 'Example Corp Issuing I1' });

describe('a policy for subjects of leaves', () => {
  it('that is not there permits what the subject of the CA itself says, and nothing else', () => {
    const policy = subjectPolicyOf(undefined, ca);
    expect(policy).toEqual({ C: ['US'], O: ['Example Corp'] });
    expect(subjectFault(policy, encodeName({ C: 'US', O: 'Example Corp', CN: 'a.internal' }))).toBeUndefined();
    expect(subjectFault(policy, encodeName({ OU: 'Ops' }))).toBe('OU=Ops');
  });

  it('that is empty permits names alone, whatever the CA says of itself', () => {
    const policy = subjectPolicyOf({}, ca);
    expect(subjectFault(policy, encodeName({ CN: 'a.internal' }))).toBeUndefined();
    expect(subjectFault(policy, encodeName({}))).toBeUndefined();
    expect(subjectFault(policy, encodeName({ O: 'Example Corp' }))).toBe('O=Example Corp');
  });

  it('permits the values that it lists, letter for letter, and every value of what is "any"', () => {
    const policy = subjectPolicySchema.parse({ O: ['Example Corp', 'Example Labs'], OU: 'any' });
    expect(subjectFault(policy, encodeName({ O: 'Example Labs', OU: 'Whatever' }))).toBeUndefined();
    expect(subjectFault(policy, encodeName({ O: 'EXAMPLE LABS' }))).toBe('O=EXAMPLE LABS');
    expect(subjectFault(policy, encodeName({ serialNumber: '1' }))).toBe('serialNumber=1');
    expect([permitsSubject(policy, 'OU'), permitsSubject(policy, 'O'), permitsSubject(policy, 'L')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each([
    { CN: ['x'] },
    { DC: ['x'] },
    { O: [] },
    { O: 'Example Corp' },
    { C: ['Germany'] },
    { O: [' x'] },
    { O: [''] },
  ])('is refused as %j', (policy) => {
    expect(subjectPolicySchema.safeParse(policy).success).toBe(false);
  });

  it('is told in one line', () => {
    expect(formatSubjectPolicy({ OU: 'any', O: ['A', 'B'] })).toBe('O "A" or "B"; OU anything');
    expect(formatSubjectPolicy({})).toBe('nothing');
  });
});
