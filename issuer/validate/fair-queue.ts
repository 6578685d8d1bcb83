import type { ChallengeJob } from '../store/challenge.ts';

/** One of so many places is never taken by an account that has all the others. */
const placesForOneLeft = 8;

/**
 * Jobs that wait for one of `places`, bounded, so that no account waits long for what another has asked for: next is a job of
 * who has the fewest under way, and some places are left to others. A server that answers slowly would else hold all of them
 * for the account that sent us there a hundred times.
 */
export class FairQueue {
  readonly #places: number;
  readonly #most: number;
  readonly #waiting: ChallengeJob[] = [];
  readonly #underWay = new Map<string, number>();

  constructor(places: number, most: number) {
    this.#places = places;
    this.#most = most;
  }

  get length(): number {
    return this.#waiting.length;
  }

  has(id: string): boolean {
    return this.#waiting.some((job) => job.id === id);
  }

  #busy({ account_id: account }: ChallengeJob): number {
    return this.#underWay.get(account) ?? 0;
  }

  /** Puts a job in. Where that is one too many, the last one of the account with the most is taken out, and given back. */
  add(job: ChallengeJob): ChallengeJob | undefined {
    this.#waiting.push(job);
    if (this.#waiting.length <= this.#most) return undefined;
    const counts = new Map<string, number>();
    for (const { account_id: account } of this.#waiting) counts.set(account, (counts.get(account) ?? 0) + 1);
    const [greatest] = [...counts].toSorted(([, left], [, right]) => right - left);
    const index = this.#waiting.findLastIndex(({ account_id: account }) => account === greatest?.[0]);
    return this.#waiting.splice(index, 1)[0];
  }

  /** Takes out the job that is next, which is under way from now on; undefined when none may be. */
  next(): ChallengeJob | undefined {
    const forOne = this.#places - Math.floor(this.#places / placesForOneLeft);
    let best: { readonly index: number; readonly busy: number } | undefined;
    for (const [index, job] of this.#waiting.entries()) {
      const busy = this.#busy(job);
      if (busy < forOne && (best === undefined || busy < best.busy)) best = { index, busy };
    }
    const job = best === undefined ? undefined : this.#waiting.splice(best.index, 1)[0];
    if (job !== undefined) this.#underWay.set(job.account_id, this.#busy(job) + 1);
    return job;
  }

  /** A job that was under way has ended. */
  ended(job: ChallengeJob): void {
    const left = this.#busy(job) - 1;
    if (left > 0) this.#underWay.set(job.account_id, left);
    else this.#underWay.delete(job.account_id);
  }

  /** Takes out everything that waits. */
  clear(): readonly ChallengeJob[] {
    return this.#waiting.splice(0);
  }
}
