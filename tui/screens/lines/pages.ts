import { plain, type Block, type Line } from './line.ts';

/** Fewest rows of a long block worth starting at the bottom of a page. */
const worthStarting = 3;

/**
 * Lays blocks out on pages of `height` rows. A block that fits on a page is never split; one that does not goes on from
 * page to page, or has its own replacement. Nothing else is left out.
 */
export function paginate(blocks: readonly Block[], height: number): readonly (readonly Line[])[] {
  const room = Math.max(1, height);
  const done: (readonly Line[])[] = [];
  let page: Line[] = [];
  const turn = (): void => {
    if (page.length > 0) done.push(page);
    page = [];
  };
  for (const { lines: whole, gap, instead } of blocks) {
    const lines = instead !== undefined && whole.length > room ? instead : whole;
    const before = gap && page.length > 0 ? 1 : 0;
    const left = room - page.length - before;
    if (lines.length > left && (lines.length <= room || left < worthStarting)) turn();
    if (gap && page.length > 0) page.push(plain(''));
    for (const line of lines) {
      if (page.length === room) turn();
      page.push(line);
    }
  }
  turn();
  return done.length === 0 ? [[]] : done;
}

/** Rows on pages of `height`, the last one full: the newest rows are always together. */
export function paginateFromEnd(lines: readonly Line[], height: number): readonly (readonly Line[])[] {
  const room = Math.max(1, height);
  const first = lines.length % room;
  const pages: (readonly Line[])[] = first === 0 ? [] : [lines.slice(0, first)];
  for (let start = first; start < lines.length; start += room) pages.push(lines.slice(start, start + room));
  return pages.length === 0 ? [[]] : pages;
}
