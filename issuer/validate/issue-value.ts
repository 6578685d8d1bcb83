/** An issue-value (RFC 8659 §4.2): a CA's domain, and parameters by their lower-case tags. */
export interface IssueValue {
  /** Lower case; empty when no CA is named. */
  readonly domain: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const domainName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*)?$/u;
const parameter = /^([A-Za-z0-9]+)[ \t]*=[ \t]*([\x21-\x3a\x3c-\x7e]*)$/u;

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/** By hand: a pattern that looks for blanks at an end tries again at each blank of a long text, and a TXT record is one. */
function trim(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && isBlank(text[from])) from += 1;
  while (to > from && isBlank(text[to - 1])) to -= 1;
  return text.slice(from, to);
}

/** Reads one; undefined when it is not of that form or holds a parameter twice: such a value permits nobody. */
export function parseIssueValue(text: string): IssueValue | undefined {
  const [first = '', ...rest] = text.split(';').map(trim);
  const domain = first.toLowerCase();
  if (!domainName.test(domain)) return undefined;
  const parameters = new Map<string, string>();
  const given = rest.at(-1) === '' ? rest.slice(0, -1) : rest;
  for (const part of given) {
    const [, tag = '', value = ''] = parameter.exec(part) ?? [];
    const key = tag.toLowerCase();
    if (key === '' || parameters.has(key)) return undefined;
    parameters.set(key, value);
  }
  return { domain, parameters };
}
