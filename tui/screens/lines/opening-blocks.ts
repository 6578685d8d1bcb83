import type { Forecast } from '../../../core/ceremony/dry-run.ts';
import { foreseen } from '../../../core/ceremony/foreseen.ts';
import type { Fact } from '../../../core/ceremony/prompt.ts';
import type { BoundToken } from '../../../core/ceremony/state.ts';
import type { CeremonyView } from '../../../core/ceremony/view.ts';
import { hexGroups } from '../../../core/ceremony/words.ts';
import { text } from '../text.ts';
import { factBlocks } from './fact-blocks.ts';
import { block, bold, type Block, type Line } from './line.ts';
import { sentence } from './paragraph.ts';
import { wrap } from './wrap.ts';
import { visible } from '../../../core/ceremony/visible.ts';

const indent = 4;

function planBlocks({ planHash, planWords, rehearsal }: CeremonyView, width: number): readonly Block[] {
  const hash = factBlocks(
    [
      { label: 'SHA-256', value: hexGroups(planHash), style: 'hash' },
      { label: text.opening.inWords, value: planWords.join('\n'), style: 'words' },
    ],
    width,
  ).flatMap(({ lines }) => lines);
  const banner: readonly Line[] = rehearsal
    ? wrap(text.rehearsalBanner, width).map((row) => [{ text: row, bold: true, inverse: true }])
    : [];
  return [block([...banner, ...wrap(text.opening.hash, width).map(bold), ...hash], false)];
}

function aboutBlocks(
  view: CeremonyView,
  tokens: Readonly<Record<string, BoundToken>>,
  width: number,
): readonly Block[] {
  const { opening } = text;
  const facts: Fact[] = [
    { label: opening.plan, value: view.title },
    { label: opening.hierarchy, value: view.hierarchy },
    ...(view.follows === undefined ? [] : [{ label: opening.follows, value: view.follows }]),
    ...view.roles.map(({ role, needed }) => ({ label: opening.needed(role), value: needed })),
    ...Object.entries(tokens).map(([name, token]) => ({ label: opening.token(name), value: opening.tokenIs(token) })),
  ];
  return [block(factBlocks(facts, width).flatMap(({ lines }) => lines))];
}

/** The acts in their order, as a list that can be read out. */
function actList({ acts }: CeremonyView, width: number): Block {
  const lines = acts.flatMap(({ number, headline, status }) => {
    const lead = `${String(number).padStart(2)}. `;
    const done = status === 'done' ? ` (${text.opening.done})` : '';
    return wrap(visible(headline) + done, width - lead.length).map((row, index): Line => {
      return [{ text: index === 0 ? lead : ' '.repeat(lead.length) }, { text: row, bold: true }];
    });
  });
  return block([bold(text.opening.acts), ...lines]);
}

/** What a dry run found an act will do; it flows from page to page, but a heading is never alone at the end of one. */
function forecastBlocks({ headline, facts }: Forecast, number: number, width: number): readonly Block[] {
  const rows = factBlocks(foreseen(facts), width - indent).flatMap(({ lines }) => lines);
  const [first, ...rest] = rows.map((line): Line => [{ text: ' '.repeat(indent) }, ...line]);
  if (first === undefined) return [];
  const heading = wrap(`${String(number).padStart(2)}. ${visible(headline)}`, width).map(bold);
  return [block([...heading, first]), ...rest.map((line) => block([line], false))];
}

function foreseenBlocks({ acts }: CeremonyView, forecast: readonly Forecast[], width: number): readonly Block[] {
  const waiting = forecast.map((act, index) => ({ act, number: index + 1, status: acts[index]?.status }));
  const blocks = waiting.flatMap(({ act, number, status }) =>
    status === 'done' ? [] : forecastBlocks(act, number, width),
  );
  return blocks.length === 0 ? [] : [sentence(text.opening.forecast, width), ...blocks];
}

/** Everything people should know before the first act: the plan by its hash, who and what it needs, what it will do. */
export function openingBlocks(
  view: CeremonyView,
  tokens: Readonly<Record<string, BoundToken>>,
  forecast: readonly Forecast[],
  width: number,
): readonly Block[] {
  const resumed = view.resumptions > 0 ? [sentence(text.opening.resumed(view.resumptions), width)] : [];
  return [
    ...planBlocks(view, width),
    ...resumed,
    ...aboutBlocks(view, tokens, width),
    actList(view, width),
    ...foreseenBlocks(view, forecast, width),
  ];
}
