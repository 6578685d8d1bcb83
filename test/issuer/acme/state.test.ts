import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  authorizationStatusAt,
  authorizationStatuses,
  authorizationSteps,
} from '../../../issuer/acme/state/authorization.ts';
import { challengeSteps, challengeStatuses } from '../../../issuer/acme/state/challenge.ts';
import { orderStatusAt, orderStatuses, orderSteps } from '../../../issuer/acme/state/order.ts';
import { after, beginning, ending, type Transition } from '../../../issuer/acme/state/transition.ts';

type Steps = Readonly<Record<string, Transition>>;

/** Every status that a sequence of steps goes through; steps that cannot happen change nothing. */
function walk(steps: Steps, start: string, names: readonly string[]): readonly string[] {
  const path = [start];
  for (const name of names) {
    const step = steps[name];
    const next = step === undefined ? undefined : after(step, path.at(-1) ?? start);
    if (next !== undefined) path.push(next);
  }
  return path;
}

const machines = [
  { name: 'order', steps: orderSteps as Steps, start: 'pending', statuses: orderStatuses, final: ['valid', 'invalid'] },
  {
    name: 'authorization',
    steps: authorizationSteps as Steps,
    start: 'pending',
    statuses: authorizationStatuses,
    final: ['invalid', 'deactivated'],
  },
  {
    name: 'challenge',
    steps: challengeSteps as Steps,
    start: 'pending',
    statuses: challengeStatuses,
    final: ['valid', 'invalid'],
  },
];

describe.each(machines)('the state machine of an $name', ({ steps, start, statuses, final }) => {
  const sequences = fc.array(fc.constantFrom(...Object.keys(steps)), { maxLength: 30 });

  it('never leaves a final status, whatever happens', () => {
    fc.assert(
      fc.property(sequences, (names) => {
        const path = walk(steps, start, names);
        const firstFinal = path.findIndex((status) => final.includes(status));
        expect(firstFinal === -1 || firstFinal === path.length - 1).toBe(true);
      }),
    );
  });

  it('reaches every status there is, and no other', () => {
    const reached = new Set([start]);
    for (let round = 0; round < statuses.length; round += 1) {
      for (const step of Object.values(steps)) {
        for (const status of reached) {
          const next = after(step, status);
          if (next !== undefined) reached.add(next);
        }
      }
    }
    expect([...reached].toSorted()).toEqual([...statuses].toSorted());
  });

  it('writes SQL that says exactly what its table says', () => {
    for (const step of Object.values(steps)) {
      const listed = [...beginning(step).matchAll(/'([a-z]+)'/gu)].map(([, status]) => status);
      expect(listed).toEqual(step.from);
      expect(ending(step)).toBe(`'${step.to}'`);
    }
  });
});

describe('an order', () => {
  it('is valid only after it was ready and then processing', () => {
    const names = fc.array(fc.constantFrom(...Object.keys(orderSteps)), { maxLength: 30 });
    fc.assert(
      fc.property(names, (sequence) => {
        const path = walk(orderSteps, 'pending', sequence);
        const valid = path.indexOf('valid');
        expect(valid === -1 || (path[valid - 1] === 'processing' && path.slice(0, valid).includes('ready'))).toBe(true);
      }),
    );
  });

  it('that expires becomes invalid as long as nobody has finalized it, and keeps its status after that', () => {
    const shown = orderStatuses.map((status) => orderStatusAt({ status, expiresAt: 100 }, 100));
    expect(shown).toEqual(['invalid', 'invalid', 'processing', 'valid', 'invalid']);
    expect(orderStatusAt({ status: 'pending', expiresAt: 100 }, 99)).toBe('pending');
  });
});

describe('an authorization', () => {
  it('that expires is expired when it was valid, and invalid when it was pending', () => {
    const shown = authorizationStatuses.map((status) => authorizationStatusAt({ status, expiresAt: 100 }, 100));
    expect(shown).toEqual(['invalid', 'expired', 'invalid', 'deactivated']);
    expect(authorizationStatusAt({ status: 'valid', expiresAt: 100 }, 99)).toBe('valid');
  });
});
