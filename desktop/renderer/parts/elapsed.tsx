import { useEffect, useState, type ReactNode } from 'react';
import { pageNow } from '../clock.ts';
import { text } from '../text.ts';

/** How long something takes already, counted from what the host says. */
export function Elapsed({ since }: { readonly since: string | null }): ReactNode {
  const [now, setNow] = useState(pageNow);
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(pageNow());
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  if (since === null) return null;
  const seconds = Math.max(0, Math.floor((now - new Date(since).getTime()) / 1000));
  return (
    <p className="elapsed" role="timer">
      {text.working.elapsed(seconds)}
    </p>
  );
}
