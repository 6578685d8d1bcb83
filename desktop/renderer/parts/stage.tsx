import { useState, type ReactNode } from 'react';
import type { CeremonyView } from '../../../core/ceremony/view.ts';
import { visibleLines } from '../../../core/ceremony/visible.ts';
import { Panes } from './panes.tsx';
import { Reading } from './reading.tsx';
import { Title } from './title.tsx';

interface StageProps {
  readonly view: CeremonyView;
  /** Above the headline, small: which act of how many. */
  readonly over: string;
  readonly headline: string;
  readonly tone?: 'failure' | 'done';
  /** What is to be read. */
  readonly children: ReactNode;
  /** Where people act: knows whether everything was read. */
  readonly area: (unread: boolean) => ReactNode;
  /** Whether the area takes the keyboard itself. */
  readonly areaTakesFocus?: boolean;
}

/** Every scene of a ceremony: a headline, what is to be read, where people act at the foot; beside it the panes. */
export function Stage({ view, over, headline, tone, children, area, areaTakesFocus = true }: StageProps): ReactNode {
  const [read, setRead] = useState(false);
  const [everRead, setEverRead] = useState(false);
  if (read && !everRead) setEverRead(true);
  return (
    <div className="stage">
      <main className={tone === undefined ? 'scene' : `scene scene-${tone}`}>
        <header className="headline">
          <p className="headline-over">{over}</p>
          <Title focus={!areaTakesFocus}>{visibleLines(headline)}</Title>
        </header>
        <Reading onRead={setRead}>{children}</Reading>
        {area(!read && !everRead)}
      </main>
      <Panes view={view} />
    </div>
  );
}
