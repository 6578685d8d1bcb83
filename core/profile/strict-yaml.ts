import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, visit, type Document } from 'yaml';
import type { z } from 'zod';
import type { Refusal, Where } from '../ports/coded-error.ts';

/** Longest plan, binding, answers or configuration file. */
const maximumCharacters = 1_000_000;
const maximumRefusals = 20;

export type YamlVerdict<T> =
  | { readonly ok: true; readonly value: T; readonly locate: (path: readonly PropertyKey[]) => Where }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

const remedy = 'Correct the file at the place named and check it again.';

/** What strict YAML leaves out: anchors, aliases, tags, merge keys and several documents hide what a reviewer reads. */
function forbidden(document: Document.Parsed, at: (offset: number | undefined) => Where): Refusal | undefined {
  let found: Refusal | undefined;
  visit(document, (_, node) => {
    if (found !== undefined) return visit.BREAK;
    const anchored = (isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined;
    const tagged = (isMap(node) || isSeq(node) || isScalar(node)) && node.tag?.startsWith('!') === true;
    const odd = isAlias(node) || anchored || tagged;
    if (odd) {
      const where = at(node.range?.[0]);
      const message = 'Anchors, aliases and tags are not allowed: they hide what stands in the file.';
      found = { code: 'yaml-feature', message, remedy: 'Write the value out where it is used.', where };
    }
    if (isPair(node) && isScalar(node.key) && node.key.value === '<<') {
      const where = at(node.key.range?.[0]);
      const message = 'Merge keys ("<<") are not allowed: they hide what stands in the file.';
      found = { code: 'yaml-feature', message, remedy: 'Write the keys out.', where };
    }
    return undefined;
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
 * Parses YAML 1.2 (core schema, strict: no anchors, aliases, tags, merge keys, duplicate keys, second document) and
 * then the value by a closed schema. Every refusal names file, line and column.
 */
export function parseStrictYaml<T>(text: string, file: string, schema: z.ZodType<T>): YamlVerdict<T> {
  if (text.length > maximumCharacters) {
    const message = `The file is longer than ${maximumCharacters} characters.`;
    return { ok: false, refusals: [{ code: 'yaml-too-long', message, remedy, where: { file } }] };
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
    const message = `${problem.message.split('\n')[0]?.replace(/ at line .*$/u, '') ?? 'not YAML'}.`;
    return { ok: false, refusals: [{ code: 'yaml-syntax', message, remedy, where: at(problem.pos[0]) }] };
  }
  const oddity = forbidden(document, at);
  if (oddity !== undefined) return { ok: false, refusals: [oddity] };
  const locate = (path: readonly PropertyKey[], key?: string): Where => {
    const field = [...path, ...(key === undefined ? [] : [key])].map(String).join('.');
    return { ...at(nodeAt(document, path, key)), ...(field === '' ? {} : { field }) };
  };
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (parsed.success) return { ok: true, value: parsed.data, locate };
  const refusals = parsed.error.issues.flatMap((issue) => issueRefusals(issue, locate)).slice(0, maximumRefusals);
  return { ok: false, refusals };
}
