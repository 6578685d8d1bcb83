import { describe, expect, it } from 'vitest';
import { eventWords } from '../../../core/ceremony/event-words.ts';

const nothing = { act: null, typed: null, named: null, by: null };

describe('the newest event in words', () => {
  it.each([
    [{ ...nothing, kind: 'answer', named: 1 }, '1 person was named'],
    [{ ...nothing, kind: 'answer', named: 3 }, '3 people were named'],
    [{ ...nothing, kind: 'answer', typed: 'SIGN', by: 'officer' }, 'the OFFICER typed SIGN'],
    [{ ...nothing, kind: 'answer', typed: 'RB0001' }, 'RB0001 was typed'],
    [{ ...nothing, kind: 'did', act: 4 }, 'act 4 was done'],
    [{ ...nothing, kind: 'approved' }, 'an officer approved with their own key'],
    [{ ...nothing, kind: 'from a later version' }, 'from a later version'],
  ])('%j: %s', (event, words) => {
    expect(eventWords(event)).toBe(words);
  });

  it('shows what a terminal or a reader would not see', () => {
    const words = eventWords({ ...nothing, kind: 'answer', typed: 'a\u001B[2Jb\u202Ec' });
    expect(words).toBe('a\\u{1b}[2Jb\\u{202e}c was typed');
  });
});
