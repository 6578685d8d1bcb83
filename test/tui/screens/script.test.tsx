import { describe, expect, it } from 'vitest';
import { parseAnswers } from '../../../core/ceremony/answers.ts';
import { mask } from '../../../core/ceremony/typed-words.ts';
import { eachSmallCeremony, show } from './held.tsx';
import { rightPin } from './small-ceremony.ts';

const small = eachSmallCeremony();

describe('a script', () => {
  const answersText = `coldroot-answers: 1
people: { administrator: [Ada], officer: [Olga One, Omar Two] }
confirm: everything
records: { bag: RB0001 }
`;

  function script(pin: string) {
    const parsed = parseAnswers(answersText, 'answers');
    if (!parsed.ok) throw new Error('the answers of this test do not parse');
    return { answers: parsed.value, readPin: () => Promise.resolve(pin) };
  }

  it('plays through the same screens without a keyboard, each answer shown, the PIN as a mask', async () => {
    const { screen, session } = await show(small.now().ceremony, { watching: true });
    const waited: string[] = [];
    const end = await session.play(script(rightPin), async () => {
      await Promise.resolve();
      waited.push(screen.now());
    });
    expect(end).toEqual({ kind: 'finished' });
    const frames = screen.all();
    for (const part of [
      '> BEGIN_',
      '> Ada_',
      '> Olga One, Omar Two_',
      '> RB0001_',
      '> GENERATE_',
      '> SIGN_',
      '> CONFIRMED_',
    ]) {
      expect(frames).toContain(part);
    }
    expect(frames).toContain(`> ${mask}_`);
    expect(frames).toContain('THE CEREMONY IS FINISHED');
    expect(frames).not.toContain(rightPin);
    expect(small.now().journal()).not.toContain(rightPin);
    expect(waited.length).toBeGreaterThanOrEqual(8);
  });

  it('ends at the act that fails', async () => {
    const { screen, session } = await show(small.now().ceremony, { watching: true });
    const end = await session.play(script('wrong'), () => Promise.resolve());
    expect(end).toEqual({ kind: 'failed', failure: expect.objectContaining({ code: 'token-pin-incorrect' }) });
    expect(screen.now()).toContain('The PIN is wrong.');
  });

  it('waits while people are asked whether to leave, and ends when they do', async () => {
    const { session } = await show(small.now().ceremony, { watching: true });
    session.hold(true);
    const playing = session.play(script(rightPin), () => Promise.resolve());
    session.leave();
    await expect(playing).rejects.toThrow(expect.objectContaining({ code: 'screen-left' }));
    expect(small.now().ceremony.state.index).toBe(0);
  });
});
