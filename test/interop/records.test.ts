import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clientsDoc, clientsDocFile } from '../house/clients-doc.ts';
import { clients } from './records/all.ts';

const files = (folder: string, ending: string): string[] =>
  readdirSync(new URL(folder, import.meta.url))
    .filter((name) => name.endsWith(ending) && name !== 'all.ts' && name !== 'records.test.ts')
    .map((name) => name.slice(0, -ending.length))
    .toSorted();

describe('the clients we say we work with', () => {
  it('are what docs/clients.md shows (node test/house/make-clients-doc.ts writes it)', () => {
    expect(readFileSync(clientsDocFile, 'utf8')).toBe(clientsDoc());
  });

  it('have a record, a test file and a column each', () => {
    expect(files('records/', '.ts')).toEqual(files('.', '.test.ts'));
    expect(clients).toHaveLength(files('.', '.test.ts').length);
  });
});
