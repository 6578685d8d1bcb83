import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { Layout } from '../layout.ts';
import { text } from '../text.ts';
import type { Panes } from '../use-panes.ts';
import { Pane } from './pane.tsx';

interface BodyProps {
  readonly title: string;
  readonly panes: Panes;
  readonly layout: Layout;
}

/** One pane at a time in a narrow window; in a wide one the act, and beside it the overview over the transcript. */
export function Body({ title, panes, layout }: BodyProps): ReactNode {
  const { wide, bodyRows, mainColumns, sideColumns } = layout;
  const titles = { ...text.panes, act: title };
  if (!wide) {
    const { shown } = panes;
    return <Pane title={titles[shown]} pages={panes[shown]} columns={mainColumns} rows={bodyRows} focused={false} />;
  }
  const side = { columns: sideColumns };
  return (
    <Box columnGap={2} flexShrink={0}>
      <Pane
        title={titles.act}
        pages={panes.act}
        columns={mainColumns}
        rows={bodyRows}
        focused={panes.shown === 'act'}
      />
      <Box flexDirection="column" flexShrink={0}>
        <Pane {...side} title={titles.acts} pages={panes.acts} rows={panes.actsRows} focused={panes.shown === 'acts'} />
        <Pane
          {...side}
          title={titles.transcript}
          pages={panes.transcript}
          rows={panes.transcriptRows}
          focused={panes.shown === 'transcript'}
        />
      </Box>
    </Box>
  );
}
