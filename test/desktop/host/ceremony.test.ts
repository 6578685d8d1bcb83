// A whole ceremony through the window's door, on a real SoftHSM: everything a page can do, in the order people do it.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseAnswers, scriptedAnswer, type Answers } from '../../../core/ceremony/answers.ts';
import type { Prompt } from '../../../core/ceremony/prompt.ts';
import type { Snapshot } from '../../../desktop/contract/shapes.ts';
import { createRoom, pins, shippedPlan, type RehearsalRoom } from '../../support/rehearsal-room.ts';
import type { Page } from '../support/page.ts';
import { openWindowAndPage, type TestWindow } from '../support/window.ts';

let room: RehearsalRoom;
let window: TestWindow;
let page: Page;
let answers: Answers;
let ceremony = '';

async function open(): Promise<void> {
  ({ window, page } = await openWindowAndPage({
    plans: [room.path('plans')],
    work: room.path('work'),
    media: room.path('stick'),
  }));
}

beforeAll(async () => {
  room = await createRoom();
  room.write('plans/root.yaml', readFileSync(shippedPlan('root'), 'utf8'));
  room.write('plans/binding.yaml', room.read('root-binding.yaml'));
  room.write('plans/broken.yaml', 'coldroot: 1\ntitle: [');
  const parsed = parseAnswers(room.read('answers.yaml'), 'answers.yaml');
  if (!parsed.ok) throw new Error('the answers do not parse');
  answers = parsed.value;
  await open();
});

afterAll(async () => {
  page.close();
  await window.close();
  room.remove();
});

/** What people are asked, as soon as they are asked something. */
async function asked(
  from: Page,
): Promise<{ readonly act: number; readonly prompt: Prompt; readonly snapshot: Snapshot }> {
  return from.until(({ snapshot }) => {
    if (snapshot?.mode !== 'asking' || snapshot.busy) return undefined;
    const { current } = snapshot.view;
    return current?.prompt === undefined ? undefined : { act: current.number, prompt: current.prompt, snapshot };
  });
}

/** Answers until the ceremony stands at an act, or is over. */
async function playTo(last: number): Promise<void> {
  for (;;) {
    const over = await page.until(({ snapshot }) =>
      snapshot?.mode === 'over' || snapshot?.mode === 'failed' || (snapshot?.mode === 'asking' && !snapshot.busy)
        ? snapshot
        : undefined,
    );
    if (over.mode !== 'asking' || (over.view.current?.number ?? 0) >= last) return;
    const { act, prompt } = await asked(page);
    if (prompt.kind === 'secret') await page.mustEnter(act, prompt.id, pins.root);
    else {
      const value = scriptedAnswer(prompt, answers, prompt.kind === 'text' ? 'root-bag' : undefined);
      await page.must('answer', { act, prompt: prompt.id, value: typeof value === 'string' ? value : [...value] });
    }
    await page.until(({ snapshot }) => {
      const now = snapshot?.view.current;
      return now?.number === act && now.prompt?.id === prompt.id && snapshot?.mode === 'asking' ? undefined : true;
    });
  }
}

async function code<T>(reply: Promise<{ ok: boolean; refusal?: { code: string } } | T>): Promise<string> {
  const got = (await reply) as { ok: boolean; refusal?: { code: string } };
  return got.refusal?.code ?? 'ok';
}

test('plans, bindings and what is wrong with them are listed, by ids and never by paths', async () => {
  const { plans, bindings, ceremonies } = await page.must('list', {});
  expect(plans.map(({ file, readable }) => [file, readable])).toEqual([
    ['broken.yaml', false],
    ['root.yaml', true],
  ]);
  expect(bindings).toMatchObject([{ file: 'binding.yaml', readable: true, tokens: ['root'] }]);
  expect(ceremonies).toEqual([]);
  expect(JSON.stringify([plans, bindings])).not.toContain(room.directory);
  expect(await code(page.call('plan', { plan: '0'.repeat(16) }))).toBe('window-unknown');
});

async function chosen(): Promise<{ plan: string; binding: string; rehearse: boolean }> {
  const { plans, bindings } = await page.must('list', {});
  const plan = plans.find(({ file }) => file === 'root.yaml')?.id ?? '';
  return { plan, binding: bindings[0]?.id ?? '', rehearse: true };
}

test('a plan that changed since its hash was compared is not begun', async () => {
  const before = room.objects();
  const choice = await chosen();
  const checked = await page.must('check', choice);
  if (!checked.passed) throw new Error(JSON.stringify(checked.refusals));
  expect(checked.forecast.length).toBe(checked.view.acts.length);
  const text = room.read('plans/root.yaml');
  writeFileSync(room.path('plans/root.yaml'), `${text}\n# changed\n`);
  const refused = await page.must('begin', { ...choice, planHash: checked.planHash });
  expect(refused).toMatchObject({ passed: false, refusals: [{ code: 'plan-changed' }] });
  writeFileSync(room.path('plans/root.yaml'), text);
  expect(room.objects()).toEqual(before);
});

test('nothing happens before the word, and an answer that is not for what is asked now is refused', async () => {
  const choice = await chosen();
  const { sha256 } = await page.must('plan', { plan: choice.plan });
  const begun = await page.must('begin', { ...choice, planHash: sha256 });
  if (!begun.passed) throw new Error(JSON.stringify(begun.refusals));
  expect(begun.snapshot).toMatchObject({ mode: 'opening', firstWord: 'BEGIN' });
  ceremony = begun.snapshot.ceremony;
  expect(await code(page.call('begin', { ...choice, planHash: sha256 }))).toBe('window-open');
  expect(await code(page.call('answer', { act: 1, prompt: 'administrator', value: ['Ada'] }))).toBe('answer-stale');
  expect(await code(page.call('start', { word: 'begin' }))).toBe('word-wrong');
  await page.must('start', { word: 'BEGIN' });
  const { act, prompt } = await asked(page);
  expect(await code(page.call('answer', { act: act + 1, prompt: prompt.id, value: ['Ada'] }))).toBe('answer-stale');
  expect(await code(page.call('answer', { act, prompt: 'other', value: ['Ada'] }))).toBe('answer-stale');
  expect(await page.enter(act, prompt.id, 'canary-4711')).toMatchObject({ code: 'answer-stale' });
  expect(await code(page.call('stop', { word: 'stop', reason: 'none' }))).toBe('word-wrong');
});

test('a PIN is taken only by its own door, and the ceremony is left, resumed and held to its end', async () => {
  await playTo(5);
  const { act, prompt } = await asked(page);
  expect(prompt.kind).toBe('secret');
  expect(await code(page.call('answer', { act, prompt: prompt.id, value: 'x' }))).toBe('answer-secret');
  await playTo(7);
  await page.must('leave', {});
  await page.until(({ snapshot }) => (snapshot === null ? true : undefined));
  page.close();
  await window.close();
  await open();
  const { ceremonies } = await page.must('list', {});
  expect(ceremonies).toMatchObject([{ id: ceremony, status: 'running', open: false, rehearsal: true }]);
  const { snapshot } = await page.must('resume', { ceremony });
  expect(snapshot).toMatchObject({ mode: 'opening', firstWord: 'RESUME' });
  await page.must('start', { word: 'RESUME' });
  await playTo(99);
  const over = await page.must('snapshot', {});
  expect(over.snapshot).toMatchObject({ mode: 'over', view: { status: 'finished' } });
  const made = over.snapshot?.made.facts.filter(({ label }) => label === 'certificate made');
  expect(made?.map(({ value }) => value)).toEqual(['root-r1 (root)', 'bundle-signer-b1 (bundle-signer)']);
});

test('what was made is decoded from its own bytes', async () => {
  const { artefacts } = await page.must('artefacts', { ceremony });
  expect(artefacts.map(({ name }) => name)).toEqual([
    'certificate:root-r1',
    'certificate:bundle-signer-b1',
    'crl:root-r1',
    'bundle',
    'manifest',
  ]);
  const root = await page.must('artefact', { ceremony, name: 'certificate:root-r1' });
  expect(root.pem).toContain('BEGIN CERTIFICATE');
  expect(root.sections.map(({ title }) => title)).toEqual([
    'Certificate',
    'Key',
    'Extensions as they stand',
    'Signature',
  ]);
  const facts = new Map(root.sections.flatMap(({ facts: held }) => held.map(({ label, value }) => [label, value])));
  expect(facts.get('subject')).toContain('Example Corp Root R1');
  const manifest = await page.must('artefact', { ceremony, name: 'manifest' });
  expect(JSON.parse(manifest.text ?? '')).toMatchObject({ hierarchy: 'example-corp', rehearsal: true });
  expect(await code(page.call('artefact', { ceremony, name: 'certificate:none' }))).toBe('window-unknown');
});

test('the export is read back from the medium, and its receipt is what sha256sum says', async () => {
  const { targets } = await page.must('media', {});
  expect(targets).toMatchObject([{ standIn: true }]);
  const receipt = await page.must('export', { ceremony, target: targets[0]?.id ?? '' });
  const folder = room.path('stick', receipt.folder);
  expect(readdirSync(folder).sort()).toEqual(receipt.files.map(({ file }) => file).sort());
  const steps = await page.until(({ events }) => {
    const told = events.flatMap((event) =>
      event.event === 'progress' && event.body.task === 'export' ? [event.body.step] : [],
    );
    return told.at(-1) === 'compared' ? [...new Set(told)] : undefined;
  });
  expect(steps).toEqual(['space', 'writing', 'flushed', 'comparing', 'compared']);
  await page.must('eject', { target: targets[0]?.id ?? '' });
  const bundle = path.join(folder, receipt.files.find(({ file }) => file.endsWith('.coldroot'))?.file ?? '');
  const inWork = room.path('work', receipt.folder.replace('coldroot-', ''), 'out', path.basename(bundle));
  expect(readFileSync(bundle)).toEqual(readFileSync(inWork));
  writeFileSync(inWork, Buffer.concat([readFileSync(bundle), Buffer.from('x')]));
  expect(await code(page.call('export', { ceremony, target: targets[0]?.id ?? '' }))).toBe('export-changed');
  writeFileSync(inWork, readFileSync(bundle));
});

test('the window says of a journal what the terminal says, and a changed one is refused by code', async () => {
  const { ok, lines } = await page.must('verify', { ceremony });
  expect(ok).toBe(true);
  const folder = readdirSync(room.path('work')).find((name) => name.startsWith('ceremony-')) ?? '';
  const said = await room.run('ceremony', 'verify', room.path('work', folder));
  expect(lines.join('\n')).toBe(said.out);
  const transcript = await page.must('transcript', { ceremony });
  expect(lines.at(-1)).toContain(transcript.last.sha256);
  await page.must('leave', {});
  const journal = room.path('work', folder, 'journal.db');
  const whole = readFileSync(journal);
  writeFileSync(
    journal,
    Buffer.from(whole.toString('latin1').replaceAll('Ada Administrator', 'Eve Administrator'), 'latin1'),
  );
  const changed = await page.must('verify', { ceremony });
  expect(changed.ok).toBe(false);
  expect(changed.refusals[0]?.code).toMatch(/^journal-/u);
  writeFileSync(journal, whole);
});

test('a plan that hands out shares is refused by the check, and so is a ceremony that still has to', async () => {
  const split = 'do: split-pin, token: root, shares: 3, threshold: 2';
  const text = readFileSync(shippedPlan('root'), 'utf8').replace('do: open-token, token: root', split);
  const fresh = await createRoom();
  fresh.write('plans/split.yaml', text);
  fresh.write('plans/binding.yaml', fresh.read('root-binding.yaml'));
  const at = ['--binding', fresh.path('plans/binding.yaml'), '--answers', fresh.path('answers.yaml'), '--rehearse'];
  const begun = await fresh.run(
    'ceremony',
    'run',
    fresh.path('plans/split.yaml'),
    ...at,
    '--dir',
    fresh.path('work/begun'),
  );
  expect(begun.err).toContain('[answers-share-missing]');
  const opened = await openWindowAndPage({ plans: [fresh.path('plans')], work: fresh.path('work') });
  try {
    const { plans, bindings, ceremonies } = await opened.page.must('list', {});
    const choice = { plan: plans[0]?.id ?? '', binding: bindings[0]?.id ?? '', rehearse: true };
    const refused = { passed: false, refusals: [{ code: 'window-no-shares' }] };
    expect(await opened.page.must('check', choice)).toMatchObject(refused);
    const { sha256 } = await opened.page.must('plan', { plan: choice.plan });
    expect(await opened.page.must('begin', { ...choice, planHash: sha256 })).toMatchObject(refused);
    const records = readFileSync(fresh.path('work/begun/journal.db'));
    const resuming = opened.page.call('resume', { ceremony: ceremonies[0]?.id ?? '' });
    expect(await code(resuming)).toBe('window-no-shares');
    expect(readFileSync(fresh.path('work/begun/journal.db'))).toEqual(records);
  } finally {
    opened.page.close();
    await opened.window.close();
    fresh.remove();
  }
});

test('the PIN is in no message, no event and no file', () => {
  expect(page.trace.join('\n')).not.toContain(pins.root);
  rmSync(room.path('root.pin'));
  const files = readdirSync(room.directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const holding = files.filter((entry) => readFileSync(path.join(entry.parentPath, entry.name)).includes(pins.root));
  expect(holding.map(({ name }) => name)).toEqual([]);
  expect(files.length).toBeGreaterThan(8);
});
