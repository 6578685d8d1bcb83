/** Parts of a pattern: escapes, classes, groups, repetitions, plain characters. What is not here (look-around, references) is refused. */
const part =
  /\\[dDwWsS]|\\[pP]\{[A-Za-z_=]{1,40}\}|\\[\\.\-[\](){}*+?^$|/]|\[(?:[^\]\\]|\\.)+\]|\((?:\?:|(?!\?))|[)|^$]|[*+?]|\{\d{1,3}(?:,(?:\d{1,3})?)?\}|[^\\()[\]{}*+?|^$]/gu;

/** Together these bound how many ways there are to match an answer of 500 characters: some ten million. */
const maximumRepetitions = 2;
const maximumAlternatives = 6;

interface Counted {
  readonly repetitions: number;
  readonly alternatives: number;
  /** A group with several ways to match is itself repeated. */
  readonly nested: boolean;
}

function count(parts: readonly string[]): Counted {
  let [repetitions, alternatives, nested] = [0, 0, false];
  /** For each group that is open, whether there are several ways to match what stood in it so far. */
  const open: boolean[] = [];
  let closed: boolean | undefined;
  for (const one of parts) {
    const fixed = /^\{\d+\}$/u.test(one);
    const repeats = /^(?:[*+]|\{\d+,\d*\})$/u.test(one);
    const varies = repeats || one === '?' || one === '|';
    if (closed === true && (fixed || repeats)) nested = true;
    if (closed === false && repeats) nested = true;
    if (repeats) repetitions += 1;
    else if (varies) alternatives += 1;
    if (varies && open.length > 0) open.fill(true);
    closed = one === ')' ? (open.pop() ?? false) : undefined;
    if (one.startsWith('(')) open.push(false);
  }
  return { repetitions, alternatives, nested };
}

/**
 * Whether a text is a regular expression that answers can be matched with in bounded time. Plans are reviewed, but one
 * that backtracks for ever, such as `(\\w+\\s?)+`, looks harmless and would stop a ceremony at the first typing mistake.
 */
export function isSimplePattern(text: string): boolean {
  const parts = text.match(part) ?? [];
  if (parts.length === 0 || parts.join('') !== text) return false;
  try {
    if (new RegExp(text, 'u').source === '') return false;
  } catch {
    return false;
  }
  const { repetitions, alternatives, nested } = count(parts);
  return !nested && repetitions <= maximumRepetitions && alternatives <= maximumAlternatives;
}
