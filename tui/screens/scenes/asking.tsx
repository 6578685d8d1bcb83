import type { ReactNode } from 'react';
import { instructionOf, promptRows } from '../entries/frame-rows.ts';
import { PlayedEntry } from '../entries/played-entry.tsx';
import { PromptEntry } from '../entries/prompt-entry.tsx';
import type { Prompt } from '../../../core/ceremony/prompt.ts';
import type { Session } from '../../../core/ceremony/session.ts';
import type { Block } from '../lines/line.ts';
import { shareBlocks } from '../lines/share-blocks.ts';
import { actBlocks } from '../lines/act-blocks.ts';
import { Stage } from '../parts/stage.tsx';
import { text } from '../text.ts';
import type { SceneProps } from './scene.ts';

/** The share that this prompt is about. It comes from the ceremony itself each time, and stays in no state of the screen. */
function handedOut(session: Pick<Session, 'handOut'>, prompt: Prompt): readonly Block[] {
  if (prompt.kind !== 'word' || prompt.handOut === undefined) return [];
  const share = session.handOut(prompt.id);
  return share === undefined ? [] : shareBlocks(prompt.handOut, share);
}

/** An act, and what somebody must answer before it goes on. */
export function Asking({ session, snapshot, watching, overlay, columns }: SceneProps): ReactNode {
  const { view, next, played } = snapshot;
  const { current } = view;
  if (current === undefined || (next.kind !== 'ask' && next.kind !== 'reopen')) return null;
  const { prompt } = next;
  const rows = promptRows(prompt, columns);
  const instruction = instructionOf(prompt);
  return (
    <Stage
      snapshot={snapshot}
      title={text.panes.act}
      blocks={(width) => [
        ...actBlocks(current, prompt, view.acts.length, width),
        ...(watching ? [] : handedOut(session, prompt)),
      ]}
      area={
        watching ? (
          <PlayedEntry {...{ instruction, played, rows }} who={text.mustAct(prompt.by)} kind={prompt.kind} />
        ) : (
          <PromptEntry {...{ prompt, session, columns, rows }} />
        )
      }
      areaRows={rows}
      mustRead={true}
      overlay={overlay}
    />
  );
}
