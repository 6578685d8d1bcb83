import type { ReactNode } from 'react';
import { ActText } from '../parts/act-text.tsx';
import { Elapsed } from '../parts/elapsed.tsx';
import { Stage } from '../parts/stage.tsx';
import { text } from '../text.ts';
import type { SceneProps } from './scene.ts';

/** An act being done: what it is, what the program does, and for how long already. */
export function Working({ snapshot }: SceneProps): ReactNode {
  const { view, step, workingSince } = snapshot;
  const { current } = view;
  const total = view.acts.length;
  return (
    <Stage
      view={view}
      over={current === undefined ? text.allActsDone(total) : text.act(current.number, total)}
      headline={current?.headline ?? text.working.title}
      areaTakesFocus={false}
      area={() => (
        <section className="area area-working" aria-labelledby="working">
          <h2 id="working" className="area-who">
            {text.working.title}
          </h2>
          <p className="area-say" role="status">
            {text.working.kinds[step] ?? text.working.other}
          </p>
          <Elapsed since={workingSince} />
          <p className="small">{text.working.patience}</p>
        </section>
      )}
    >
      {current === undefined ? null : <ActText act={current} />}
    </Stage>
  );
}
