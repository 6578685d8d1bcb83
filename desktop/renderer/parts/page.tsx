import type { ReactNode } from 'react';
import { useGo } from '../place.ts';
import { text } from '../text.ts';
import { Title } from './title.tsx';

interface PageProps {
  readonly title: string;
  readonly why?: string;
  readonly children: ReactNode;
  /** At the foot, always in sight: the one primary action and what is beside it. */
  readonly actions?: ReactNode;
  readonly home?: boolean;
}

/** A screen outside a running ceremony. */
export function Page({ title, why, children, actions, home = false }: PageProps): ReactNode {
  const go = useGo();
  return (
    <div className="page">
      <main className="page-scroll" tabIndex={0} aria-label={title}>
        <div className="page-column">
          <header className="headline">
            <Title>{title}</Title>
            {why === undefined ? null : <p>{why}</p>}
          </header>
          {children}
        </div>
      </main>
      {home && actions === undefined ? null : (
        <footer className="page-actions">
          {actions}
          {home ? null : (
            <button
              type="button"
              className="quiet"
              onClick={() => {
                go({ at: 'home' });
              }}
            >
              {text.check.back}
            </button>
          )}
        </footer>
      )}
    </div>
  );
}
