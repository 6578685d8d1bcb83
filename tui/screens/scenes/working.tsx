import type { ReactNode } from 'react';
import { actBlocks } from '../lines/act-blocks.ts';
import { Stage } from '../parts/stage.tsx';
import { WorkingArea, workingRows } from '../parts/working-area.tsx';
import { text } from '../text.ts';
import type { SceneProps } from './scene.ts';

/** An act being done: nothing can be typed but Ctrl-C. */
export function Working({ snapshot, overlay, leaving }: SceneProps): ReactNode {
  const { view, next } = snapshot;
  const { current } = view;
  return (
    <Stage
      snapshot={snapshot}
      title={text.panes.act}
      blocks={(width) => (current === undefined ? [] : actBlocks(current, undefined, view.acts.length, width))}
      area={<WorkingArea kind={next.kind} leaving={leaving} />}
      areaRows={workingRows}
      mustRead={false}
      overlay={overlay}
    />
  );
}
