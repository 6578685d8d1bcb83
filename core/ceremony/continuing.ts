import type { Refusal } from '../ports/coded-error.ts';
import { actsByName } from './acts/registry.ts';
import type { Plan } from './plan-types.ts';
import type { Carried } from './previous.ts';

/** Keys the plan continues that the previous bundle does not have as the plan says: with a certificate, or without. */
export function existingMissing(plan: Plan, { certificates, keys }: Carried): Refusal[] {
  return Object.entries(plan.existing).flatMap(([name, { certified }]) => {
    if (Object.hasOwn(certified ? certificates : keys, name)) return [];
    const other = Object.hasOwn(certified ? keys : certificates, name);
    const also = other ? `; it has the key ${certified ? 'without' : 'with'} one` : '';
    const what = certified ? `certificate named "${name}"` : `key named "${name}" without a certificate`;
    const remedy = other
      ? `Say "certified: ${certified ? 'false' : 'true'}" of it.`
      : 'Use the name it had in the ceremony that made it (coldroot bundle show).';
    return [{ code: 'plan-existing-missing', message: `The previous bundle has no ${what}${also}.`, remedy }];
  });
}

/** Names the plan gives to new keys and certificates that the previous bundle has already: what is known of those would be lost. */
export function takenNames(plan: Plan, { certificates, keys }: Carried): Refusal[] {
  const taken = plan.acts.flatMap((act) => {
    const { makesKey, makesCertificate, importsKey } = actsByName.get(act.do)?.references(act, plan) ?? {};
    // A key without a certificate may get one; it may not be made once more.
    const made = [makesKey?.key, importsKey].filter((name) => name !== undefined);
    const certified = [...made, makesCertificate?.key].filter((name) => name !== undefined);
    return [
      ...certified.filter((name) => Object.hasOwn(certificates, name)).map((name) => `certificate named "${name}"`),
      ...made.filter((name) => Object.hasOwn(keys, name)).map((name) => `key named "${name}"`),
    ];
  });
  return [...new Set(taken)].map((what) => ({
    code: 'plan-name-taken',
    message: `The previous bundle has a ${what} already.`,
    remedy: 'Give the new key a name of its own: the next number or the year, for example.',
  }));
}
