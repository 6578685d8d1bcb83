import type { ReactNode } from 'react';
import type { Snapshot } from '../../contract/shapes.ts';
import { Asking } from './asking.tsx';
import { Ended } from './ended.tsx';
import { Failed } from './failed.tsx';
import { Opening } from './opening.tsx';
import type { SceneProps } from './scene.ts';
import { Working } from './working.tsx';

const scenes: Readonly<Record<Snapshot['mode'], (props: SceneProps) => ReactNode>> = {
  opening: Opening,
  asking: Asking,
  working: Working,
  failed: Failed,
  over: Ended,
};

/** A scene starts afresh, unread and with nothing typed, whenever something else is asked. */
function sceneKey({ mode, view }: Snapshot): string {
  return `${mode} ${view.current?.number ?? 'end'} ${view.current?.prompt?.id ?? ''}`;
}

/** The ceremony that is open, whatever it is doing: one scene at a time. */
export function CeremonyScene({ snapshot }: SceneProps): ReactNode {
  const Scene = scenes[snapshot.mode];
  return <Scene key={sceneKey(snapshot)} snapshot={snapshot} />;
}
