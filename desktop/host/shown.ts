import { madeFacts } from '../../core/ceremony/made.ts';
import type { CeremonyState } from '../../core/ceremony/state.ts';
import type { Snapshot } from '../contract/shapes.ts';
import { hashed } from './hashed.ts';

/** The devices that stand for the plan's tokens. */
export function tokensOf({ beginning }: Pick<CeremonyState, 'beginning'>): Snapshot['tokens'] {
  return Object.entries(beginning.tokens).map(([name, { label, model, serial, keypad }]) => ({
    name,
    label,
    model,
    serial,
    keypad,
  }));
}

/** What was made, and the bundle by its hash. */
export function madeBy(state: CeremonyState): Snapshot['made'] {
  const { bundle } = state;
  return {
    facts: madeFacts(state),
    bundle: bundle === undefined ? null : { file: bundle.file, epoch: bundle.epoch, ...hashed(bundle.sha256) },
  };
}
