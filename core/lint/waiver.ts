import { z } from 'zod';
import { instantSchema, parseUtc } from '../profile/dates.ts';
import type { Finding } from './rule.ts';
import { unwaivable } from './unwaivable.ts';

/**
 * Permission to break one rule for one object: typed, scoped, reasoned, signed for and expiring. A bare list of rule
 * names is what let a missing EKU through in May 2026; this is its opposite.
 */
export const waiverSchema = z.strictObject({
  rule: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)+$/u, 'not a rule id such as root-validity-period'),
  /** Name of the profile (or, for a CRL, of the issuer key) in the plan that it is for. */
  object: z.string().min(1).max(64),
  reason: z.string().min(20, 'say in a sentence why this rule may be broken here').max(1000),
  clause: z.string().min(3).max(200),
  approver: z.string().min(3).max(200),
  expires: instantSchema,
});
export type Waiver = z.infer<typeof waiverSchema>;

/** Waivers for one object at one time, and which of them were needed. */
export interface WaiverScope {
  readonly waivers: readonly Waiver[];
  readonly object: string;
  /** Seconds since the epoch: an expired waiver waives nothing. */
  readonly now: number;
}

/** The waiver that covers a finding about this object, whatever the day; none where the rule cannot be waived. */
export function waiverOf(
  { rule }: Pick<Finding, 'rule'>,
  { waivers, object }: Omit<WaiverScope, 'now'>,
): Waiver | undefined {
  return unwaivable.has(rule) ? undefined : waivers.find((one) => one.rule === rule && one.object === object);
}

/** Splits findings into those that stand and those that a waiver in scope covers. */
export function applyWaivers(
  findings: readonly Finding[],
  { waivers, object, now }: WaiverScope,
): { readonly standing: readonly Finding[]; readonly waived: readonly { finding: Finding; waiver: Waiver }[] } {
  const standing: Finding[] = [];
  const waived: { finding: Finding; waiver: Waiver }[] = [];
  const valid = waivers.filter(({ expires }) => (parseUtc(expires) ?? 0) > now);
  for (const finding of findings) {
    const waiver = waiverOf(finding, { waivers: valid, object });
    if (waiver === undefined) standing.push(finding);
    else waived.push({ finding, waiver });
  }
  return { standing, waived };
}
