import { describe, expect, it, vi } from 'vitest';
import { exitCodes } from '../../../tui/cli/exit-codes.ts';
import { eachSmallCeremony, say, show, untilGenerate, untilPin, type Shown } from './held.tsx';
import { keys, patience } from './screen.ts';
import { rightPin } from './small-ceremony.ts';

const small = eachSmallCeremony();

describe('an act that fails', () => {
  async function fail(): Promise<Shown> {
    small.now().token.failures = 1;
    const shown = await show(small.now().ceremony);
    const { screen } = shown;
    await untilGenerate(screen);
    await say(screen, 'GENERATE');
    await screen.shows('OFFICER must act now');
    await say(screen, 'GENERATE');
    await screen.shows('token-hung');
    return shown;
  }

  it('says what happened, what to do, and its code', async () => {
    const { screen } = await fail();
    expect(screen.now()).toContain('what happened: The device does not answer.');
    expect(screen.now()).toContain('what to do: Take it out and put it back.');
  });

  it('is tried again after R and RETRY, with the PIN asked for again', async () => {
    const { screen } = await fail();
    await screen.type('r');
    await screen.shows('Type RETRY');
    await say(screen, 'YES');
    await screen.shows('Not accepted: "YES"');
    await say(screen, 'RETRY');
    await screen.shows('was open before the interruption');
    expect(small.now().ceremony.state.index).toBe(3);
    await say(screen, rightPin);
    await screen.shows('Type SIGN');
    expect(small.now().ceremony.state.index).toBe(4);
  });

  it('stops the ceremony for good after S and STOP: exit status 5', async () => {
    const { screen, codes } = await fail();
    await screen.type('S');
    await screen.shows('Type STOP');
    await say(screen, 'STOP');
    await screen.shows('THE CEREMONY WAS STOPPED');
    await screen.type('x');
    expect(codes).toEqual([exitCodes.aborted]);
    expect(small.now().ceremony.state.status).toBe('aborted');
  });

  it('can be left as it is after Q and LEAVE: exit status 4', async () => {
    const { screen, codes } = await fail();
    await screen.type('q');
    await screen.shows('Type LEAVE');
    await say(screen, 'LEAVE');
    expect(codes).toEqual([exitCodes.actFailed]);
    expect(small.now().ceremony.state.status).toBe('running');
  });
});

describe('Ctrl-C', () => {
  it('asks for LEAVE and ends nothing by itself; Esc goes back to what was typed', async () => {
    const { screen, codes } = await show(small.now().ceremony);
    await say(screen, 'BEGIN');
    await screen.shows('Name the administrator');
    await screen.type('Ada', keys.enter, keys.interrupt);
    await screen.shows('Leave or stop?');
    await say(screen, 'QUIT');
    await screen.shows('Not accepted: "QUIT"');
    await screen.type(keys.interrupt, keys.escape);
    await screen.shows('1 Ada');
    expect(codes).toEqual([]);
    await screen.type(keys.interrupt);
    await screen.shows('Leave or stop?');
    await say(screen, 'LEAVE');
    expect(codes).toEqual([exitCodes.actFailed]);
  });

  it('forgets a PIN that was half typed', async () => {
    const { screen } = await show(small.now().ceremony);
    await untilPin(screen);
    await screen.type('half', keys.interrupt);
    await screen.shows('Leave or stop?');
    await screen.type(keys.escape);
    await screen.shows('(nothing typed)');
    await say(screen, rightPin);
    await screen.shows('Type GENERATE');
    expect(small.now().ceremony.state.openTokens).toEqual(['root']);
  });

  it('with STOP ends the ceremony for good', async () => {
    const { screen, codes } = await show(small.now().ceremony);
    await say(screen, 'BEGIN');
    await screen.shows('Name the administrator');
    await screen.type(keys.interrupt);
    await screen.shows('Leave or stop?');
    await say(screen, 'STOP');
    await screen.shows('THE CEREMONY WAS STOPPED');
    await screen.type('x');
    expect(codes).toEqual([exitCodes.aborted]);
  });

  it('while an act is being done never cuts it short: it leaves when the act is finished', async () => {
    const gate = Promise.withResolvers<void>();
    small.now().token.gate = gate.promise;
    const { screen, codes } = await show(small.now().ceremony);
    await untilGenerate(screen);
    await say(screen, 'GENERATE');
    await screen.shows('OFFICER must act now');
    await say(screen, 'GENERATE');
    await screen.shows('Doing it');
    await screen.type(keys.interrupt);
    await screen.shows('never cut short');
    await say(screen, 'STOP');
    await screen.shows('Not accepted: "STOP"');
    await say(screen, 'LEAVE');
    await screen.shows('LEAVE was typed');
    expect(codes).toEqual([]);
    gate.resolve();
    await vi.waitFor(() => {
      expect(codes).toEqual([exitCodes.actFailed]);
    }, patience);
    expect(small.now().ceremony.state.index).toBe(4);
  });
});

describe('what cannot be shown as a failed act', () => {
  it('a journal that cannot be written is told before anything else happens', async () => {
    const { screen } = await show(small.now().ceremony);
    await say(screen, 'BEGIN');
    await screen.shows('Name the administrator');
    small.now().breakJournal();
    await screen.type('Ada', keys.enter, keys.enter);
    await screen.shows('The disk is full. Free some space.');
    expect(small.now().ceremony.state.index).toBe(0);
  });
});
