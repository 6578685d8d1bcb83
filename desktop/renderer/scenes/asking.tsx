import type { ReactNode } from 'react';
import { PromptEntry } from '../entries/prompt-entry.tsx';
import { ActText } from '../parts/act-text.tsx';
import { Paused } from '../parts/paused.tsx';
import { Stage } from '../parts/stage.tsx';
import { text } from '../text.ts';
import { useCeremony } from '../use-ceremony.ts';
import type { SceneProps } from './scene.ts';

/** An act, and what somebody must answer before it goes on. */
export function Asking({ snapshot: { view } }: SceneProps): ReactNode {
  const ceremony = useCeremony();
  const { current } = view;
  const prompt = current?.prompt;
  if (current === undefined || prompt === undefined) return null;
  const { number } = current;
  return (
    <Stage
      view={view}
      over={view.paused === undefined ? text.act(number, view.acts.length) : text.paused.mark}
      headline={current.headline}
      area={(unread) => (
        <PromptEntry
          prompt={prompt}
          unread={unread}
          answer={(value) => ceremony.answer(number, prompt, value)}
          secret={(bytes) => ceremony.secret(number, prompt, bytes)}
        />
      )}
    >
      {view.paused === undefined ? null : <Paused paused={view.paused} />}
      <ActText act={current} />
    </Stage>
  );
}
