import type { Where } from '../../../core/ports/coded-error.ts';

/** A place in an input, as editors write it. */
export function whereText({ file, line, column, field }: Where): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return [place, field].filter((part) => part !== undefined && part !== '').join(' ');
}
