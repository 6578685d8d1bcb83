import type { Forecast } from '../../../core/ceremony/dry-run.ts';
import type { Places } from '../../cli/program.ts';
import type { Overlay } from '../parts/stage.tsx';
import type { Session, Snapshot } from '../../../core/ceremony/session.ts';

/** What every scene is given. */
export interface SceneProps {
  readonly session: Session;
  readonly snapshot: Snapshot;
  readonly forecast: readonly Forecast[];
  readonly places: Places | undefined;
  /** A script is being played: nobody types. */
  readonly watching: boolean;
  readonly overlay: Overlay | undefined;
  readonly columns: number;
  /** Somebody asked to leave while an act is being done. */
  readonly leaving: boolean;
  /** Leaves the screen: the ceremony can be resumed, unless it is over. */
  readonly leave: () => void;
}
