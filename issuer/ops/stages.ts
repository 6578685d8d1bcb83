import { monotonicSeconds } from '../../core/node/clock.ts';
import type { Series } from './series.ts';

/** Upper bounds in seconds. From half a millisecond, because most stages are short, to ten seconds. */
const bounds: readonly number[] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Histogram {
  readonly labels: string;
  /** How many were within each bound, and last how many beyond all of them: not cumulative. */
  readonly counts: number[];
  sum: number;
}

/** Histograms of how long things take, each told apart by one label. The set of labels is closed, so it stays small. */
export class Stages {
  readonly #family: string;
  readonly #help: string;
  readonly #histograms = new Map<string, Histogram>();

  constructor(family: string, help: string) {
    this.#family = family;
    this.#help = help;
  }

  /** Counts something that took this long; `labels` as they stand in the text: `stage="sign"`. */
  observe(labels: string, seconds: number): void {
    let histogram = this.#histograms.get(labels);
    if (histogram === undefined) {
      histogram = { labels, counts: Array.from({ length: bounds.length + 1 }, () => 0), sum: 0 };
      this.#histograms.set(labels, histogram);
    }
    const index = bounds.findIndex((bound) => seconds <= bound);
    const place = index === -1 ? bounds.length : index;
    histogram.counts[place] = (histogram.counts[place] ?? 0) + 1;
    histogram.sum += seconds;
  }

  /** Times `work`, however it ends. */
  async time<T>(labels: string, work: () => Promise<T>): Promise<T> {
    const from = monotonicSeconds();
    try {
      return await work();
    } finally {
      this.observe(labels, monotonicSeconds() - from);
    }
  }

  /** Everything counted so far, in the form that is exposed. */
  series(): readonly Series[] {
    const family = { family: this.#family, type: 'histogram', help: this.#help } as const;
    return [...this.#histograms.values()].flatMap(({ labels, counts, sum }) => {
      let total = 0;
      const buckets = counts.map((count, index) => {
        total += count;
        const name = `${this.#family}_bucket`;
        return { ...family, name, labels: `${labels},le="${bounds[index] ?? '+Inf'}"`, value: total };
      });
      return [
        ...buckets,
        { ...family, name: `${this.#family}_sum`, labels, value: sum },
        { ...family, name: `${this.#family}_count`, labels, value: total },
      ];
    });
  }
}
