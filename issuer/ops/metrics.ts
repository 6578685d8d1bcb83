import type { AcmeCounters } from '../acme/services.ts';
import type { DatabaseCounters } from '../store/database.ts';

export interface MetricSources {
  readonly database: DatabaseCounters;
  readonly acme: AcmeCounters;
  /** Challenges waiting for or under validation in this process. */
  readonly validating: () => number;
}

type Row = readonly [name: string, type: 'counter' | 'gauge', help: string, value: number];

/** All counters in the text format of Prometheus. */
export function renderMetrics({ database, acme, validating }: MetricSources): string {
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
    ['process_cpu_seconds_total', 'counter', 'CPU time of this process, user and system.', (user + system) / 1e6],
    ['process_resident_memory_bytes', 'gauge', 'Resident memory of this process.', process.memoryUsage.rss()],
  ];
  return rows
    .map(([name, type, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`)
    .join('');
}
