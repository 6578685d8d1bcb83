import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { shippedPlans } from '../../support/ready-plans.ts';
import { killedPlans } from './killed-plans.ts';

it('every plan that ships is killed at every act in exactly one test file, and each part of them has its file', () => {
  expect(Object.values(killedPlans).flat().toSorted()).toEqual(shippedPlans());
  const files = readdirSync(import.meta.dirname).filter((name) => /^kill-every-act-.*\.test\.ts$/u.test(name));
  const parts = Object.keys(killedPlans).map((part) => `kill-every-act-${part}.test.ts`);
  expect(files.toSorted()).toEqual(parts.toSorted());
});
