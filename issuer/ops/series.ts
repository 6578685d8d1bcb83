import { z } from 'zod';

/** One number that is exposed. It crosses from a worker to the process that answers for all of them. */
const seriesSchema = z.strictObject({
  /** The name that HELP and TYPE stand under. */
  family: z.string(),
  type: z.enum(['counter', 'gauge', 'histogram']),
  help: z.string(),
  name: z.string(),
  /** Without braces; empty for none. */
  labels: z.string(),
  value: z.number(),
  /** Adding it up over processes would tell it wrongly: the most, or the least, that any of them says is what counts. */
  across: z.enum(['most', 'least']).optional(),
});
export type Series = z.infer<typeof seriesSchema>;

export const seriesListSchema = z.array(seriesSchema).max(100_000);

function both(one: number, other: number, across: Series['across']): number {
  if (across === undefined) return one + other;
  return across === 'most' ? Math.max(one, other) : Math.min(one, other);
}

/** The same series of several processes as one: added up, unless it says otherwise. */
export function addUp(lists: readonly (readonly Series[])[]): readonly Series[] {
  const sums = new Map<string, Series>();
  for (const each of lists.flat()) {
    const key = `${each.name}{${each.labels}}`;
    const before = sums.get(key);
    sums.set(key, before === undefined ? each : { ...each, value: both(each.value, before.value, each.across) });
  }
  return [...sums.values()];
}

/** Series in the text format of Prometheus, each family with its help. */
export function renderSeries(list: readonly Series[]): string {
  const families = Map.groupBy(list, ({ family }) => family);
  return [...families]
    .map(([family, members]) => {
      const { help = '', type = 'gauge' } = members[0] ?? {};
      const lines = members.map(({ name, labels, value }) => `${name}${labels === '' ? '' : `{${labels}}`} ${value}\n`);
      return `# HELP ${family} ${help}\n# TYPE ${family} ${type}\n${lines.join('')}`;
    })
    .join('');
}
