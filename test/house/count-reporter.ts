// Counts tests over all suites and names every skipped one with its reason: what a machine could not check is said aloud. What
// was begun and never came to an end, because a worker died or hangs, has failed.
import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule, TestRunEndReason, TestSpecification } from 'vitest/node';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

function fullName(test: TestCase): string {
  return `${test.module.relativeModuleId}: ${test.fullName}`;
}

/** The ten files that took longest, for whoever wants the run to be shorter. */
function slowest(modules: readonly TestModule[]): readonly string[] {
  const timed = modules.map((module) => ({
    name: module.relativeModuleId,
    seconds: module.diagnostic().duration / 1000,
  }));
  return timed
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, 10)
    .map(({ name, seconds }) => `SLOWEST  ${seconds.toFixed(1).padStart(6)} s  ${name}`);
}

function add(test: TestCase, counts: Counts, said: string[]): void {
  const result = test.result();
  if (result.state === 'passed') counts.passed += 1;
  else if (result.state === 'failed') counts.failed += 1;
  else if (result.state === 'skipped') {
    counts.skipped += 1;
    said.push(`SKIPPED  ${fullName(test)}: ${result.note ?? 'no reason given'}`);
  } else {
    counts.failed += 1;
    said.push(`NO END   ${fullName(test)}`);
  }
}

/** What these modules came to, and what is to be said of their tests. */
function count(modules: readonly TestModule[]): readonly [Counts, readonly string[]] {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const said: string[] = [];
  for (const module of modules) {
    if (module.state() === 'failed' && [...module.children.allTests('failed')].length === 0) counts.failed += 1;
    for (const test of module.children.allTests()) add(test, counts, said);
  }
  return [counts, said];
}

export class CountReporter implements Reporter {
  readonly #file = process.env['COLDROOT_COUNTS'];
  readonly #ended: TestModule[] = [];
  #begun: readonly string[] = [];

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.#begun = specifications.map(({ moduleId }) => moduleId);
    this.#write({ passed: 0, failed: 0, skipped: 0 });
  }

  /** Kept at every step, for a run that is cut off tells nothing any more. */
  onTestModuleEnd(module: TestModule): void {
    this.#ended.push(module);
    this.#write(count(this.#ended)[0]);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[], reason: TestRunEndReason): void {
    const [counts, said] = count(modules);
    counts.failed += unhandledErrors.length;
    for (const line of [...said, ...slowest(modules)]) console.log(line);
    if (reason !== 'interrupted') this.#begun = [];
    this.#write(counts);
  }

  #write(counts: Counts): void {
    if (this.#file === undefined) return;
    const ended = new Set(this.#ended.map(({ moduleId }) => moduleId));
    const unfinished = this.#begun.filter((name) => !ended.has(name));
    writeFileSync(this.#file, JSON.stringify({ counts, unfinished }));
  }
}

export { CountReporter as default };
