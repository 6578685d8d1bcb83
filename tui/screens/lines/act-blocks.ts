import type { Prompt } from '../../../core/ceremony/prompt.ts';
import type { ActView } from '../../../core/ceremony/view.ts';
import { text } from '../text.ts';
import { boxLines } from './box.ts';
import { factBlocks } from './fact-blocks.ts';
import { block, type Block } from './line.ts';
import { paragraph } from './paragraph.ts';

/** What is about to happen, why, and what it does to a token. */
function aboutBlocks({ number, headline, why, onToken }: ActView, total: number, width: number): readonly Block[] {
  return [
    block(boxLines(text.act(number, total), headline, width), false),
    paragraph(text.why, why, width),
    paragraph(text.onToken, onToken === '' ? text.touchesNoToken : onToken, width),
  ];
}

/** What a person must read before answering: the instruction, what a text must look like, the facts. */
function promptBlocks(prompt: Prompt, headline: string, width: number): readonly Block[] {
  const pattern = prompt.kind === 'text' ? (prompt.like ?? prompt.pattern) : undefined;
  return [
    // A `confirm` act's sentence is its headline: once is enough.
    ...(prompt.say === headline ? [] : [paragraph(text.toDo, prompt.say, width, true)]),
    ...(pattern === undefined ? [] : [paragraph(text.mustLookLike, pattern, width)]),
    ...factBlocks(prompt.show ?? [], width),
  ];
}

/** The current act, as large and plain as a terminal allows. */
export function actBlocks(
  current: ActView,
  prompt: Prompt | undefined,
  total: number,
  width: number,
): readonly Block[] {
  const about = aboutBlocks(current, total, width);
  return prompt === undefined ? about : [...about, ...promptBlocks(prompt, current.headline, width)];
}
