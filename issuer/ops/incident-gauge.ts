import type { Clock } from '../../core/ports/clock.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import type { Queries } from '../store/database.ts';
import { readProgress, type IncidentProgress } from '../store/incidents.ts';
import type { Series } from './series.ts';

const open = 'coldroot_incidents_open';
const unreplaced = 'coldroot_incident_certificates';
const deadline = 'coldroot_incident_deadline_timestamp_seconds';

function gauge(family: string, help: string, labels: string, value: number): Series {
  return { family, name: family, type: 'gauge', help, labels, value, across: 'most' };
}

/** Open incidents (RFC 9773) as numbers to watch and to alarm on: how many certificates are left, and until when. */
export class IncidentGauge {
  #progress: readonly IncidentProgress[] = [];
  readonly #queries: Queries;
  readonly #clock: Clock;

  constructor(queries: Queries, clock: Clock) {
    this.#queries = queries;
    this.#clock = clock;
  }

  /** Counts anew: a job, because a scrape waits for nothing. */
  async refresh(): Promise<void> {
    this.#progress = await readProgress(this.#queries, formatUtc(this.#clock.now()));
  }

  series(): readonly Series[] {
    const each = this.#progress.flatMap(({ id, issuer, certificates, replaced, deadline: end }) => {
      const labels = `incident="${id}",issuer="${issuer}"`;
      return [
        gauge(
          unreplaced,
          'Certificates of an incident, by whether an order replaces them.',
          `${labels},replaced="false"`,
          certificates - replaced,
        ),
        gauge(
          unreplaced,
          'Certificates of an incident, by whether an order replaces them.',
          `${labels},replaced="true"`,
          replaced,
        ),
        gauge(deadline, 'By when, in seconds since 1970.', labels, end),
      ];
    });
    return [
      gauge(open, 'Incidents that have not been ended (the most urgent twenty).', '', this.#progress.length),
      ...each,
    ];
  }
}
