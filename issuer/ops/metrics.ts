import type { AcmeCounters } from '../acme/services.ts';
import type { Traffic } from '../http/bounds.ts';
import type { DatabaseCounters } from '../store/database.ts';
import { version } from './version.ts';
import type { Series } from './series.ts';
import type { Stages } from './stages.ts';

export interface MetricSources {
  readonly database: DatabaseCounters;
  readonly acme: AcmeCounters;
  readonly traffic: Traffic;
  /** Challenges waiting for or under validation in this process. */
  readonly validating: () => number;
  /** Histograms, and what else counts for itself. */
  readonly stages: readonly Pick<Stages, 'series'>[];
}

type Row = readonly [name: string, type: 'counter' | 'gauge', help: string, value: number];

/** Every number this process has to tell. */
export function metricsOf({ database, acme, traffic, validating, stages }: MetricSources): readonly Series[] {
  const { user, system } = process.cpuUsage();
  const rows: readonly Row[] = [
    ['coldroot_sql_statements_total', 'counter', 'Statements sent to PostgreSQL.', database.statements],
    ['coldroot_sql_commits_total', 'counter', 'Transactions, single statements included.', database.commits],
    [
      'coldroot_sql_durable_commits_total',
      'counter',
      'Transactions that waited for the disk.',
      database.durableCommits,
    ],
    ['coldroot_orders_total', 'counter', 'Orders made.', acme.orders],
    ['coldroot_certificates_total', 'counter', 'Certificates issued for orders.', acme.certificates],
    ['coldroot_revocations_total', 'counter', 'Certificates revoked.', acme.revocations],
    ['coldroot_validations_in_process', 'gauge', 'Challenges waiting or being validated.', validating()],
    ['coldroot_requests_in_process', 'gauge', 'Requests that are not answered yet.', traffic.requests],
    [
      'coldroot_requests_refused_total',
      'counter',
      'Requests told to come again (503) because too many were being answered.',
      traffic.refusedRequests,
    ],
    [
      'coldroot_connections_refused_total',
      'counter',
      'Connections cut off because there were too many.',
      traffic.refusedConnections,
    ],
    ['process_cpu_seconds_total', 'counter', 'CPU time of this process, user and system.', (user + system) / 1e6],
    ['process_resident_memory_bytes', 'gauge', 'Resident memory of this process.', process.memoryUsage.rss()],
  ];
  const build = {
    family: 'coldroot_build_info',
    name: 'coldroot_build_info',
    type: 'gauge',
    help: 'Always 1; the label is the version that runs.',
    labels: `version="${version}"`,
    value: 1,
    across: 'most',
  } as const;
  const plain = rows.map(([name, type, help, value]) => ({ family: name, name, type, help, labels: '', value }));
  return [build, ...plain, ...stages.flatMap((each) => each.series())];
}
