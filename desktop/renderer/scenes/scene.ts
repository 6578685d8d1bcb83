import type { Snapshot } from '../../contract/shapes.ts';

/** What every scene of a ceremony gets. */
export interface SceneProps {
  readonly snapshot: Snapshot;
}
