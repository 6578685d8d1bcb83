import type { ReactNode } from 'react';
import { frameRows } from '../entries/frame-rows.ts';
import { AnyKey } from '../entries/any-key.tsx';
import { PlayedEntry } from '../entries/played-entry.tsx';
import { endBlocks } from '../lines/end-blocks.ts';
import { Stage } from '../parts/stage.tsx';
import { text } from '../text.ts';
import type { SceneProps } from './scene.ts';

const { end } = text;

/** What was made, where it is, and its hash to be read aloud; any key leaves. */
export function Ended({ snapshot, places, watching, overlay, columns, leave }: SceneProps): ReactNode {
  const rows = frameRows(end.anyKey, 0, 0, columns) - 2;
  return (
    <Stage
      snapshot={snapshot}
      title={end.title}
      blocks={(width) => endBlocks(snapshot.state, places, width)}
      area={
        watching ? (
          <PlayedEntry who={end.area} instruction="" played="" rows={rows} kind="word" />
        ) : (
          <AnyKey rows={rows} leave={leave} />
        )
      }
      areaRows={rows}
      mustRead={false}
      overlay={overlay}
    />
  );
}
