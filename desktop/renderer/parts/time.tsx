import type { ReactNode } from 'react';
import { text } from '../text.ts';

const local = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' });

/** A time in UTC with this machine's local time beside it. */
export function Time({ utc }: { readonly utc: string }): ReactNode {
  const instant = new Date(utc);
  if (Number.isNaN(instant.getTime())) return <span className="time">{utc}</span>;
  const [day = '', time = ''] = instant
    .toISOString()
    .replace(/\.\d+Z$/u, '')
    .split('T');
  return (
    <time className="time" dateTime={utc}>
      {day} {time} {text.utc} <span className="time-local">({text.local(local.format(instant))})</span>
    </time>
  );
}
