/** What a span means; colour is never the only sign of it. */
export type Tone = 'warning' | 'failure' | 'done';

/** A run of text that looks the same throughout. */
export interface Span {
  readonly text: string;
  readonly bold?: boolean;
  readonly inverse?: boolean;
  readonly tone?: Tone;
}

/** One row of the screen, never wider than it was made for. */
export type Line = readonly Span[];

/** Rows that are kept on one page where they fit on one. */
export interface Block {
  readonly lines: readonly Line[];
  /** Whether an empty row goes before it, except at the top of a page. */
  readonly gap: boolean;
  /** What stands for it where it does not fit on one page: half of it would be worth nothing. */
  readonly instead?: readonly Line[];
}

export function plain(text: string): Line {
  return [{ text }];
}

export function bold(text: string): Line {
  return [{ text, bold: true }];
}

export function block(lines: readonly Line[], gap = true): Block {
  return { lines, gap };
}

/** A line's text without its looks. */
export function lineText(line: Line): string {
  return line.map(({ text }) => text).join('');
}
