import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../../tui/cli/exit-codes.ts';
import { runHere } from '../../support/rehearsal-room.ts';
import { schemaFile, schemaNames } from '../../house/schemas.ts';

describe('coldroot schema', () => {
  it.each(schemaNames)('%s prints the JSON Schema and nothing else', async (name) => {
    const { code, out, err } = await runHere('schema', name);
    expect([code, err]).toEqual([exitCodes.done, '']);
    expect(`${out}\n`).toBe(schemaFile(name).text);
    expect(JSON.parse(out)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
  });
});
