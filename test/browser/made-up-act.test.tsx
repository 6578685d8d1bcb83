// An act that is in no face's code: registered here, before anything that makes schemas of the registry is loaded.
import { renderToStaticMarkup } from 'react-dom/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAct, type AnyAct } from '../../core/ceremony/act.ts';
import { acts, actsByName } from '../../core/ceremony/acts/registry.ts';
import { digestFacts } from '../../core/ceremony/facts.ts';
import { actBase } from '../../core/ceremony/plan-types.ts';
import type { Ceremony } from '../../core/ceremony/run.ts';
import { wordRows } from '../../core/ceremony/words.ts';
import type { Snapshot } from '../../desktop/contract/shapes.ts';
import { Host, HostContext } from '../../desktop/renderer/host.ts';
import { CeremonyScene } from '../../desktop/renderer/scenes/ceremony.tsx';
import { countingHost, directBridge } from '../desktop/contract/hello.ts';
import type { SmallCeremony } from '../tui/screens/small-ceremony.ts';

const digest = 'c0'.repeat(32);

const weigh = defineAct({
  name: 'weigh',
  config: z.strictObject({ do: z.literal('weigh'), ...actBase }),
  intent: z.strictObject({}),
  outcome: z.strictObject({}),
  references: () => ({}),
  describe: () => ({
    headline: 'Weigh the token in its bag',
    why: 'A token that was opened and closed again is lighter or heavier than it was.',
    onToken: 'It is put on the scales and nothing else.',
  }),
  questions: ({ by: [role = 'administrator'] }) => [
    {
      id: 'scales',
      kind: 'choice',
      by: role,
      say: 'Which scales are in the room?',
      show: [
        { label: 'sealed on', value: '2026-11-20', style: 'warning' },
        ...digestFacts('scales’ certificate', digest),
      ],
      choices: [
        { value: 'letter', label: 'The letter scales' },
        { value: 'gold', label: 'The gold scales' },
      ],
    },
    { id: 'grams', kind: 'text', by: role, say: 'How many grams?', pattern: '[0-9]{1,4}', maximum: 4 },
  ],
  prepare: () => Promise.resolve({}),
  confirmations: () => [],
  perform: () => Promise.resolve({}),
  apply: () => ({}),
  summary: (_, __, ___, { grams }) => [{ label: 'grams', value: typeof grams === 'string' ? grams : '?' }],
});

const plan = `coldroot: 1
title: Scales Corp
hierarchy: scales-corp
roles: { administrator: 1 }
tokens: { root: { for: the root key } }
profiles: {}
acts:
  - { do: weigh }
  - { do: confirm, say: "It weighs what it weighed." }
`;

let small: SmallCeremony;

beforeAll(async () => {
  (acts as AnyAct[]).push(weigh);
  (actsByName as Map<string, AnyAct>).set('weigh', weigh);
  const { smallCeremony } = await import('../tui/screens/small-ceremony.ts');
  small = await smallCeremony(plan);
});

afterAll(async () => {
  await small.ceremony.close();
  await small.remove();
});

/** What the window makes of a ceremony as it stands, as text. */
async function inWindow(ceremony: Ceremony): Promise<string> {
  const { view } = await import('../../core/ceremony/view.ts');
  const snapshot: Snapshot = {
    ceremony: '0123456789abcdef',
    folder: 'held',
    mode: 'asking',
    firstWord: 'BEGIN',
    busy: false,
    step: 'ask',
    workingSince: null,
    view: view(ceremony.state),
    last: { at: '', kind: 'begin', act: null, typed: null, named: null, by: null },
    tokens: [],
    forecast: [],
    made: { facts: [], bundle: null },
    places: { journal: '', output: '' },
  };
  const markup = renderToStaticMarkup(
    <HostContext.Provider value={new Host(directBridge(countingHost().handlers))}>
      <CeremonyScene snapshot={snapshot} />
    </HostContext.Provider>,
  );
  return markup.replaceAll(/<[^>]+>/gu, ' ').replaceAll(/\s+/gu, ' ');
}

it('an act that is added later is shown and asked by both faces, with no screen of its own', async () => {
  const { show, say } = await import('../tui/screens/held.tsx');
  const { keys } = await import('../tui/screens/screen.ts');
  const { screen } = await show(small.ceremony, { size: [120, 60] });
  await say(screen, 'BEGIN');
  await screen.shows('Which scales are in the room?');

  const said = [
    'Weigh the token in its bag',
    'It is put on the scales and nothing else.',
    'ADMINISTRATOR must act now',
    'Which scales are in the room?',
    'The letter scales',
    'The gold scales',
    '2026-11-20',
  ];
  const window = await inWindow(small.ceremony);
  for (const line of said) {
    expect(window).toContain(line);
    expect(screen.now()).toContain(line);
  }
  for (const row of wordRows(digest)) expect(window).toContain(row.trim().replaceAll(/\s+/gu, ' '));

  await screen.type(keys.down, keys.enter);
  await screen.shows('How many grams?');
  const next = await inWindow(small.ceremony);
  expect(next).toContain('How many grams?');
  expect(next).toContain('It must look like [0-9]{1,4}');
  await say(screen, 'heavy');
  await screen.shows('it must look like');
  await screen.type(keys.clear, '412', keys.enter);
  await screen.shows('Type CONFIRMED');
  const done = await inWindow(small.ceremony);
  expect(done).toContain('grams: 412');
  expect(done).toContain('Type CONFIRMED');
});
