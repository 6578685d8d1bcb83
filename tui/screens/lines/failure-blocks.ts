import type { Refusal } from '../../../core/ports/coded-error.ts';
import type { ActView } from '../../../core/ceremony/view.ts';
import { text } from '../text.ts';
import { boxLines } from './box.ts';
import { block, type Block } from './line.ts';
import { paragraph, sentence } from './paragraph.ts';

/** Why an act failed and what can be done about it. */
export function failureBlocks(
  current: ActView,
  { message, remedy, code }: Refusal,
  total: number,
  width: number,
): readonly Block[] {
  const { failure } = text;
  const title = `${failure.box}: ${text.act(current.number, total)}`;
  return [
    block(boxLines(title, current.headline, width, 'failure'), false),
    paragraph(failure.message, message, width),
    paragraph(failure.remedy, remedy, width, true),
    paragraph(failure.code, code, width),
    sentence(failure.before, width),
  ];
}
