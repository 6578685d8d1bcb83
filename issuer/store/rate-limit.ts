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

/** What counts for one subject: an override `o` before $3 count and $4 period. */
export const ruleColumns = `coalesce(o.period, $4::float8) AS period,
  coalesce(o.period::float8 / o.count, $4::float8 / $3::float8) AS step, extract(epoch FROM clock_timestamp())::float8 AS now`;

/** Begins a statement about one limit: $1 kind, $2 subject, $3 count, $4 period. */
export const limitRule = `rule AS (
    SELECT ${ruleColumns} FROM (SELECT) AS one LEFT JOIN rate_limit_overrides o ON o.kind = $1 AND o.subject = $2)`;
