import { formatUtc } from '../profile/dates.ts';
import { happenings } from './happenings.ts';
import type { Fact } from './prompt.ts';
import type { CeremonyState } from './state.ts';
import { visibleLines } from './visible.ts';
import { hexGroups, wordRows } from './words.ts';

function escape(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return visibleLines(text).replaceAll(/[&<>"']/gu, (character) => entities[character] ?? '');
}

function rows(facts: readonly Fact[]): string {
  return facts
    .map(({ label, value, style }) => {
      const cell = style === 'words' ? `<pre>${escape(value)}</pre>` : escape(value);
      const mark = style === 'warning' ? ' class="warning"' : '';
      return `<tr><th>${escape(label)}</th><td${mark}>${cell}</td></tr>`;
    })
    .join('\n');
}

const style = `body{font:15px/1.45 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}
table{border-collapse:collapse;width:100%;margin:.4rem 0 1.4rem}th{text-align:left;width:14rem;vertical-align:top;font-weight:600}
th,td{border-top:1px solid #bbb;padding:.25rem .5rem .25rem 0}pre{margin:0}h1{font-size:1.5rem}h2{font-size:1.1rem}
.rehearsal{border:3px solid #111;padding:.5rem 1rem;font-weight:700}.warning{font-weight:700;text-decoration:underline}td{overflow-wrap:anywhere}`;

function rehearsedFacts({ rehearsed }: CeremonyState['beginning']): readonly Fact[] {
  if (rehearsed === undefined) return [];
  const { created, sums } = rehearsed;
  return [
    { label: 'rehearsed', value: `exactly this plan, until ${formatUtc(created)}; its bundle’s SHA256SUMS ${sums}` },
  ];
}

/** What stands at the top of a report: which plan, when, on which devices. */
export function reportHeading(
  { beginning, resumptions, pauses, deviations }: CeremonyState,
  now: number,
): readonly Fact[] {
  return [
    { label: 'hierarchy', value: beginning.plan.hierarchy },
    { label: 'begun', value: formatUtc(beginning.begunAt) },
    { label: 'report made', value: formatUtc(now) },
    { label: 'plan SHA-256', value: hexGroups(beginning.planHash), style: 'hash' },
    { label: 'plan in words', value: wordRows(beginning.planHash).join('\n'), style: 'words' },
    ...rehearsedFacts(beginning),
    { label: 'Coldroot', value: beginning.version },
    { label: 'interruptions', value: resumptions === 0 ? 'none' : `resumed ${resumptions} times` },
    { label: 'pauses', value: pauses.length === 0 ? 'none' : `${pauses.length}` },
    { label: 'deviations', value: deviations.length === 0 ? 'none' : `${deviations.length}` },
    ...Object.entries(beginning.tokens).map(([name, token]) => ({
      label: `token ${name}`,
      value: `${token.manufacturer} ${token.model}, serial ${token.serial}, label ${token.label}, firmware ${token.firmware}`,
    })),
  ];
}

/** A page that says what was done: from the state alone, so the same for everyone who replays the journal. */
export function reportHtml(state: CeremonyState, now: number): string {
  const { plan, rehearsal } = state.beginning;
  const acts = happenings(state).map(({ kind, at, act, headline, facts }) => {
    const title = kind === 'act' ? `${act + 1}. ${headline}` : `${headline} (in act ${act + 1})`;
    return `<h2>${escape(title)}</h2>
<table>
${rows([{ label: kind === 'act' ? 'done (UTC)' : 'at (UTC)', value: formatUtc(at) }, ...facts])}
</table>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escape(plan.title)}</title><style>${style}</style></head>
<body><h1>${escape(plan.title)}</h1>
${rehearsal ? '<p class="rehearsal">REHEARSAL: nothing in this report is to be trusted.</p>' : ''}
<table>
${rows(reportHeading(state, now))}
</table>
${acts.join('\n')}
</body></html>
`;
}
