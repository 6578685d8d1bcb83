// The tables beside this file name a test for each demand. A test that is renamed or gone makes them fail here.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { issuanceClauses } from './client-issuance-clauses.ts';
import { transportClauses } from './client-transport-clauses.ts';
import type { Clause } from './clause.ts';
import { draftClauses } from './draft-clauses.ts';
import { notHere } from './not-here.ts';
import { ocspClauses } from './ocsp-clauses.ts';
import { certificateClauses } from './rfc8555-certificate-clauses.ts';
import { messageClauses } from './rfc8555-message-clauses.ts';
import { successorClauses } from './successor-clauses.ts';
import { departures, textsRead } from './texts.ts';

const folder = path.resolve(import.meta.dirname, '..');
const document = path.resolve(folder, '../../docs/conformance.md');

function lacks([, demand, file, title]: Clause): string[] {
  const text = readFileSync(path.join(folder, file), 'utf8');
  // A title stands in quotes of either kind, with the quotes inside it escaped.
  const spelt = [title, title.replaceAll("'", "\\'"), title.replaceAll('"', '\\"')];
  return spelt.some((each) => text.includes(each)) ? [] : [`${demand}: ${file} has no test "${title}"`];
}

function table(heading: string, rows: readonly Clause[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const lines = rows.map(
    ([clause, demand, file, title]) => `| ${[clause, demand, `${title} (\`${file}\`)`].map(cell).join(' | ')} |`,
  );
  return `## ${heading}\n\n| where | what | test |\n| --- | --- | --- |\n${lines.join('\n')}\n`;
}

const tables = [
  ['RFC 8555, sections 6 to 9', [...messageClauses, ...certificateClauses]],
  ['RFCs that came after RFC 8555', successorClauses],
  ['Internet-Drafts', draftClauses],
  ['OCSP', ocspClauses],
  ['What real clients need beside that', [...transportClauses, ...issuanceClauses]],
] as const;

const introduction = `# What the issuer does of ACME, and the tests that prove it

For auditors and for people who write clients. Made from the tables in \`test/issuer/conformance\` by
\`vitest run test/issuer/conformance -u\`; edits here are overwritten. Files are below \`test/issuer\`; "%s" stands for the
rows of a test's table. What real clients do against it is in [clients.md](clients.md).

## Which texts were read

| text | read as |
| --- | --- |
${textsRead.map((row) => `| ${row.join(' | ')} |`).join('\n')}
`;

const departed = `## Where it departs from a text

| where | what | why |
| --- | --- | --- |
${departures.map((row) => `| ${row.join(' | ')} |`).join('\n')}
`;

const absent = `## What is not here

| where | what | why |
| --- | --- | --- |
${notHere.map((row) => `| ${row.join(' | ')} |`).join('\n')}
`;

describe('the tables of demands', () => {
  it.each(tables)('name tests that are there: %s', (_, rows) => {
    expect(rows.flatMap(lacks)).toEqual([]);
  });

  it('hold each demand once', () => {
    for (const [, rows] of tables) {
      const demands = rows.map(([clause, demand]) => `${clause} ${demand}`);
      expect(new Set(demands).size).toBe(demands.length);
    }
  });

  it('are current in docs/conformance.md (vitest run … -u writes it anew)', async () => {
    const text = [introduction, ...tables.map(([heading, rows]) => table(heading, rows)), departed, absent].join('\n');
    await expect(text).toMatchFileSnapshot(document);
  });
});
