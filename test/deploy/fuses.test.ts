import { expect, test } from 'vitest';
import { CodedError } from '../../core/ports/coded-error.ts';
import { fuses, setFuses } from '../../deploy/package/fuses.ts';

const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** A file as Electron's is: fuses as they are delivered, somewhere in it. */
function program(states: string, version = 1, before = 'ELF'): Buffer {
  return Buffer.concat([
    Buffer.from(`${before}${sentinel}`),
    Buffer.from([version, states.length]),
    Buffer.from(`${states}after`),
  ]);
}

function codeOf(work: () => void): string {
  try {
    work();
    return 'done';
  } catch (error) {
    return error instanceof CodedError ? error.code : 'other';
  }
}

test('Electron’s program cannot be made into a Node, by variable, argument or debugger', () => {
  const off = fuses.filter(({ on }) => !on).map(({ name }) => name);
  expect(off).toEqual(
    expect.arrayContaining(['RunAsNode', 'EnableNodeOptionsEnvironmentVariable', 'EnableNodeCliInspectArguments']),
  );
});

test('fuses are set where they are, and nothing else in the file changes', () => {
  const file = program('101110010');
  setFuses(file);
  const states = fuses.map(({ on }) => (on ? '1' : '0')).join('');
  expect(file).toEqual(program(`${states}0`));
});

test('a file in which the fuses are not where they should be is refused and not changed', () => {
  const bad = [
    Buffer.from('no Electron'),
    program('10111001', 2),
    program('101'),
    program('1r111001'),
    program('10111001', 1, `x${sentinel}`),
  ];
  for (const file of bad) {
    const before = Buffer.from(file);
    expect(codeOf(() => setFuses(file))).toBe('fuses-unfit');
    expect(file).toEqual(before);
  }
});
