// `npm test`: the gates (types, lint and layers, format, dead code), then every suite. Output of a gate is shown only when it
// fails. The last line, alone, counts everything.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Counts } from './house/count-reporter.ts';

const root = path.resolve(import.meta.dirname, '..');
const bin = path.join(root, 'node_modules/.bin');

/** No run takes so long: what hangs is ended, and told. */
const longestMilliseconds = 3_600_000;

/** Name, command, and what it proves. `--force` because tsc 7.0.2 overlooks changes in an extended configuration. */
const gates: readonly (readonly [string, readonly string[]])[] = [
  ['types', ['tsc', '-b', '--force']],
  ['lint and layers', ['oxlint', '--deny-warnings']],
  ['format', ['oxfmt', '--check']],
  ['dead code', ['knip', '--no-progress']],
];

function runGate([name, [command = '', ...args]]: (typeof gates)[number]): boolean {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(path.join(bin, command), args, { cwd: root, encoding: 'utf8' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'}  ${name} (${command}, ${seconds} s)`);
  if (status !== 0) console.log(`${stdout}${stderr}`);
  return status === 0;
}

/** What the suites came to. Files that were begun and not ended have failed, and so has a run that says it has. */
function told(summary: string, ended: boolean): Counts {
  const { counts, unfinished } = JSON.parse(readFileSync(summary, 'utf8')) as { counts: Counts; unfinished: string[] };
  for (const file of unfinished) console.log(`NO END   ${path.relative(root, file)}`);
  const failed = counts.failed + unfinished.length;
  if (ended || failed > 0) return { ...counts, failed };
  console.log('The suites failed, though no test did.');
  return { ...counts, failed: 1 };
}

function runSuites(args: readonly string[]): Counts {
  const directory = mkdtempSync(path.join(tmpdir(), 'coldroot-test-'));
  const summary = path.join(directory, 'counts.json');
  try {
    const reporters = ['--reporter=default', '--reporter=./test/house/count-reporter.ts'];
    const { status } = spawnSync(path.join(bin, 'vitest'), ['run', ...reporters, ...args], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, COLDROOT_COUNTS: summary },
      timeout: longestMilliseconds,
    });
    return told(summary, status === 0);
  } catch {
    console.log('The suites ended without a result.');
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const args = process.argv.slice(2);
const passedGates = gates.map(runGate);
const good = passedGates.filter(Boolean).length;
const counts: Counts = { passed: good, failed: passedGates.length - good, skipped: 0 };
if (!args.includes('--gates')) {
  const suites = runSuites(args);
  counts.passed += suites.passed;
  counts.failed += suites.failed;
  counts.skipped += suites.skipped;
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;
