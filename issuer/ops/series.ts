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
  /** It is read from the database: every process has the same, and adding it up would tell it several times. */
  shared: z.boolean().optional(),
});
export type Series = z.infer<typeof seriesSchema>;

export const seriesListSchema = z.array(seriesSchema).max(100_000);

/** The same series of several processes, added up; of what they share, what one of them says. */
export function addUp(lists: readonly (readonly Series[])[]): readonly Series[] {
  const sums = new Map<string, Series>();
  for (const each of lists.flat()) {
    const key = `${each.name}{${each.labels}}`;
    const before = sums.get(key)?.value ?? 0;
    sums.set(key, { ...each, value: each.shared === true ? Math.max(each.value, before) : each.value + before });
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
