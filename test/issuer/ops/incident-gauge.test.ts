import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/node/clock.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { IncidentGauge } from '../../../issuer/ops/incident-gauge.ts';
import { addUp, renderSeries } from '../../../issuer/ops/series.ts';
import { Database } from '../../../issuer/store/database.ts';
import { endIncident, insertIncident } from '../../../issuer/store/incidents.ts';
import { createIssuerDatabase, type TestDatabase } from '../../support/postgres.ts';

describe('the incidents among the metrics', () => {
  let test: TestDatabase;
  let database: Database;
  const at = (seconds: number): string => formatUtc(systemClock.now() + seconds);

  beforeAll(async () => {
    test = await createIssuerDatabase();
    database = new Database({ url: test.url, connections: 2, onError: () => undefined });
    await test.query(`INSERT INTO accounts VALUES ('a', 'main', 'valid', '{}', $1, '{}', now())`, [randomBytes(32)]);
    const certificate = async (more: { issued?: string; replaced?: string; revoked?: boolean }): Promise<void> => {
      const { issued = at(-100), replaced = null, revoked = false } = more;
      const id = randomBytes(8).toString('hex');
      await test.query(
        `INSERT INTO orders (id, account_id, directory, status, identifiers, awaiting, created_at, expires_at)
         VALUES ($1, 'a', 'main', 'valid', '[]', 0, now(), now())`,
        [id],
      );
      await test.query(
        `INSERT INTO certificates (serial, issuer, directory, account_id, order_id, status, tbs_sha256, spki_sha256, names,
           not_before, not_after, der, intended_at, issued_at, replaced_by, revoked_at, revocation_reason)
         VALUES ($1, 'issuing-i1', 'main', 'a', $2, 'issued', $3, $3, '{}', now(), now() + interval '1 day', '', now(),
           $4::timestamptz, $5, $6, $7)`,
        [
          randomBytes(16),
          id,
          randomBytes(32),
          issued,
          replaced,
          revoked ? at(-1) : null,
          revoked ? 'superseded' : null,
        ],
      );
    };
    for (const more of [{}, {}, { replaced: 'x' }, { revoked: true }, { issued: at(100) }]) await certificate(more);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('are how many certificates are left, how many are replaced, and until when, told once however many processes tell it', async () => {
    const gauge = new IncidentGauge(database, systemClock);
    await gauge.refresh();
    expect(renderSeries(gauge.series())).toContain('\ncoldroot_incidents_open 0\n');
    const deadline = at(3600);
    const incident = { id: 'incident-1', issuer: 'issuing-i1', issuedBefore: at(0), begins: at(0), deadline };
    await insertIncident(database, { ...incident, explanationUrl: null, now: at(0) });
    await gauge.refresh();
    const text = renderSeries(addUp([gauge.series(), gauge.series(), gauge.series()]));
    const labels = 'incident="incident-1",issuer="issuing-i1"';
    expect(text.split('\n').filter((line) => line.startsWith('coldroot'))).toEqual([
      'coldroot_incidents_open 1',
      `coldroot_incident_certificates{${labels},replaced="false"} 2`,
      `coldroot_incident_certificates{${labels},replaced="true"} 1`,
      `coldroot_incident_deadline_timestamp_seconds{${labels}} ${Date.parse(deadline) / 1000}`,
    ]);
    await endIncident(database, 'incident-1', at(0));
    await gauge.refresh();
    expect(renderSeries(gauge.series())).not.toContain('incident-1');
  });

  it('leave what is counted by each process to be added up', () => {
    const counter = { family: 'x', name: 'x', type: 'counter', help: '', labels: '', value: 2 } as const;
    expect(addUp([[counter], [counter]])).toEqual([{ ...counter, value: 4 }]);
  });
});
