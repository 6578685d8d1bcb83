import { madeFacts } from '../../../core/ceremony/made.ts';
import type { Fact } from '../../../core/ceremony/prompt.ts';
import type { CeremonyState } from '../../../core/ceremony/state.ts';
import { hexGroups, wordRows } from '../../../core/ceremony/words.ts';
import type { Places } from '../../cli/program.ts';
import { text } from '../text.ts';
import { boxLines } from './box.ts';
import { factBlocks } from './fact-blocks.ts';
import { block, type Block } from './line.ts';

const { end } = text;

function bundleFacts({ bundle }: CeremonyState): readonly Fact[] {
  if (bundle === undefined) return [{ label: end.bundle, value: end.noBundle }];
  return [
    { label: end.bundle, value: end.bundleIs(bundle.file, bundle.epoch) },
    { label: end.sha256, value: hexGroups(bundle.sha256), style: 'hash' },
    { label: text.opening.inWords, value: wordRows(bundle.sha256).join('\n'), style: 'words' },
  ];
}

/** What is left when everything is over: the bundle by its hash, what was made, where it all is. */
export function endBlocks(state: CeremonyState, places: Places | undefined, width: number): readonly Block[] {
  const finished = state.status === 'finished';
  const where: readonly Fact[] =
    places === undefined
      ? []
      : [
          { label: end.journal, value: places.journal },
          { label: end.output, value: places.output },
        ];
  return [
    block(
      boxLines(state.beginning.plan.title, finished ? end.finished : end.aborted, width, finished ? 'done' : 'failure'),
      false,
    ),
    block(factBlocks(bundleFacts(state), width).flatMap(({ lines }) => lines)),
    block(factBlocks([...where, ...madeFacts(state)], width).flatMap(({ lines }) => lines)),
  ];
}
