import { useWindowSize } from 'ink';
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import type { Mode, Session, Snapshot } from '../../core/ceremony/session.ts';
import { typedWords } from '../../core/ceremony/typed-words.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Showing } from '../cli/program.ts';
import { asideOverlay, type AsideKind } from './parts/aside-dialog.tsx';
import { leaveOverlay, type LeaveKind } from './parts/leave-dialog.tsx';
import type { Overlay } from './parts/stage.tsx';
import { Asking } from './scenes/asking.tsx';
import { Ended } from './scenes/ended.tsx';
import { Failed } from './scenes/failed.tsx';
import { Opening } from './scenes/opening.tsx';
import type { SceneProps } from './scenes/scene.ts';
import { Working } from './scenes/working.tsx';
import { said } from './said.ts';
import { text } from './text.ts';
import { useKeys } from './use-keys.ts';

const scenes: Readonly<Record<Mode, (props: SceneProps) => ReactNode>> = {
  opening: Opening,
  asking: Asking,
  working: Working,
  failed: Failed,
  over: Ended,
};

/** A scene starts afresh, on its first page and with nothing typed, whenever something else is asked. */
function sceneKey({ mode, next, state }: Snapshot): string {
  const prompt = next.kind === 'ask' || next.kind === 'reopen' ? next.prompt.id : '';
  return `${mode} ${state.index} ${prompt}`;
}

/** The exit status that belongs to how a ceremony stands. */
export function exitCodeOf({ status }: Snapshot['state']): number {
  if (status === 'finished') return exitCodes.done;
  return status === 'aborted' ? exitCodes.aborted : exitCodes.actFailed;
}

interface AppProps extends Pick<Showing, 'forecast' | 'places'> {
  readonly session: Session;
  readonly watching: boolean;
  /** Called once, with the exit status. */
  readonly done: (code: number) => void;
}

/** The whole face: one scene at a time, and Ctrl-C on top of all of them. */
export function App({ session, forecast, places, watching, done }: AppProps): ReactNode {
  const { columns } = useWindowSize();
  const snapshot = useSyncExternalStore(session.subscribe, session.snapshot);
  const [asking, setAsking] = useState(false);
  const [aside, setAside] = useState<AsideKind | undefined>(undefined);
  const [leaving, setLeaving] = useState(false);
  const { mode, state } = snapshot;
  const working = mode === 'working' || snapshot.busy;
  const leave = (): void => {
    if (watching) session.leave();
    else if (working) setLeaving(true);
    else done(exitCodeOf(state));
  };
  const ask = (on: boolean): void => {
    setAsking(on);
    session.hold(on);
  };
  useKeys((key) => {
    if (key.kind !== 'interrupt' || mode === 'over') return undefined;
    setAside(undefined);
    ask(true);
    return false;
  }, true);
  useEffect(() => {
    // Somebody left while an act was being done: it is finished now, and nothing else is started by people.
    if (leaving && !working && mode !== 'over') done(exitCodeOf(state));
    if (mode === 'over') setAsking(false);
  }, [leaving, working, mode, state, done]);
  const decide = (word: string): Promise<string | undefined> => {
    ask(false);
    if (word === typedWords.pause) setAside('pause');
    if (word === typedWords.note) setAside('deviation');
    if (word === typedWords.pause || word === typedWords.note) return Promise.resolve(undefined);
    if (word === typedWords.stop) return said(session.stop(text.leave.reason));
    leave();
    return Promise.resolve(undefined);
  };
  const kind: LeaveKind = watching ? 'watching' : working ? 'working' : 'free';
  const leaveDialog = (): Overlay =>
    leaveOverlay(
      {
        kind,
        decide,
        back: () => {
          ask(false);
        },
      },
      columns,
    );
  const asideDialog = (own: AsideKind): Overlay =>
    asideOverlay(
      {
        kind: own,
        session,
        close: () => {
          setAside(undefined);
        },
      },
      columns,
    );
  const overlay = asking ? leaveDialog() : aside === undefined ? undefined : asideDialog(aside);
  const Scene = scenes[mode];
  return (
    <Scene
      key={sceneKey(snapshot)}
      {...{ session, snapshot, forecast, places, watching, overlay, columns, leaving, leave }}
    />
  );
}
