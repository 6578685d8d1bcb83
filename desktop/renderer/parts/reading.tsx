import { useEffect, useRef, type ReactNode } from 'react';
import { text } from '../text.ts';

/** How near to its end counts as the end: fractions of a pixel come from zooming. */
const slack = 12;

interface ReadingProps {
  readonly children: ReactNode;
  /** Called with whether the end has been on the screen. */
  readonly onRead: (read: boolean) => void;
}

/**
 * What must be read before answering. Page Up and Page Down turn it wherever the keyboard is, so that nobody has to leave
 * the field they type in.
 */
export function Reading({ children, onRead }: ReadingProps): ReactNode {
  const region = useRef<HTMLElement>(null);
  useEffect(() => {
    const { current } = region;
    if (current === null) return undefined;
    const look = (): void => {
      onRead(current.scrollTop + current.clientHeight >= current.scrollHeight - slack);
    };
    const turn = (event: KeyboardEvent): void => {
      if (event.key !== 'PageDown' && event.key !== 'PageUp') return;
      if (document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      current.scrollBy({ top: (event.key === 'PageDown' ? 0.85 : -0.85) * current.clientHeight });
    };
    const observer = new ResizeObserver(look);
    observer.observe(current);
    current.addEventListener('scroll', look, { passive: true });
    addEventListener('keydown', turn);
    look();
    return () => {
      observer.disconnect();
      current.removeEventListener('scroll', look);
      removeEventListener('keydown', turn);
    };
  }, [onRead]);
  return (
    <section ref={region} className="reading" tabIndex={0} aria-label={text.reading}>
      {children}
    </section>
  );
}
