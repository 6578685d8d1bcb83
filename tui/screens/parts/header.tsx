import type { ReactNode } from 'react';
import type { Snapshot } from '../../../core/ceremony/session.ts';
import { eventWords } from '../../../core/ceremony/event-words.ts';
import { cells, padded, shortened } from '../lines/cells.ts';
import type { Line } from '../lines/line.ts';
import { visible } from '../../../core/ceremony/visible.ts';
import { text } from '../text.ts';
import { Lines } from './lines.tsx';

/** Which ceremony, which act, whether it is a rehearsal, and the newest event with its time: on every screen. */
function headerLines({ view, last }: Snapshot, columns: number): readonly Line[] {
  const total = view.acts.length;
  const place = view.current === undefined ? text.allActsDone(total) : text.act(view.current.number, total);
  const mark = view.rehearsal ? ` ${text.rehearsal} ` : '';
  const lead = mark === '' ? 0 : cells(mark) + 1;
  const room = columns - lead - cells(place) - 2;
  const newest = last === undefined ? '' : text.lastEvent(last.at, eventWords(last));
  const title = padded(shortened(visible(view.title), room), room);
  return [
    [
      ...(mark === '' ? [] : [{ text: mark, bold: true, inverse: true }, { text: ' ' }]),
      { text: title, bold: true },
      { text: `  ${place}` },
    ],
    [{ text: shortened(newest, columns) }],
  ];
}

export function Header({ snapshot, columns }: { readonly snapshot: Snapshot; readonly columns: number }): ReactNode {
  return <Lines lines={headerLines(snapshot, columns)} />;
}
