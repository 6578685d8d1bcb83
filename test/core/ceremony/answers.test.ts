import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { isSimplePattern } from '../../../core/ceremony/answer-pattern.ts';
import { parseAnswers, scriptedAnswer } from '../../../core/ceremony/answers.ts';
import { samePerson } from '../../../core/ports/same-person.ts';
import { answerFault, type Answer, type Prompt } from '../../../core/ceremony/prompt.ts';
import { cpuMilliseconds } from '../../support/cpu-time.ts';
import { Course } from '../../support/memory/course.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { memoryAnswers, MemoryRoom } from '../../support/memory/room.ts';

const asked = { id: 'x', by: 'administrator', say: 'Say something.' } as const;
const word: Prompt = { ...asked, kind: 'word', word: 'SIGN' };
const free: Prompt = { ...asked, kind: 'text', maximum: 20 };
const shaped: Prompt = { ...asked, kind: 'text', maximum: 20, pattern: '[A-Z]{2}[0-9]{4}' };
const people: Prompt = { ...asked, kind: 'names', role: 'officer', minimum: 2, maximum: 3 };
const pin: Prompt = { ...asked, kind: 'secret', token: 'root', keypad: false };
const choice: Prompt = { ...asked, kind: 'choice', choices: [{ value: 'destroy', label: 'Destroy it' }] };

describe('an answer', () => {
  const fitting: readonly (readonly [string, Prompt, Answer])[] = [
    ['the word asked for', word, 'SIGN'],
    ['some text', free, 'Bag RB 0001, ключ №7'],
    ['text of the shape asked for', shaped, 'RB0001'],
    ['as many names as needed', people, ['Olga One', 'Omar Two']],
    ['as many names as there may be', people, ['Olga One', 'Omar Two', 'Ona Three']],
    ['that a PIN was entered', pin, { secret: true }],
    ['a choice that is listed', choice, 'destroy'],
  ];
  it.each(fitting)('fits when it is %s', (_, prompt, answer) => {
    expect(answerFault(prompt, answer)).toBeUndefined();
  });

  const odd: readonly (readonly [string, Prompt, Answer])[] = [
    ['a word in small letters', word, 'sign'],
    ['a word with a space', word, 'SIGN '],
    ['a word in look-alike letters', word, 'ЅIGN'],
    ['a list for a word', word, ['SIGN']],
    ['a secret for a word', word, { secret: true }],
    ['nothing', free, ''],
    ['spaces', free, '   '],
    ['text that is too long', free, 'x'.repeat(21)],
    ['text with a line end', free, 'a\nb'],
    ['text with an escape character', free, '\u001b[2J'],
    ['text that is turned around', free, 'a\u202eb'],
    ['a name that is turned around', people, ['Olga One', 'Omar\u202eTwo']],
    ['text of another shape', shaped, 'RB001'],
    ['text that has the shape somewhere in it', shaped, 'x RB0001 y'],
    ['a list for text', free, ['a']],
    ['too few names', people, ['Olga One']],
    ['too many names', people, ['Olga One', 'Omar Two', 'Ona Three', 'Otto Four']],
    ['one name for a list', people, 'Olga One'],
    ['a name twice', people, ['Olga One', 'Olga One']],
    ['a name twice in other letters', people, ['Olga One', 'OLGA  one ']],
    ['a name in one letter', people, ['Olga One', 'O']],
    ['a name of spaces', people, ['Olga One', '   ']],
    ['a name that nobody can see', people, ['Olga One', '\u200c\u200c\u200c']],
    ['a name with a space of no width', people, ['Olga One', 'Omar\u200bTwo']],
    ['a name twice, once with a joiner in it', people, ['Olga One', 'Olga\u200d One']],
    ['a name with a control character', people, ['Olga One', 'Omar\u0007Two']],
    ['a PIN itself', pin, '1234'],
    ['a choice that is not listed', choice, 'adopt'],
    ['a choice in capitals', choice, 'DESTROY'],
  ];
  it.each(odd)('does not fit when it is %s', (_, prompt, answer) => {
    expect(answerFault(prompt, answer)).toMatch(/^[a-z0-9][^.]+$/u);
  });

  it('of one person in another spelling is of the same person', () => {
    expect(new Set(['Ada Lovelace', 'ada lovelace', ' Ada  Lovelace ', 'Ａda Lovelace'].map(samePerson)).size).toBe(1);
    expect(samePerson('Ada Lovelace')).not.toBe(samePerson('Ada Lovelance'));
  });
});

describe('in a ceremony', () => {
  let course: Course;
  beforeEach(async () => {
    course = await Course.begin(rootPlan);
    await course.ceremony.advance();
  });

  it('an answer to something else, or of the wrong shape, is refused with its code and changes nothing', async () => {
    const { ceremony } = course;
    const { state, records } = ceremony;
    expect(await ceremony.answer('witness', ['Wim'])).toMatchObject({ code: 'answer-not-asked' });
    expect(await ceremony.answer('administrator', 'Ada')).toMatchObject({ code: 'answer-refused' });
    expect(await ceremony.answer('administrator', [])).toMatchObject({ code: 'answer-refused' });
    expect(await ceremony.secret('administrator', '1234')).toMatchObject({ code: 'answer-refused' });
    expect(await ceremony.answer('administrator', ['x'.repeat(300)])).toMatchObject({ code: 'event-malformed' });
    expect(ceremony.state).toBe(state);
    expect(ceremony.records).toBe(records);
    expect(await ceremony.answer('administrator', ['Ada Administrator'])).toBeUndefined();
  });

  it.each(['Ada Administrator', 'ada administrator', ' Ada  Administrator'])(
    'nobody holds two roles: %s',
    async (again) => {
      const { ceremony } = course;
      await ceremony.answer('administrator', ['Ada Administrator']);
      expect(await ceremony.answer('officer', ['Olga One', again])).toMatchObject({
        code: 'answer-refused',
        message: expect.stringContaining('another role') as string,
      });
      expect(await ceremony.answer('officer', ['Olga One', 'Omar Two'])).toBeUndefined();
    },
  );

  it('a PIN is asked for as a secret and cannot be given as text', async () => {
    const { room, ceremony } = course;
    const next = await room.playUntil(ceremony, (at) => at.kind === 'ask' && at.prompt.kind === 'secret');
    expect(next).toMatchObject({ kind: 'ask', prompt: { id: 'pin-root', token: 'root' } });
    expect(await ceremony.answer('pin-root', '1234')).toMatchObject({ code: 'answer-refused' });
    expect(JSON.stringify(ceremony.records)).not.toContain('"1234"');
  });
});

describe('a pattern for answers', () => {
  it.each([
    '[A-Z]{2}[0-9]{6}',
    'RB[0-9]+',
    '[0-9a-f]{64}',
    '(?:RB|TB)[0-9]{4}',
    '[0-9]{3}(?:-[0-9]{3})?',
    '\\d{2}\\.\\d{2}',
    '[A-Z]+-?[0-9]+',
    '(?:[0-9]{2}-){3}[0-9]{2}',
    '\\p{L}+',
    '[^,]{1,40}',
    '^RB[0-9]{4}$',
  ])('is accepted: %s', (pattern) => {
    expect(isSimplePattern(pattern)).toBe(true);
  });

  it.each([
    '',
    '(a+)+',
    '(\\w+\\s?)+',
    '(a|aa)+',
    '(a|a)*',
    '(?:a?){30}a{30}',
    `${'a?'.repeat(30)}${'a'.repeat(30)}`,
    '.*.*.*x',
    '(a*){2}',
    '((a|b)c){3}',
    '(?=a)a',
    '(?<!a)a',
    '(a)\\1',
    '(?<n>a)\\k<n>',
    '[',
    '(',
    'a{',
    'a**',
    '\\x41',
    '[z-a]',
  ])('is refused: %s', (pattern) => {
    expect(isSimplePattern(pattern)).toBe(false);
  });

  it('that is accepted answers in time, whatever it is and whatever was typed', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '[ab]',
      '.',
      '\\w',
      '(',
      '(?:',
      ')',
      '|',
      '?',
      '*',
      '+',
      '{2}',
      '{1,5}',
      '{2,}',
      'a?',
      'a*',
    );
    const pattern = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(pattern, (text) => {
        if (!isSimplePattern(text)) return;
        const expression = new RegExp(`^(?:${text})$`, 'u');
        const started = cpuMilliseconds();
        expression.test(`${'a'.repeat(499)}!`);
        expect(cpuMilliseconds() - started).toBeLessThan(1500);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('an answers file', () => {
  const good = `coldroot-answers: 1
people: { administrator: [Ada Administrator] }
confirm: everything
`;

  it('has defaults for what it leaves out: nobody, nothing, and stopping', () => {
    expect(parseAnswers(good, 'a.yaml')).toMatchObject({
      ok: true,
      value: { people: { witness: [] }, records: {}, pins: {}, found: 'abort' },
    });
  });

  it.each([
    ['a PIN written out', `${good}pins: { root: "1234" }\n`, 'yaml-invalid-value'],
    ['a PIN beside its file', `${good}pins: { root: { file: a, pin: "1" } }\n`, 'yaml-unknown-key'],
    ['confirming only some', good.replace('everything', 'some'), 'yaml-invalid-value'],
    ['another decision', `${good}found: keep\n`, 'yaml-invalid-value'],
    ['an unknown role', good.replace('administrator', 'janitor'), 'yaml-unknown-key'],
    ['a version of the future', good.replace('answers: 1', 'answers: 2'), 'yaml-invalid-value'],
  ])('is refused with %s', (_, text, code) => {
    const parsed = parseAnswers(text, 'a.yaml');
    expect(parsed.ok ? [] : parsed.refusals).toContainEqual(expect.objectContaining({ code }));
  });

  it('answers each kind of prompt, and adopts only what can be adopted', () => {
    const answers = memoryAnswers('found: adopt\nrecords: { bag: RB0001 }\n');
    expect(scriptedAnswer(word, answers, undefined)).toBe('SIGN');
    expect(scriptedAnswer(people, answers, undefined)).toEqual(['Olga One', 'Omar Two']);
    expect(scriptedAnswer(free, answers, 'bag')).toBe('RB0001');
    expect(scriptedAnswer(choice, answers, undefined)).toBe('destroy');
    const adoptable: Prompt = { ...asked, kind: 'choice', choices: [{ value: 'adopt', label: 'Adopt it' }] };
    expect(scriptedAnswer(adoptable, answers, undefined)).toBe('adopt');
    expect(scriptedAnswer(choice, memoryAnswers('found: abort\n'), undefined)).toBe('abort');
    for (const name of ['other', undefined]) {
      expect(() => scriptedAnswer(free, answers, name)).toThrow(
        expect.objectContaining({ code: 'answers-missing' }) as Error,
      );
    }
  });

  it('that lacks an answer stops the script where it is asked for, with the ceremony still to be resumed', async () => {
    const room = new MemoryRoom();
    const ceremony = await room.begin(rootPlan);
    const end = await room.play(ceremony, memoryAnswers('found: adopt\n'));
    expect(end).toMatchObject({ kind: 'failed', failure: { code: 'answers-missing' } });
    expect(ceremony.state.status).toBe('running');
    expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
  });
});
