import type { ReactNode } from 'react';
import { frameRows } from '../entries/frame-rows.ts';
import { PlayedEntry } from '../entries/played-entry.tsx';
import { WordEntry } from '../entries/word-entry.tsx';
import { shortened } from '../lines/cells.ts';
import { openingBlocks } from '../lines/opening-blocks.ts';
import { Stage } from '../parts/stage.tsx';
import { text } from '../text.ts';
import type { SceneProps } from './scene.ts';

const longestHeadline = 60;

/** The plan, its hash to be read aloud, and the word that starts the ceremony. */
export function Opening({ session, snapshot, forecast, watching, overlay, columns }: SceneProps): ReactNode {
  const { view, state, played } = snapshot;
  const word = session.firstWord;
  const first = shortened(view.current?.headline ?? '', longestHeadline);
  const instruction = text.opening.instruction(word, first);
  const who = text.mustAct('administrator');
  const rows = frameRows(instruction, 0, 1, columns);
  const begin = (): Promise<undefined> => {
    session.begin();
    return Promise.resolve(undefined);
  };
  return (
    <Stage
      snapshot={snapshot}
      title={text.opening.title}
      blocks={(width) => openingBlocks(view, state.beginning.tokens, forecast, width)}
      area={
        watching ? (
          <PlayedEntry {...{ who, instruction, played, rows }} kind="word" />
        ) : (
          <WordEntry {...{ who, instruction, rows }} words={[word]} enter={begin} />
        )
      }
      areaRows={rows}
      mustRead={false}
      overlay={overlay}
    />
  );
}
