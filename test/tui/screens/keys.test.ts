import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import { edited, keysOf } from '../../../tui/screens/keys.ts';

const none: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

describe('keys', () => {
  it('that arrive together are told apart', () => {
    expect(keysOf('AB\r', none)).toEqual([
      { kind: 'character', character: 'A' },
      { kind: 'character', character: 'B' },
      { kind: 'enter' },
    ]);
  });

  it('with Ctrl are never characters', () => {
    expect(keysOf('u', { ...none, ctrl: true })).toEqual([{ kind: 'clear' }]);
    expect(keysOf('c', { ...none, ctrl: true })).toEqual([{ kind: 'interrupt' }]);
    expect(keysOf('x', { ...none, ctrl: true })).toEqual([{ kind: 'other' }]);
  });

  it('that a terminal made up are no characters', () => {
    expect(keysOf('\u202E\u0000', none)).toEqual([{ kind: 'other' }, { kind: 'other' }]);
    expect(keysOf('x', { ...none, meta: true })).toEqual([{ kind: 'other' }]);
  });
});

describe('a line being typed', () => {
  it('takes characters up to its longest and no further', () => {
    expect(edited('ab', { kind: 'character', character: 'c' }, 3)).toBe('abc');
    expect(edited('abc', { kind: 'character', character: 'd' }, 3)).toBe('abc');
  });

  it('loses one whole character by Backspace and all by Ctrl-U', () => {
    expect(edited('a😀', { kind: 'erase' }, 9)).toBe('a');
    expect(edited('abc', { kind: 'clear' }, 9)).toBe('');
  });
});
