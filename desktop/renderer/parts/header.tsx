import { useEffect, useState, type ReactNode } from 'react';
import type { Snapshot } from '../../contract/shapes.ts';
import { pageNow } from '../clock.ts';
import { themeAfter, type Display } from '../display.ts';
import { text } from '../text.ts';
import { eventWords } from '../../../core/ceremony/event-words.ts';
import { visibleLines } from '../../../core/ceremony/visible.ts';
import { AsideButton } from './aside-dialog.tsx';
import { Time } from './time.tsx';

/** This machine's time, for the camera: to the second, without being read out every second. */
function Clock(): ReactNode {
  const [now, setNow] = useState(pageNow);
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(pageNow());
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return <Time utc={new Date(now).toISOString()} />;
}

function DisplayControls({ display: { theme, contrast, large, change } }: { readonly display: Display }): ReactNode {
  return (
    <div className="display" role="group" aria-label={text.display.label}>
      <button
        type="button"
        className="toggle"
        onClick={() => {
          change({ theme: themeAfter(theme) });
        }}
      >
        {text.display.theme[theme]}
      </button>
      <button
        type="button"
        className="toggle"
        aria-pressed={contrast}
        onClick={() => {
          change({ contrast: !contrast });
        }}
      >
        {text.display.contrast}
      </button>
      <button
        type="button"
        className="toggle"
        aria-pressed={large}
        onClick={() => {
          change({ large: !large });
        }}
      >
        {text.display.large}
      </button>
    </div>
  );
}

interface HeaderProps {
  readonly snapshot: Snapshot | null | undefined;
  readonly display: Display;
}

/** Above everything: what is being held, the last thing that happened, what time it is, and the way out. */
export function Header({ snapshot, display }: HeaderProps): ReactNode {
  const open = snapshot ?? undefined;
  return (
    <header className="top">
      <div className="top-row">
        <p className="top-title">
          <span className="top-product">{text.product}</span>
          {open === undefined ? null : <span>{visibleLines(open.view.title)}</span>}
        </p>
        <Clock />
        {open === undefined ? <DisplayControls display={display} /> : null}
        {open === undefined || open.mode === 'over' ? null : <AsideButton snapshot={open} />}
      </div>
      {open === undefined ? null : (
        <div className="top-row">
          {open.view.rehearsal ? <p className="rehearsal">{text.rehearsalShort}</p> : null}
          <p className="small last-event">{text.lastEvent(eventWords(open.last))}</p>
          <DisplayControls display={display} />
        </div>
      )}
    </header>
  );
}
