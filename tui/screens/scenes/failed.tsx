import type { ReactNode } from 'react';
import { typedWords } from '../../../core/ceremony/typed-words.ts';
import { ChoiceEntry, type Item } from '../entries/choice-entry.tsx';
import { menuRows } from '../entries/frame-rows.ts';
import { PlayedEntry } from '../entries/played-entry.tsx';
import { failureBlocks } from '../lines/failure-blocks.ts';
import { Stage } from '../parts/stage.tsx';
import { said } from '../said.ts';
import { text } from '../text.ts';
import type { SceneProps } from './scene.ts';

const { failure } = text;

const items: readonly Item[] = [
  { key: 'R', value: 'retry', label: failure.retry, word: typedWords.retry },
  { key: 'S', value: 'stop', label: failure.stop, word: typedWords.stop },
  { key: 'Q', value: 'leave', label: failure.leave, word: typedWords.leave },
];

/** Why an act failed, and what people decide to do about it. */
export function Failed({ session, snapshot, watching, overlay, columns, leave }: SceneProps): ReactNode {
  const { view, next } = snapshot;
  const { current } = view;
  if (current === undefined || next.kind !== 'failed') return null;
  const rows = menuRows(failure.instruction, items, columns);
  const decide = (value: string): Promise<string | undefined> => {
    if (value === 'retry') return said(session.retry());
    if (value === 'stop') return said(session.stop(failure.reason(next.failure.code)));
    leave();
    return Promise.resolve(undefined);
  };
  return (
    <Stage
      snapshot={snapshot}
      title={failure.box}
      blocks={(width) => failureBlocks(current, next.failure, view.acts.length, width)}
      area={
        watching ? (
          <PlayedEntry who={failure.title} instruction="" played="" rows={rows} kind="choice" />
        ) : (
          <ChoiceEntry
            {...{ items, columns, rows }}
            who={failure.title}
            instruction={failure.instruction}
            direct
            enter={decide}
          />
        )
      }
      areaRows={rows}
      mustRead={false}
      overlay={overlay}
    />
  );
}
