import type { ReactNode } from 'react';
import { frameRows, inputRows } from '../entries/frame-rows.ts';
import { LinesEntry } from '../entries/lines-entry.tsx';
import type { Session } from '../../../core/ceremony/session.ts';
import { said } from '../said.ts';
import { text } from '../text.ts';
import type { Overlay } from './stage.tsx';

/** What people can say besides what is asked: stop everybody here for a while, or note that something went otherwise. */
export type AsideKind = 'pause' | 'deviation';

interface AsideProps {
  readonly kind: AsideKind;
  readonly session: Pick<Session, 'pause' | 'deviation'>;
  /** Called when it is written down, or given up. */
  readonly close: () => void;
}

/** Names on one line, separated by commas. */
function namesIn(line: string): readonly string[] {
  return line
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function writeDown({ kind, session }: AsideProps, lines: readonly string[]): Promise<string | undefined> {
  const [first = '', second = '', third = '', fourth = ''] = lines;
  if (kind === 'pause') return said(session.pause(first, second));
  return said(session.deviation({ what: first, cause: second, decision: third, by: [...namesIn(fourth)] }));
}

function Aside(props: AsideProps & { readonly rows: number }): ReactNode {
  const { kind, rows, close } = props;
  return (
    <LinesEntry
      who={text.aside.titles[kind]}
      questions={text.aside.questions[kind]}
      keys={text.keys.leave}
      rows={rows}
      enter={async (lines) => {
        const fault = await writeDown(props, lines);
        if (fault === undefined) close();
        return fault;
      }}
      escape={close}
    />
  );
}

/** The lines that are asked for after PAUSE or NOTE. */
export function asideOverlay(props: AsideProps, columns: number): Overlay {
  const heights = text.aside.questions[props.kind].map((one) => frameRows(one, 0, inputRows.text, columns));
  const rows = Math.max(...heights);
  return { rows, node: <Aside {...props} rows={rows} /> };
}
