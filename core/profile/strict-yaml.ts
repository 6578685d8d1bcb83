import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
} from 'yaml';
import type { z } from 'zod';
import type { Refusal, Where } from '../ports/coded-error.ts';
import { misleadingAt } from '../ports/hidden-text.ts';

/** Longest plan, binding, answers or configuration file. */
const maximumCharacters = 1_000_000;
const maximumRefusals = 20;

export type YamlVerdict<T> =
  | { readonly ok: true; readonly value: T; readonly locate: (path: readonly PropertyKey[]) => Where }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

const remedy = 'Correct the file at the place named and check it again.';

/** The parser's messages that speak to programmers, said to people. */
const plainer: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'The file holds more than one document.',
  RESOURCE_EXHAUSTION: 'The file is nested too deeply.',
};

const hides = 'they hide what stands in the file.';

/** Where the first character stands that shows a reader something else than the parser reads; -1 where there is none. */
function deceivesAt(text: string): number {
  return misleadingAt(text.replaceAll(/[\t\n\r]/gu, ' '));
}

/** What is odd about one node of the document, and what to write instead; undefined when nothing is. */
function oddity(node: unknown): readonly [message: string, remedy: string] | undefined {
  const decorated = isMap(node) || isSeq(node) || isScalar(node);
  if (isAlias(node) || (decorated && (node.anchor !== undefined || node.tag !== undefined))) {
    return [`Anchors, aliases and tags are not allowed: ${hides}`, 'Write the value out where it is used.'];
  }
  if (isScalar(node) && typeof node.value === 'string' && deceivesAt(node.value) !== -1) {
    return ['A text holds a character that nobody can see, or that moves what is around it.', 'Take it out.'];
  }
  if (!isPair(node)) return undefined;
  const key = isScalar(node.key) ? node.key.value : undefined;
  if (key === '<<') return [`Merge keys ("<<") are not allowed: ${hides}`, 'Write the keys out.'];
  // 1 and "1" are two keys to YAML and one to whatever reads the value.
  if (typeof key !== 'string') return ['A key must be text.', 'Write it in quotes if it is a name.'];
  return key === '__proto__' ? ['No key may be named "__proto__".', 'Choose another name.'] : undefined;
}

/** What strict YAML leaves out: directives, anchors, aliases, tags, merge keys, keys that are not text. */
function forbidden(document: Document.Parsed, at: (offset: number | undefined) => Where): Refusal | undefined {
  const { directives } = document;
  if (directives !== undefined && (directives.yaml.explicit === true || Object.keys(directives.tags).length > 1)) {
    const remedy = 'Take the lines that begin with "%" out.';
    return { code: 'yaml-feature', message: `Directives are not allowed: ${hides}`, remedy, where: at(0) };
  }
  let found: Refusal | undefined;
  visit(document, (_, node) => {
    const odd = oddity(node);
    if (odd === undefined) return undefined;
    const [message, remedy] = odd;
    const place = isPair(node) && isNode(node.key) ? node.key : node;
    found = { code: 'yaml-feature', message, remedy, where: at(isNode(place) ? place.range?.[0] : undefined) };
    return visit.BREAK;
  });
  return found;
}

/** The node a path leads to, or the deepest one on the way that exists; for unknown keys, the key itself. */
function nodeAt(document: Document.Parsed, path: readonly PropertyKey[], key?: string): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined = document.contents?.range?.[0];
  for (const step of key === undefined ? path : [...path, key]) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
      if (pair === undefined) break;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (isMap(node) || isSeq(node) || isScalar(node)) offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}

function issueRefusals(
  issue: z.core.$ZodIssue,
  at: (path: readonly PropertyKey[], key?: string) => Where,
): readonly Refusal[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      code: 'yaml-unknown-key',
      message: `"${key}" is not a key that may stand here.`,
      remedy: 'Remove it or correct its spelling.',
      where: at(issue.path, key),
    }));
  }
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.find((errors) => errors.some(({ path }) => path.length > 0))?.[0];
    if (inner !== undefined) return issueRefusals({ ...inner, path: [...issue.path, ...inner.path] }, at);
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    const message = `The key "${String(issue.path.at(-1))}" is missing (${issue.expected}).`;
    return [{ code: 'yaml-missing-key', message, remedy: 'Add it.', where: at(issue.path) }];
  }
  return [
    { code: 'yaml-invalid-value', message: `${issue.message}.`.replace(/\.\.$/u, '.'), remedy, where: at(issue.path) },
  ];
}

/**
 * Parses YAML 1.2 (core schema, strict: no directives, anchors, aliases, tags, merge keys, duplicate keys, keys that are
 * not text, second document) and then the value by a closed schema. Every refusal names file, line and column.
 */
export function parseStrictYaml<T>(text: string, file: string, schema: z.ZodType<T>): YamlVerdict<T> {
  if (text.length > maximumCharacters) {
    const message = `The file is longer than ${maximumCharacters} characters.`;
    return { ok: false, refusals: [{ code: 'yaml-too-long', message, remedy, where: { file } }] };
  }
  const deceit = deceivesAt(text.replace(/^\ufeff/u, ' '));
  if (deceit !== -1) {
    const before = text.slice(0, deceit).split('\n');
    const where = { file, line: before.length, column: (before.at(-1) ?? '').length + 1 };
    const message =
      'Here stands a character that nobody can see, or that moves what is around it: a reviewer would be deceived.';
    return { ok: false, refusals: [{ code: 'yaml-hidden-character', message, remedy: 'Take it out.', where }] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    version: '1.2',
    strict: true,
    uniqueKeys: true,
    merge: false,
  });
  const at = (offset: number | undefined): Where => {
    const { line, col } = lines.linePos(offset ?? 0);
    return { file, line, column: col };
  };
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const [first = 'not YAML'] = problem.message.split('\n');
    const message = plainer[problem.code] ?? `${first.replace(/ at line .*$/u, '')}.`;
    return { ok: false, refusals: [{ code: 'yaml-syntax', message, remedy, where: at(problem.pos[0]) }] };
  }
  const odd = forbidden(document, at);
  if (odd !== undefined) return { ok: false, refusals: [odd] };
  const locate = (path: readonly PropertyKey[], key?: string): Where => {
    const field = [...path, ...(key === undefined ? [] : [key])].map(String).join('.');
    return { ...at(nodeAt(document, path, key)), ...(field === '' ? {} : { field }) };
  };
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (parsed.success) return { ok: true, value: parsed.data, locate };
  const refusals = parsed.error.issues.flatMap((issue) => issueRefusals(issue, locate)).slice(0, maximumRefusals);
  return { ok: false, refusals };
}
