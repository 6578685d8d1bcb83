import type { Snapshot } from '../contract/shapes.ts';
import type { OpenCeremony } from './open-ceremony.ts';
import { madeBy, tokensOf } from './shown.ts';

const nothingYet: Snapshot['last'] = { at: '', kind: 'begin', act: null, typed: null, named: null, by: null };

/** What the page shows of an open ceremony. `workingSince` is UTC. */
export function snapshotOf(open: OpenCeremony, workingSince: string | null): Snapshot {
  const { session, place, forecast } = open;
  const { mode, view, state, next, last, busy } = session.snapshot();
  return {
    ceremony: place.id,
    folder: place.name,
    mode,
    firstWord: session.firstWord,
    busy,
    step: next.kind,
    workingSince: mode === 'working' ? workingSince : null,
    view,
    last: last ?? nothingYet,
    tokens: tokensOf(state),
    forecast,
    made: madeBy(state),
    places: { journal: open.journal, output: open.output },
  };
}
