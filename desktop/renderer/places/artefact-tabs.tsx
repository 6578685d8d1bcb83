import { useId, useState, type KeyboardEvent, type ReactNode } from 'react';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { toHex } from '../../../core/ports/hex.ts';
import type { ResponseOf } from '../../contract/methods.ts';
import { Facts } from '../parts/facts.tsx';
import { Qr } from '../parts/qr.tsx';
import { text } from '../text.ts';
import { visibleLines } from '../../../core/ceremony/visible.ts';

type ArtefactData = ResponseOf<'artefact'>;

const { viewer } = text;
type TabName = keyof typeof viewer.tabs;

/** DER as a hex listing: offset, then sixteen bytes. */
function hexListing(der: string): string {
  const hex = toHex(fromBase64(der));
  const rows = hex.match(/.{1,32}/gu) ?? [];
  return rows
    .map((row, index) => `${(index * 16).toString(16).padStart(6, '0')}  ${row.replaceAll(/..(?=.)/gu, '$& ')}`)
    .join('\n');
}

const panels: { readonly [T in TabName]: (artefact: ArtefactData) => ReactNode } = {
  fields: ({ sections }) => (
    <>
      {sections.map(({ title, facts }) => (
        <section key={title}>
          <h3>{visibleLines(title)}</h3>
          <Facts facts={facts} />
        </section>
      ))}
    </>
  ),
  der: ({ der }) => (
    <pre className="listing" tabIndex={0}>
      {hexListing(der ?? '')}
    </pre>
  ),
  pem: ({ pem }) => (
    <pre className="listing" tabIndex={0}>
      {pem}
    </pre>
  ),
  text: ({ text: content }) => (
    <pre className="listing" tabIndex={0}>
      {visibleLines(content ?? '')}
    </pre>
  ),
  qr: ({ sha256 }) => (
    <>
      <p>{viewer.qr}</p>
      <Qr content={sha256} label={viewer.qrLabel(sha256)} />
    </>
  ),
};

/** The tabs that have something in them. */
function tabsOf({ sections, der, pem, text: content }: ArtefactData): readonly TabName[] {
  const filled: readonly (readonly [TabName, boolean])[] = [
    ['fields', sections.length > 0],
    ['der', der !== null],
    ['pem', pem !== null],
    ['text', content !== null],
    ['qr', true],
  ];
  return filled.filter(([, there]) => there).map(([name]) => name);
}

/** One artefact in all its forms. Tabs are turned by the arrow keys, as everywhere. */
export function ArtefactTabs({ artefact }: { readonly artefact: ArtefactData }): ReactNode {
  const id = useId();
  const tabs = tabsOf(artefact);
  const [shown, show] = useState<TabName>(tabs[0] ?? 'qr');
  const turn = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(shown) + step + tabs.length) % tabs.length] ?? shown;
    show(next);
    document.querySelector<HTMLElement>(`[id="${id}-${next}"]`)?.focus();
  };
  return (
    <>
      <div className="tabs" role="tablist" onKeyDown={turn}>
        {tabs.map((name) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            className="tab"
            aria-selected={name === shown}
            aria-controls={`${id}-panel`}
            tabIndex={name === shown ? 0 : -1}
            onClick={() => {
              show(name);
            }}
          >
            {viewer.tabs[name]}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${shown}`}>
        {panels[shown](artefact)}
      </div>
    </>
  );
}
