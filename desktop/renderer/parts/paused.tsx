import type { ReactNode } from 'react';
import type { CeremonyView } from '../../../core/ceremony/view.ts';
import { text } from '../text.ts';
import { Facts } from './facts.tsx';

const { paused: said } = text;

/** Why everybody waits, since when, and who said so. */
export function Paused({ paused }: { readonly paused: NonNullable<CeremonyView['paused']> }): ReactNode {
  const { since, reason, by, confirmedBy } = paused;
  return (
    <Facts
      facts={[
        { label: said.since, value: since },
        { label: said.reason, value: reason },
        { label: said.by, value: by },
        ...(confirmedBy === undefined ? [] : [{ label: said.confirmedBy, value: confirmedBy }]),
      ]}
    />
  );
}
