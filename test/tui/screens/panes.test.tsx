import { describe, expect, it, vi } from 'vitest';
import { eachSmallCeremony, say, show, untilGenerate } from './held.tsx';
import { keys, patience } from './screen.ts';

const small = eachSmallCeremony();

describe('panes', () => {
  it('Tab shows overview and transcript in a narrow window, and the prompt stays', async () => {
    const { screen } = await show(small.now().ceremony);
    await untilGenerate(screen);
    await screen.type(keys.tab);
    await screen.shows(/NOW +4\. Generate the key/u);
    await screen.shows('Olga One');
    await screen.type(keys.tab);
    await screen.shows('2. Which bag did the token come in?');
    expect(screen.now()).toContain('Type GENERATE and press Enter.');
    await screen.type(keys.tab);
    await screen.shows('What happens now');
  });

  it('stand side by side from 110 columns on', async () => {
    const { screen } = await show(small.now().ceremony, { size: [120, 40] });
    await untilGenerate(screen);
    for (const part of ['What happens now', 'Overview', 'Transcript', 'Type GENERATE']) {
      expect(screen.now()).toContain(part);
    }
    screen.resize(100, 40);
    await vi.waitFor(() => {
      expect(screen.now()).not.toContain('Overview');
    }, patience);
  });

  it('a window too small says how large it must be, and goes on when it is', async () => {
    const { screen } = await show(small.now().ceremony);
    await say(screen, 'BEGIN');
    await screen.shows('Name the administrator');
    screen.resize(50, 12);
    await screen.shows('Make it at least 60 × 20');
    expect(screen.now()).not.toContain('Name the administrator');
    screen.resize(80, 24);
    await screen.shows('Name the administrator');
  });
});
