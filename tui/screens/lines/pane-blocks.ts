import type { CeremonyState } from '../../../core/ceremony/state.ts';
import { happenings } from '../../../core/ceremony/happenings.ts';
import type { CeremonyView } from '../../../core/ceremony/view.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { text } from '../text.ts';
import { padded } from './cells.ts';
import { factBlocks } from './fact-blocks.ts';
import { block, bold, plain, type Block, type Line } from './line.ts';
import { visible } from '../../../core/ceremony/visible.ts';
import { wrap } from './wrap.ts';

const markColumns = 5;
/** How far the facts of a finished act stand in. */
const inset = 2;

/** The acts of the plan, and which are done. */
export function actListBlocks({ acts }: CeremonyView, width: number): readonly Block[] {
  return acts.map(({ number, headline, status }) => {
    const lead = `${padded(text.marks[status], markColumns)}${String(number).padStart(2)}. `;
    const look = status === 'current' ? { bold: true } : {};
    return block(
      wrap(visible(headline), width - lead.length).map((row, index): Line => {
        return [{ text: (index === 0 ? lead : ' '.repeat(lead.length)) + row, ...look }];
      }),
      false,
    );
  });
}

/** Who is in the room, as far as it has been recorded. */
export function peopleBlocks({ people }: CeremonyView, width: number): readonly Block[] {
  if (people.length === 0) return [];
  const lines = people.flatMap(({ role, name }) => wrap(`${padded(role, 14)} ${visible(name)}`, width));
  return [block([bold(text.inTheRoom), ...lines.map((row): Line => [{ text: row }])])];
}

/** What was done and what came between, oldest first, as rows. */
export function transcriptLines(state: CeremonyState, width: number): readonly Line[] {
  const all = happenings(state);
  if (all.length === 0) return wrap(text.nothingYet, width).map(plain);
  return all.flatMap(({ kind, at, act, headline, facts: shown }) => {
    // The day is in the header of every screen.
    const time = formatUtc(at).slice(11);
    const facts = factBlocks(shown, width - inset).flatMap(({ lines }) => lines);
    return [
      ...wrap(`${time} ${kind === 'act' ? `${act + 1}. ` : '! '}${visible(headline)}`, width).map(bold),
      ...facts.map((line): Line => [{ text: ' '.repeat(inset) }, ...line]),
    ];
  });
}
