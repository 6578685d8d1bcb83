import { actsByName } from '../../core/ceremony/acts/registry.ts';
import type { Plan } from '../../core/ceremony/plan-types.ts';
import type { Refusal } from '../../core/ports/coded-error.ts';

/**
 * What the window says to a plan that hands out shares of a PIN: nothing a host sends to a page has room for a secret, so that
 * such a ceremony is refused as a whole, before it begins, and not in the middle of it. `from` is the first act still to be done.
 */
export function handsOutRefusal(plan: Plan, from = 0): Refusal | undefined {
  const index = plan.acts.findIndex(
    (act, at) => at >= from && actsByName.get(act.do)?.references(act, plan).handsOut !== undefined,
  );
  if (index === -1) return undefined;
  return {
    code: 'window-no-shares',
    message: `Act ${index + 1} hands out shares of a PIN, which this window never shows.`,
    remedy:
      'Hold this ceremony at the terminal: coldroot ceremony run, or coldroot ceremony resume where it was begun.',
  };
}
