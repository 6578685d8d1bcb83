import { describe, expect, it } from 'vitest';
import type { Forecast } from '../../../core/ceremony/dry-run.ts';
import { wordRows } from '../../../core/ceremony/words.ts';
import { exitCodes } from '../../../tui/cli/exit-codes.ts';
import { mask } from '../../../core/ceremony/typed-words.ts';
import { eachSmallCeremony, say, show, sign, untilGenerate, untilPin } from './held.tsx';
import { keys } from './screen.ts';
import { rightPin } from './small-ceremony.ts';

const small = eachSmallCeremony();

describe('the opening', () => {
  it('shows plan, hash in groups and in eight rows of words, roles, token serial and acts', async () => {
    const { screen } = await show(small.now().ceremony);
    const { planHash } = small.now().ceremony.state.beginning;
    expect(wordRows(planHash)).toHaveLength(8);
    for (const row of wordRows(planHash)) expect(screen.now()).toContain(row);
    expect(screen.now()).toContain(planHash.slice(0, 8));
    expect(screen.now()).toContain('REHEARSAL: nothing made today is to be trusted');
    await screen.type(keys.pageDown);
    await screen.shows('serial 5e71a1');
    await screen.shows('OFFICER needed');
    await screen.type(keys.pageDown);
    await screen.shows('4. Generate the key "root-r1" on the token "root"');
  });

  it('shows what each act will do, but no number that will be another one on the day', async () => {
    const forecast: Forecast[] = small.now().ceremony.state.beginning.plan.acts.map((act, index) => ({
      headline: act.do,
      facts:
        index === 3
          ? [
              { label: 'algorithm', value: 'ec-p256' },
              { label: 'CKA_ID', value: 'dada0123dada' },
            ]
          : [],
    }));
    const { screen } = await show(small.now().ceremony, { forecast });
    await screen.type(keys.pageDown, keys.pageDown, keys.pageDown);
    expect(screen.all()).toMatch(/algorithm +ec-p256/u);
    expect(screen.all()).not.toContain('dada0123dada');
  });

  it('goes on for BEGIN and for nothing else', async () => {
    const { screen } = await show(small.now().ceremony);
    await say(screen, 'begin');
    await screen.shows('Not accepted: "begin". Type BEGIN, exactly, in capitals.');
    expect(screen.now()).toContain('What is about to happen');
    await say(screen, 'BEGIN');
    await screen.shows('Name the administrator');
  });

  it('of a ceremony taken up again says so and asks for RESUME', async () => {
    const again = await small.now().resume();
    const { screen } = await show(again);
    await screen.shows('Type RESUME');
    await screen.type(keys.pageDown);
    await screen.shows('The ceremony was interrupted (1 time so far)');
    await say(screen, 'BEGIN');
    await screen.shows('Not accepted');
    expect(screen.now()).toContain('Type RESUME');
    await say(screen, 'RESUME');
    await screen.shows('Name the administrator');
  });
});

describe('a ceremony held by keyboard', () => {
  it('goes from BEGIN to its end, where any key but Space leaves with exit status 0', async () => {
    const { screen, codes } = await show(small.now().ceremony);
    await untilGenerate(screen);
    await say(screen, 'GENERATE');
    await screen.shows('OFFICER must act now');
    await screen.shows('the ADMINISTRATOR typed GENERATE');
    await say(screen, 'GENERATE');
    await sign(screen);
    await say(screen, 'CONFIRMED');
    await screen.shows('THE CEREMONY IS FINISHED');
    await screen.shows('/ceremonies/small/journal.db');
    await screen.type(' ');
    expect(codes).toEqual([]);
    await screen.type('x');
    expect(codes).toEqual([exitCodes.done]);
  });

  it('has the PIN in no frame and not in the journal’s file', async () => {
    const { screen } = await show(small.now().ceremony);
    await untilPin(screen);
    await screen.type(...Array.from(rightPin));
    await screen.shows(mask);
    await screen.type(keys.enter);
    await screen.shows('Type GENERATE');
    for (const part of [rightPin, rightPin.slice(0, 5), rightPin.slice(-5)]) {
      expect(screen.all()).not.toContain(part);
      expect(small.now().journal()).not.toContain(part);
    }
    expect(small.now().journal()).toContain('RB0001');
  });

  it('refuses to let a person hold two roles, and keeps the list to be corrected', async () => {
    const { screen } = await show(small.now().ceremony);
    await say(screen, 'BEGIN');
    await screen.shows('Name the administrator');
    await screen.type('Ada', keys.enter, keys.enter);
    await screen.shows('Name the officers');
    await screen.type('Ada', keys.enter, 'Omar Two', keys.enter, keys.enter);
    await screen.shows('Ada has another role already');
    expect(small.now().ceremony.state.current.answers).toEqual({ administrator: ['Ada'] });
    await screen.type(keys.backspace, keys.backspace, 'Olga One', keys.enter, 'Omar Two', keys.enter, keys.enter);
    await screen.shows('Which bag');
  });

  it('takes no input while an act is being done, and says for how long', async () => {
    const gate = Promise.withResolvers<void>();
    small.now().token.gate = gate.promise;
    const { screen } = await show(small.now().ceremony);
    await untilGenerate(screen);
    await say(screen, 'GENERATE');
    await screen.shows('OFFICER must act now');
    await say(screen, 'GENERATE');
    await screen.shows('Doing it, and verifying what was made');
    await screen.shows(/… 1 s/u);
    await screen.type('CONFIRMED', keys.enter);
    gate.resolve();
    await screen.shows('Type SIGN');
    expect(small.now().ceremony.state.index).toBe(4);
  });
});
