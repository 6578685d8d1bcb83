// The longest thing people must read: an intermediate with every extension and more name constraints than fit on a page.
import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fact, Prompt } from '../../../core/ceremony/prompt.ts';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { App } from '../../../tui/screens/app.tsx';
import { cells } from '../../../tui/screens/lines/cells.ts';
import { Session } from '../../../core/ceremony/session.ts';
import { keys, mount, type TestScreen } from './screen.ts';
import { rightPin, smallCeremony, type SmallCeremony } from './small-ceremony.ts';

const names = Array.from({ length: 40 }, (_, index) => `department-${index}.subsidiary.example.internal`);
const plan = `coldroot: 1
title: Example Corp Issuing CA I1, for the departments of all subsidiaries in the internal network
hierarchy: example-corp
roles: { administrator: 1, officer: { of: 3, quorum: 2 } }
tokens: { root: { for: the root key } }
profiles:
  root:
    type: root
    subject: { C: US, O: Example Corp, CN: Example Corp Root R1 }
    key: ec-p384
    valid: { from: ceremony-day, for: 20y }
  issuing:
    type: intermediate
    subject: { C: US, O: Example Corp, CN: Example Corp Issuing I1 }
    key: ec-p256
    valid: { from: ceremony-day, for: 5y }
    pathLen: 0
    eku: [serverAuth, clientAuth]
    permitted: { dns: [${names.join(', ')}], ip: [127.0.0.0/8, 10.0.0.0/8] }
    crl: http://pki.example.internal/a/rather/long/path/to/the/list/of/revoked/certificates/root-r1.crl
    aia: http://pki.example.internal/root-r1.cer
acts:
  - { do: open-token, token: root }
  - { do: generate-key, token: root, key: root-r1 }
  - { do: issue-root, profile: root, key: root-r1 }
  - { do: generate-key, token: root, key: issuing-i1 }
  - { do: issue-intermediate, profile: issuing, issuer: root-r1, subject-key: issuing-i1, by: [administrator, officer] }
`;

let small: SmallCeremony | undefined;

afterEach(async () => {
  cleanup();
  await small?.ceremony.close();
  await small?.remove();
  small = undefined;
});

/** Answers everything up to the certificate that is looked at. */
async function untilCertificate(ceremony: Ceremony): Promise<Extract<Prompt, { kind: 'word' }>> {
  for (let count = 0; count < 50; count += 1) {
    const next = await ceremony.advance();
    if (next.kind !== 'ask') throw new Error(`unexpected: ${next.kind}`);
    const { prompt } = next;
    if (prompt.kind === 'word' && ceremony.state.index === 4) return prompt;
    if (prompt.kind === 'secret') await ceremony.secret(prompt.id, rightPin);
    else if (prompt.kind === 'word') await ceremony.answer(prompt.id, prompt.word);
  }
  throw new Error('the certificate never came up');
}

async function certificateOn(columns: number, rows: number) {
  small = await smallCeremony(plan);
  const prompt = await untilCertificate(small.ceremony);
  const session = new Session(small.ceremony, (error) => {
    throw error;
  });
  const screen = await mount(
    <App session={session} forecast={[]} watching={false} done={() => undefined} />,
    columns,
    rows,
  );
  await screen.type('BEGIN', keys.enter);
  await screen.shows('Type SIGN and press Enter.');
  return { screen, facts: prompt.show ?? [], ceremony: small.ceremony };
}

/** Every page, first to last, as its rows; checks that each frame fits the window and shows the prompt. */
async function pagesOf(screen: TestScreen, columns: number, rows: number): Promise<string[]> {
  const pages: string[] = [];
  for (let count = 0; count < 30; count += 1) {
    const frame = screen.now();
    const lines = frame.split('\n');
    expect(lines.length).toBeLessThanOrEqual(rows);
    expect(Math.max(...lines.map((line) => cells(line.trimEnd())))).toBeLessThanOrEqual(columns);
    expect(frame).toContain('Type SIGN and press Enter.');
    expect(frame).toContain('ADMINISTRATOR must act now');
    pages.push(frame);
    if (!frame.includes('more below')) return pages;
    await screen.type(keys.pageDown);
  }
  return pages;
}

function squeezed(text: string): string {
  return text.replaceAll(/\s/gu, '');
}

/** The main pane's rows of all pages, without what stands beside it in a wide window. */
function mainText(pages: readonly string[], columns: number): string {
  const main = columns >= 110 ? columns - Math.floor(columns / 3) - 2 : columns;
  return squeezed(
    pages
      .map((page) =>
        page
          .split('\n')
          .map((line) => line.slice(0, main))
          .join('\n'),
      )
      .join('\n'),
  );
}

function values(facts: readonly Fact[]): string[] {
  return facts.flatMap(({ value }) => value.split('\n').flatMap((row) => row.split(', ')));
}

describe.each([
  [80, 24],
  [60, 20],
  [120, 40],
])('the longest certificate on %d × %d', (columns, rows) => {
  it('can be read in whole, page by page, with the prompt always in sight', async () => {
    const { screen, facts } = await certificateOn(columns, rows);
    const pages = await pagesOf(screen, columns, rows);
    const text = mainText(pages, columns);
    expect(facts.length).toBeGreaterThan(10);
    for (const name of names) expect(text).toContain(name);
    for (const value of values(facts)) expect(text).toContain(squeezed(value));
  });

  it('cannot be signed before its last page was on the screen, and can then', async () => {
    const { screen, ceremony } = await certificateOn(columns, rows);
    await screen.type('SIGN', keys.enter);
    await screen.shows('there is more to read');
    expect(ceremony.state.current.answers).toEqual({});
    await pagesOf(screen, columns, rows);
    await screen.type('SIGN', keys.enter);
    await screen.shows('OFFICER must act now');
    expect(ceremony.state.current.answers).toEqual({ 'confirm-administrator': 'SIGN' });
  });
});
