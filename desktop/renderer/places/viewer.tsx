import { useState, type ReactNode } from 'react';
import type { ResponseOf } from '../../contract/methods.ts';
import { hexGroups, wordRows } from '../../../core/ceremony/words.ts';
import { Page } from '../parts/page.tsx';
import { RefusalBox } from '../parts/refusal.tsx';
import { Hash, Words } from '../parts/words.tsx';
import { text } from '../text.ts';
import { useReply } from '../use-reply.ts';
import { visibleLines } from '../../../core/ceremony/visible.ts';
import { ArtefactTabs } from './artefact-tabs.tsx';

type Line = ResponseOf<'artefacts'>['artefacts'][number];

const { viewer } = text;

function Artefact({ ceremony, line }: { readonly ceremony: string; readonly line: Line }): ReactNode {
  const { name, kind, title, bytes, sha256 } = line;
  const reply = useReply('artefact', { ceremony, name }, `${ceremony} ${name}`);
  return (
    <section className="artefact" aria-labelledby="artefact">
      <h2 id="artefact">{visibleLines(title)}</h2>
      <p className="small">
        {viewer.kinds[kind]}, {viewer.bytes(bytes)}
      </p>
      <h3>{viewer.fingerprint}</h3>
      <div className="hashed">
        <p className="hashed-hex">
          <Hash value={hexGroups(sha256)} />
        </p>
        <Words rows={wordRows(sha256)} label={text.readAloud(viewer.fingerprint)} />
      </div>
      {reply === undefined ? <p>{text.busy}</p> : null}
      {reply?.ok === false ? <RefusalBox refusal={reply.refusal} /> : null}
      {reply?.ok === true ? <ArtefactTabs key={name} artefact={reply.response} /> : null}
    </section>
  );
}

interface PickProps {
  readonly lines: readonly Line[];
  readonly chosen: string;
  readonly choose: (name: string) => void;
}

function Pick({ lines, chosen, choose }: PickProps): ReactNode {
  return (
    <nav className="pick" aria-label={viewer.choose}>
      <ul className="plain-list">
        {lines.map(({ name, title, kind }) => (
          <li key={name}>
            <button
              type="button"
              className="pick-item"
              aria-current={name === chosen ? 'true' : undefined}
              onClick={() => {
                choose(name);
              }}
            >
              {visibleLines(title)} <span className="small">{viewer.kinds[kind]}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Certificates, CRLs, CSRs and the bundle's manifest, decoded from their own bytes. */
export function Viewer({ ceremony }: { readonly ceremony: string }): ReactNode {
  const [chosen, choose] = useState<string | undefined>();
  const reply = useReply('artefacts', { ceremony }, ceremony);
  const lines = reply?.ok === true ? reply.response.artefacts : [];
  const line = lines.find(({ name }) => name === chosen) ?? lines[0];
  return (
    <Page title={viewer.title}>
      {reply === undefined ? <p>{text.busy}</p> : null}
      {reply?.ok === false ? <RefusalBox refusal={reply.refusal} /> : null}
      {reply?.ok === true && line === undefined ? <p>{viewer.none}</p> : null}
      {line === undefined ? null : (
        <div className="viewer">
          <Pick lines={lines} chosen={line.name} choose={choose} />
          <Artefact ceremony={ceremony} line={line} />
        </div>
      )}
    </Page>
  );
}
