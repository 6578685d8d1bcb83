/** An issue-value (RFC 8659 §4.2): a CA's domain, and parameters by their lower-case tags. */
export interface IssueValue {
  /** Lower case; empty when no CA is named. */
  readonly domain: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const domainName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*)?$/u;
const parameter = /^([A-Za-z0-9]+)[ \t]*=[ \t]*([\x21-\x3a\x3c-\x7e]*)$/u;

function trim(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/gu, '');
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
