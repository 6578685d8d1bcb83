import type { ReactNode } from 'react';
import type { Snapshot } from '../../contract/shapes.ts';
import { text } from '../text.ts';

function announcement({ mode, view, step }: Snapshot): string {
  const { current } = view;
  const act = current === undefined ? '' : `${text.act(current.number, view.acts.length)}: ${current.headline}.`;
  switch (mode) {
    case 'opening':
      return text.opening.title;
    case 'asking':
      return `${act} ${current?.prompt === undefined ? '' : text.mustAct(current.prompt.by)}`;
    case 'working':
      return `${act} ${text.working.kinds[step] ?? text.working.other}`;
    case 'failed':
      return `${text.failure.title}. ${act}`;
    case 'over':
      return view.status === 'finished' ? text.end.finished : text.end.aborted;
  }
}

/** Says aloud, for who cannot see it, what just changed on the screen. */
export function Announcer({ snapshot }: { readonly snapshot: Snapshot | null | undefined }): ReactNode {
  return (
    <p className="unseen" role="status">
      {snapshot === null || snapshot === undefined ? '' : announcement(snapshot)}
    </p>
  );
}
