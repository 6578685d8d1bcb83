import { z } from 'zod';
import { instantSchema, parseUtc } from '../profile/dates.ts';
import type { Finding } from './rule.ts';

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

/** Splits findings into those that stand and those that a waiver in scope covers. */
export function applyWaivers(
  findings: readonly Finding[],
  { waivers, object, now }: WaiverScope,
): { readonly standing: readonly Finding[]; readonly waived: readonly { finding: Finding; waiver: Waiver }[] } {
  const standing: Finding[] = [];
  const waived: { finding: Finding; waiver: Waiver }[] = [];
  for (const finding of findings) {
    const waiver = waivers.find(
      (candidate) =>
        candidate.rule === finding.rule && candidate.object === object && (parseUtc(candidate.expires) ?? 0) > now,
    );
    if (waiver === undefined) standing.push(finding);
    else waived.push({ finding, waiver });
  }
  return { standing, waived };
}
