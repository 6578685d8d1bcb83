import type { ReactNode } from 'react';
import type { Fact } from '../../../core/ceremony/prompt.ts';
import { Facts, Hashed } from '../parts/facts.tsx';
import { Stage } from '../parts/stage.tsx';
import { useGo } from '../place.ts';
import { text } from '../text.ts';
import { useCeremony } from '../use-ceremony.ts';
import type { SceneProps } from './scene.ts';

const { end } = text;

function madeFacts({ made, places }: SceneProps['snapshot']): readonly Fact[] {
  return [...made.facts, { label: end.journal, value: places.journal }, { label: end.output, value: places.output }];
}

function EndArea({ snapshot: { ceremony, made } }: SceneProps): ReactNode {
  const go = useGo();
  const { leave } = useCeremony();
  const close = (): void => {
    void leave().then(() => {
      go({ at: 'home' });
    });
  };
  const to = (at: 'export' | 'viewer' | 'transcript') => (): void => {
    go({ at, ceremony });
  };
  const exportable = made.bundle !== null;
  return (
    <section className="area" aria-labelledby="ended">
      <h2 id="ended" className="area-say">
        {end.exportWhy}
      </h2>
      <div className="area-actions">
        {exportable ? (
          <button type="button" className="primary" onClick={to('export')}>
            {end.export}
          </button>
        ) : null}
        <button type="button" className={exportable ? 'quiet' : 'primary'} onClick={to('transcript')}>
          {text.home.transcript}
        </button>
        <button type="button" className="quiet" onClick={to('viewer')}>
          {text.home.look}
        </button>
        <button type="button" className="quiet" onClick={close}>
          {end.close}
        </button>
      </div>
    </section>
  );
}

/** What was made, where it is, and its hash to be read aloud. */
export function Ended({ snapshot }: SceneProps): ReactNode {
  const { view, made } = snapshot;
  const finished = view.status === 'finished';
  const { bundle } = made;
  return (
    <Stage
      view={view}
      over={view.title}
      headline={finished ? end.finished : end.aborted}
      tone={finished ? 'done' : 'failure'}
      areaTakesFocus={false}
      area={() => <EndArea snapshot={snapshot} />}
    >
      {finished ? null : <p className="notice">{end.abortedWhy}</p>}
      {bundle === null ? (
        <p>{end.noBundle}</p>
      ) : (
        <>
          <h2>{end.bundleTitle}</h2>
          <p>{end.bundleWhy}</p>
          <Facts facts={[{ label: end.bundle, value: end.bundleIs(bundle.file, bundle.epoch) }]} />
          <Hashed sha256={bundle.sha256} label={end.bundleTitle} />
        </>
      )}
      <h2>{end.title}</h2>
      <Facts facts={madeFacts(snapshot)} />
    </Stage>
  );
}
