import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { shippedPlans } from '../support/ready-plans.ts';
import { shippedPlan } from '../support/rehearsal-room.ts';
import { schemaFile, schemaNames } from './schemas.ts';

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

function schemaOf(name: (typeof schemaNames)[number]): JsonSchema {
  return JSON.parse(schemaFile(name).text) as JsonSchema;
}

/** Every object in a schema that lists properties, with where it stands. */
function closedObjects(schema: unknown, at = ''): readonly (readonly [string, unknown])[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const inner = Object.entries(schema).flatMap(([key, value]) => closedObjects(value, `${at}/${key}`));
  const isObject = 'properties' in schema && 'type' in schema && schema.type === 'object';
  return isObject ? [[at, (schema as { additionalProperties?: unknown }).additionalProperties], ...inner] : inner;
}

describe('the JSON Schemas in docs/schema (node test/house/make-schemas.ts writes them anew)', () => {
  it.each(schemaNames)('%s.json is what the program reads by', (name) => {
    const { url, text } = schemaFile(name);
    expect(readFileSync(url, 'utf8')).toBe(text);
  });

  it.each(schemaNames)('%s.json lets an editor mark every unknown key', (name) => {
    const open = closedObjects(schemaOf(name)).filter(([, additional]) => additional !== false);
    expect(open).toEqual([]);
  });

  it.each(shippedPlans())('accept the plan %s, and refuse it with a word misspelt', (name) => {
    const plan = parse(readFileSync(shippedPlan(name), 'utf8')) as Record<string, unknown>;
    const schema = z.fromJSONSchema(schemaOf('plan'));
    expect(schema.safeParse(plan).error?.issues ?? []).toEqual([]);
    const { title, ...rest } = plan;
    expect(schema.safeParse({ ...rest, titel: title }).success).toBe(false);
    const acts = [{ do: 'check-rooms' }];
    expect(schema.safeParse({ ...plan, acts }).success).toBe(false);
  });
});
