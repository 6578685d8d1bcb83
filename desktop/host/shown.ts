import { fromBase64 } from '../../core/ports/base64.ts';
import type { Digest } from '../../core/ports/digest.ts';
import type { CeremonyState } from '../../core/ceremony/state.ts';
import type { Snapshot } from '../contract/shapes.ts';
import { hashed, hashOf } from './hashed.ts';

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

/** What was made, by its hashes. */
export function madeBy(state: CeremonyState, digest: Digest): Snapshot['made'] {
  const hash = (der: string): ReturnType<typeof hashOf> => hashOf(fromBase64(der), digest);
  const { bundle } = state;
  return {
    keys: Object.entries(state.keys)
      .filter(([, { origin }]) => origin === 'generated')
      .map(([name, { algorithm, token = '' }]) => ({ name, algorithm, token })),
    certificates: Object.entries(state.certificates).map(([name, { type, der }]) => ({ name, type, ...hash(der) })),
    crls: Object.entries(state.crls).map(([issuer, { number, der }]) => ({ issuer, number, ...hash(der) })),
    bundle: bundle === undefined ? null : { file: bundle.file, epoch: bundle.epoch, ...hashed(bundle.sha256) },
  };
}
