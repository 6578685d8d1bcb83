import { callAdmin } from '../admin/call.ts';
import { exitCodes } from '../ops/command-line.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import type { Loaded } from './loaded.ts';

type Options = Readonly<Record<string, string | boolean | undefined>>;

/** Options that are about the call and not about what is asked for. */
const aboutTheCall: ReadonlySet<string> = new Set(['config', 'cert', 'key', 'ca', 'json', 'help']);

function inputOf(act: string, options: Options): Record<string, unknown> {
  const asked = Object.entries(options).filter(([name, value]) => !aboutTheCall.has(name) && value !== undefined);
  const input = Object.fromEntries(
    asked.map(([name, value]) => [name.replace(/-([a-z])/gu, (_, letter: string) => letter.toUpperCase()), value]),
  );
  return act === 'revoke' ? { dryRun: false, ...input } : input;
}

/** Names of what is a time: seconds since the epoch in the API, a date for people. */
const timeName = /^(?:at|deadline|not_before|not_after|issued_before|.*_at)$/u;

function cell(value: unknown, name = ''): string {
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value)) return value.map((each) => cell(each)).join(' ') || '-';
  if (typeof value === 'number' && timeName.test(name)) return formatUtc(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Rows under their names, each column as wide as it must be. */
function table(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((name) => cell(row[name], name)))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  return cells
    .map(
      (line) =>
        `${line
          .map((text, index) => text.padEnd(widths[index] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function render(result: unknown): string {
  if (Array.isArray(result)) return result.length === 0 ? 'None.\n' : table(result as Record<string, unknown>[]);
  if (typeof result !== 'object' || result === null) return `${cell(result)}\n`;
  return Object.entries(result)
    .map(([name, value]) => (isRows(value) ? `\n${table(value)}` : `${name}: ${cell(value, name)}\n`))
    .join('');
}

function isRows(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.length > 0 && typeof value[0] === 'object';
}

/** Runs a command that asks the running issuer, and prints what it answers. */
export async function administer({ config }: Loaded, act: string, options: Options): Promise<number> {
  const file = (name: string): string | undefined => (typeof options[name] === 'string' ? options[name] : undefined);
  const files = { cert: file('cert'), key: file('key'), ca: file('ca') };
  const result = await callAdmin(config, act, inputOf(act, options), files);
  process.stdout.write(options['json'] === true ? `${JSON.stringify(result, null, 2)}\n` : render(result));
  return isWell(act, result) ? exitCodes.done : exitCodes.refused;
}

/** What must be true in an answer: where it is not, nothing was there to be ended, dropped, reopened or let go. */
const mustBeTrue: ReadonlyMap<string, string> = new Map([
  ['audit-verify', 'ok'],
  ['account-revoke', 'revoked'],
  ['account-reinstate', 'reinstated'],
  ['key-unblock', 'unblocked'],
  ['limit-drop', 'dropped'],
  ['eab-revoke', 'revoked'],
  ['incident-end', 'ended'],
]);

/** Whether an answer is a good one: monitoring looks at the exit code alone. */
function isWell(act: string, result: unknown): boolean {
  const name = mustBeTrue.get(act);
  if (name !== undefined) return (result as Readonly<Record<string, unknown>>)[name] === true;
  if (act !== 'status') return true;
  const { problems, warnings } = result as { readonly problems: unknown[]; readonly warnings: unknown[] };
  return problems.length + warnings.length === 0;
}
