/** What can be limited: the word of the configuration, and how `subject` tells one from another. */
export const limitKinds = [
  'newAccountsPerAddress',
  'ordersPerAccount',
  'ordersPerNames',
  'authorizationsPerAccount',
  'failedValidationsPerName',
] as const;
export type LimitKind = (typeof limitKinds)[number];

/** So many in a period, any of them at once. */
export interface RateLimit {
  readonly count: number;
  /** Seconds. */
  readonly period: number;
}

/** What becomes of a request: seconds to wait, 0 for none. */
export interface LimitRow {
  readonly wait: number;
}

const rule = `rule AS (
    SELECT coalesce(o.period, $4::float8) AS period, coalesce(o.period::float8 / o.count, $4::float8 / $3::float8) AS step,
      extract(epoch FROM clock_timestamp())::float8 AS now
    FROM (SELECT) AS one LEFT JOIN rate_limit_overrides o ON o.kind = $1 AND o.subject = $2)`;

/** Begins a statement about one limit: $1 kind, $2 subject, $3 count, $4 period; an override goes before both. */
export const limitRule = rule;

/** Seconds until one more fits, whole and never 0 where it does not: what Retry-After says. */
export const waiting = `(SELECT greatest(1, ceil(greatest(coalesce(l.rests_at, 0), rule.now) + rule.step - rule.period - rule.now))::int
    FROM rule LEFT JOIN rate_limits l ON l.kind = $1 AND l.subject = $2)`;
