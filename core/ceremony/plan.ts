import { z } from 'zod';
import { parseStrictYaml, type YamlVerdict } from '../profile/strict-yaml.ts';
import { acts } from './acts/registry.ts';
import { planHead, type ActConfig, type Plan } from './plan-types.ts';

type ActSchema = z.core.$ZodTypeDiscriminable & z.ZodType<ActConfig>;

/** An act of a plan: exactly one of the kinds there are, with exactly the keys that kind has. */
const actSchema = z.discriminatedUnion(
  'do',
  // The registry holds the acts with their own types put away; every one of them is an object with a literal `do`.
  acts.map(({ config }) => config) as unknown as [ActSchema, ...ActSchema[]],
);

/** A plan: reviewed, hashed, and never edited on the day. */
export const planSchema = z.strictObject({ ...planHead, acts: z.array(actSchema).min(1).max(200) });

/** Reads a plan file; refusals name line and column. Whether it makes sense as a whole is for `checkPlan`. */
export function parsePlan(text: string, file: string): YamlVerdict<Plan> {
  return parseStrictYaml(text, file, planSchema);
}
