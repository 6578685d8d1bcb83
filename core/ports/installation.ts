/** How the files of an installed program compare with the list they were installed with. */
export interface Installation {
  /** SHA-256 of the list itself, lower-case hex: the one value to compare with paper. */
  readonly list: string;
  /** How many files it lists. */
  readonly files: number;
  /** Paths of what is not as listed, sorted; all empty where everything is. */
  readonly changed: readonly string[];
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

const line = /^([0-9a-f]{64}) {2}([^\0\n]{1,400})$/u;

/** Hashes by path, from a list in sha256sum's format, sorted, each path once; undefined if it is anything else. */
export function readFileList(text: string): ReadonlyMap<string, string> | undefined {
  if (!text.endsWith('\n')) return undefined;
  const listed = new Map<string, string>();
  let last = '';
  for (const row of text.slice(0, -1).split('\n')) {
    const [, hash, path] = line.exec(row) ?? [];
    if (hash === undefined || path === undefined || path <= last) return undefined;
    listed.set(path, hash);
    last = path;
  }
  return listed;
}

/** What differs between the files that are listed and those that are there. */
export function compareFiles(
  listed: ReadonlyMap<string, string>,
  there: ReadonlyMap<string, string>,
): Pick<Installation, 'changed' | 'missing' | 'extra'> {
  const paths = [...listed.keys()];
  return {
    changed: paths.filter((path) => there.has(path) && there.get(path) !== listed.get(path)).sort(),
    missing: paths.filter((path) => !there.has(path)).sort(),
    extra: [...there.keys()].filter((path) => !listed.has(path)).sort(),
  };
}

/** What is not as listed, for people: `changed dist/coldroot.js`; at most ten of them by name. */
export function differences({ changed, missing, extra }: Installation): readonly string[] {
  const all = [
    ...changed.map((path) => `changed ${path}`),
    ...missing.map((path) => `missing ${path}`),
    ...extra.map((path) => `not listed ${path}`),
  ];
  return all.length <= 10 ? all : [...all.slice(0, 10), `and ${all.length - 10} more`];
}
