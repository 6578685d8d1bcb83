/** Below this something essential would be cut off. */
export const smallest = { columns: 60, rows: 20 } as const;

/** From here on there are two columns. */
const wideFrom = 110;

const headerRows = 2;
const ruleRows = 1;
const sideMinimum = 38;
const sideMaximum = 60;
const gutter = 2;

/** Where everything goes in a window of some size. */
export interface Layout {
  readonly wide: boolean;
  /** Rows between the rule above and the area where people act. */
  readonly bodyRows: number;
  readonly mainColumns: number;
  readonly sideColumns: number;
}

/** The layout of a window: `areaRows` is what the area where people act takes at the bottom. */
export function layoutOf(size: { readonly columns: number; readonly rows: number }, areaRows: number): Layout {
  const wide = size.columns >= wideFrom;
  const side = wide ? Math.min(sideMaximum, Math.max(sideMinimum, Math.floor(size.columns / 3))) : 0;
  return {
    wide,
    bodyRows: Math.max(1, size.rows - headerRows - ruleRows - areaRows),
    mainColumns: wide ? size.columns - side - gutter : size.columns,
    sideColumns: side,
  };
}
