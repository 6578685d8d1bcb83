import type { ReactNode } from 'react';
import type { Fact } from '../../../core/ceremony/prompt.ts';
import { WordEntry } from '../entries/word-entry.tsx';
import { ActList } from '../parts/panes.tsx';
import { Facts, Hashed } from '../parts/facts.tsx';
import { Stage } from '../parts/stage.tsx';
import { text } from '../text.ts';
import { useCeremony } from '../use-ceremony.ts';
import type { SceneProps } from './scene.ts';

const { opening } = text;

/** The plan, who and what it needs. */
function aboutFacts({ view, tokens }: SceneProps['snapshot']): readonly Fact[] {
  return [
    { label: opening.about, value: view.title },
    { label: opening.hierarchy, value: view.hierarchy },
    ...(view.follows === undefined ? [] : [{ label: opening.follows, value: view.follows }]),
    ...view.roles.map(({ role, needed }) => ({ label: opening.needed(role), value: needed })),
    ...tokens.map((token) => ({ label: opening.token(token.name), value: opening.tokenIs(token) })),
  ];
}

/** The plan, its hash to be read aloud, and the word that starts the ceremony. */
export function Opening({ snapshot }: SceneProps): ReactNode {
  const { view, firstWord } = snapshot;
  const { start } = useCeremony();
  const first = view.current?.headline ?? '';
  const resumed = view.resumptions > 0;
  return (
    <Stage
      view={view}
      over={view.title}
      headline={opening.title}
      area={(unread) => (
        <WordEntry
          who={opening.who}
          say={resumed ? opening.resume(firstWord, first) : opening.begin(firstWord, first)}
          word={firstWord}
          button={opening.button[firstWord] ?? opening.start}
          unread={unread}
          enter={start}
        />
      )}
    >
      {view.rehearsal ? <p className="rehearsal">{text.rehearsalBanner}</p> : null}
      {resumed ? <p className="notice">{opening.resumed(view.resumptions)}</p> : null}
      <h2>{opening.hashTitle}</h2>
      <p>{opening.hash}</p>
      <Hashed sha256={view.planHash} label={opening.hashTitle} />
      <h2>{opening.about}</h2>
      <Facts facts={aboutFacts(snapshot)} />
      <h2>{opening.acts}</h2>
      <ActList acts={view.acts} />
    </Stage>
  );
}
