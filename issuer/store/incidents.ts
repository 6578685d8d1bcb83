import type { Queries, Statement } from './database.ts';

/** "Renew everything that this issuer signed before then, by the deadline" (RFC 9773 §4.2). */
export interface Incident {
  readonly id: string;
  readonly issuer: string;
  readonly issued_before: number;
  readonly begins_at: number;
  readonly deadline: number;
  readonly explanation_url: string | null;
  readonly created_at: number;
  readonly ended_at: number | null;
}

export interface NewIncident {
  readonly id: string;
  readonly issuer: string;
  readonly issuedBefore: string;
  readonly begins: string;
  readonly deadline: string;
  readonly explanationUrl: string | null;
  readonly now: string;
}

const concerned = `certificates WHERE issuer = $1 AND status = 'issued' AND issued_at < $2::timestamptz
  AND order_id IS NOT NULL AND revoked_at IS NULL AND not_after > $3::timestamptz`;

const statements = {
  insert: {
    name: 'incident-insert',
    text: `INSERT INTO incidents (id, issuer, issued_before, begins_at, deadline, explanation_url, created_at)
      VALUES ($1, $2, $3::timestamptz, $4::timestamptz, $5::timestamptz, $6, $7::timestamptz)`,
    durable: true,
  },
  end: {
    name: 'incident-end',
    text: 'UPDATE incidents SET ended_at = $2::timestamptz WHERE id = $1 AND ended_at IS NULL RETURNING id',
    durable: true,
  },
  list: {
    name: 'incidents-list',
    text: `SELECT id, issuer, issued_before, begins_at, deadline, explanation_url, created_at, ended_at
      FROM incidents ORDER BY created_at, id`,
    durable: false,
  },
  progress: {
    name: 'incidents-progress',
    text: `SELECT i.id, i.issuer, i.deadline, c.certificates, c.replaced FROM incidents i, LATERAL (
        SELECT count(*)::integer AS certificates, count(replaced_by)::integer AS replaced FROM certificates
        WHERE issuer = i.issuer AND status = 'issued' AND issued_at < i.issued_before AND order_id IS NOT NULL
        AND revoked_at IS NULL AND not_after > $1::timestamptz) AS c
      WHERE i.ended_at IS NULL ORDER BY i.deadline, i.id LIMIT 20`,
    durable: false,
  },
  count: {
    name: 'incident-count',
    text: `SELECT count(*) AS certificates, count(replaced_by) AS replaced FROM ${concerned}`,
    durable: false,
  },
} as const satisfies Record<string, Statement>;

/** From now on every certificate that it concerns is suggested for renewal between its beginning and its deadline. */
export async function insertIncident(queries: Queries, incident: NewIncident): Promise<void> {
  const { id, issuer, issuedBefore, begins, deadline, explanationUrl, now } = incident;
  await queries.rows(statements.insert, [id, issuer, issuedBefore, begins, deadline, explanationUrl, now]);
}

/** Suggestions are as usual again; false when there is no such incident, or it has ended. */
export async function endIncident(queries: Queries, id: string, now: string): Promise<boolean> {
  return (await queries.rows(statements.end, [id, now])).length === 1;
}

export async function listIncidents(queries: Queries): Promise<readonly Incident[]> {
  return queries.rows<Incident>(statements.list);
}

/** How many certificates an incident concerns that are neither revoked nor expired, and how many of them have an order that replaces them. */
export async function countConcerned(
  queries: Queries,
  incident: { readonly issuer: string; readonly issuedBefore: string },
  now: string,
): Promise<{ readonly certificates: number; readonly replaced: number }> {
  const values = [incident.issuer, incident.issuedBefore, now];
  return (
    (await queries.first<{ certificates: number; replaced: number }>(statements.count, values)) ?? {
      certificates: 0,
      replaced: 0,
    }
  );
}

/** How far an incident has come: certificates it concerns that are in use, and how many have an order that replaces them. */
export interface IncidentProgress extends Pick<Incident, 'id' | 'issuer' | 'deadline'> {
  readonly certificates: number;
  readonly replaced: number;
}

/** The incidents that have not been ended, the most urgent twenty. */
export async function readProgress(queries: Queries, now: string): Promise<readonly IncidentProgress[]> {
  return queries.rows<IncidentProgress>(statements.progress, [now]);
}
