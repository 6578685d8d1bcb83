// Counts tests over all suites and names every skipped one with its reason: what a machine could not check is said aloud.
import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

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

export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    const skipped: string[] = [];
    for (const module of modules) {
      if (module.state() === 'failed' && [...module.children.allTests('failed')].length === 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') counts.passed += 1;
        else if (result.state === 'failed') counts.failed += 1;
        else {
          counts.skipped += 1;
          const note = result.state === 'skipped' ? result.note : undefined;
          skipped.push(`${fullName(test)}: ${note ?? 'no reason given'}`);
        }
      }
    }
    for (const line of skipped) console.log(`SKIPPED  ${line}`);
    for (const line of slowest(modules)) console.log(line);
    const file = process.env['COLDROOT_COUNTS'];
    if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
  }
}

export { CountReporter as default };
