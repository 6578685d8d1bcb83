import { describe, expect, it, vi } from 'vitest';
import { eachSmallCeremony, say, show, untilGenerate } from './held.tsx';
import { keys, patience, type TestScreen } from './screen.ts';
import { rightPin } from './small-ceremony.ts';

const small = eachSmallCeremony();

/** Types a name where one is asked for; keys count only from the moment the last answer is written down. */
async function name(screen: TestScreen, who: string): Promise<void> {
  await vi.waitFor(async () => {
    await screen.type(keys.clear, who);
    expect(screen.now()).toContain(`> ${who}_`);
  }, patience);
  await screen.type(keys.enter);
}

describe('PAUSE', () => {
  it('asks for a reason and a name, and two people let the ceremony go on', async () => {
    const { screen } = await show(small.now().ceremony);
    await untilGenerate(screen);
    await screen.type(keys.interrupt);
    await screen.shows('Leave or stop?');
    await say(screen, 'PAUSE');
    await screen.shows('Why is everybody to wait?');
    await say(screen, 'Fire alarm');
    await screen.shows('Who says so?');
    await say(screen, 'Ada');
    await screen.shows('The ceremony is paused');
    expect(small.now().ceremony.state.openTokens).toEqual([]);
    await screen.shows('A second person confirms');
    await screen.shows('Type your own name, as it was recorded');
    await name(screen, 'Ada');
    await screen.shows('Not accepted: another person than Ada');
    await name(screen, 'Olga One');
    await screen.shows('When everybody is back');
    await name(screen, 'Olga One');
    await screen.shows('A second person types');
    await name(screen, 'Ada');
    await screen.shows('Type GENERATE');
    await say(screen, 'GENERATE');
    await screen.shows('OFFICER must act now');
    await say(screen, 'GENERATE');
    await screen.shows('Enter its PIN again');
    await say(screen, rightPin);
    await screen.shows('Type SIGN');
  });
});

describe('NOTE', () => {
  it('asks what, why, what was decided and by whom, and goes back to what was asked', async () => {
    const { screen } = await show(small.now().ceremony);
    await untilGenerate(screen);
    await screen.type(keys.interrupt);
    await screen.shows('Leave or stop?');
    await say(screen, 'NOTE');
    await screen.shows('What did not go as planned?');
    await say(screen, 'The bag was torn.');
    await screen.shows('What was the cause');
    await say(screen, 'Unknown.');
    await screen.shows('What was decided?');
    await say(screen, 'Go on.');
    await screen.shows('Who decided it?');
    await say(screen, 'Ada, Olga One');
    await screen.shows('Type GENERATE');
    const noted = { what: 'The bag was torn.', cause: 'Unknown.', decision: 'Go on.', by: ['Ada', 'Olga One'] };
    expect(small.now().ceremony.state.deviations).toMatchObject([noted]);
  });

  it('is given up with Esc: nothing is written down', async () => {
    const { screen } = await show(small.now().ceremony);
    await untilGenerate(screen);
    await screen.type(keys.interrupt);
    await screen.shows('Leave or stop?');
    await say(screen, 'NOTE');
    await screen.shows('What did not go as planned?');
    await screen.type(keys.escape);
    await screen.shows('Type GENERATE');
    expect(small.now().ceremony.state.deviations).toEqual([]);
  });
});
