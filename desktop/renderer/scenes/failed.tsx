import { typedWords } from '../../../core/ceremony/typed-words.ts';
import { useState, type ReactNode } from 'react';
import { WordEntry } from '../entries/word-entry.tsx';
import { AsideButton } from '../parts/aside-dialog.tsx';
import { RefusalBox } from '../parts/refusal.tsx';
import { Stage } from '../parts/stage.tsx';
import { text } from '../text.ts';
import { useCeremony } from '../use-ceremony.ts';
import type { SceneProps } from './scene.ts';

const { failure } = text;

/** Why an act failed, and what people decide to do about it. */
export function Failed({ snapshot }: SceneProps): ReactNode {
  const { view } = snapshot;
  const { retry } = useCeremony();
  const [from] = useState(view.current?.number ?? 1);
  const { current } = view;
  if (current?.failure === undefined) return null;
  return (
    <Stage
      view={view}
      over={`${failure.box}: ${text.act(current.number, view.acts.length)}`}
      headline={current.headline}
      tone="failure"
      area={() => (
        <WordEntry
          who={failure.title}
          word={typedWords.retry}
          button={failure.retry}
          enter={() => retry(from)}
          beside={<AsideButton snapshot={snapshot} />}
        />
      )}
    >
      <RefusalBox refusal={current.failure} />
      <p>{failure.before}</p>
    </Stage>
  );
}
