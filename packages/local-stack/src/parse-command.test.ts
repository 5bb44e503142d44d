import { expect, it } from 'vitest';
import { formatDuration, formatTable } from './cli/table.ts';
import { helpOf, parseArguments, UsageError, type CommandPlan } from './parse-command.ts';

const plan: CommandPlan = {
  usage: 'pnpm cli greet NAME',
  about: 'Greets.',
  options: {
    loud: { type: 'boolean', about: 'shout' },
    times: { type: 'string', value: 'N', about: 'how often' },
  },
  positionals: true,
};

it('parses options and positionals, also after the separator that package managers add', () => {
  expect(parseArguments(plan, ['--', 'Ada', '--times', '2', '--loud'])).toEqual({
    values: expect.objectContaining({ times: '2', loud: true }),
    positionals: ['Ada'],
  });
});

it('answers null for help, and refuses an option it does not know', () => {
  expect(parseArguments(plan, ['--help'])).toBeNull();
  expect(() => parseArguments(plan, ['--louder'])).toThrow(UsageError);
  expect(() => parseArguments({ ...plan, positionals: false }, ['Ada'])).toThrow(UsageError);
});

it('lists every option in the help', () => {
  expect(helpOf(plan)).toBe(
    [
      'usage: pnpm cli greet NAME',
      '',
      'Greets.',
      '',
      '  --loud     shout',
      '  --times N  how often',
      '  --help     print this',
      '',
    ].join('\n'),
  );
});

it('lines up columns, numbers to the right', () => {
  expect(
    formatTable([
      ['name', 'n'],
      ['a', 10],
      ['long name', 9],
    ]),
  ).toBe('name       n\na          10\nlong name   9');
});

it('says a duration by its two largest units', () => {
  const second = 1000;
  expect(formatDuration(400)).toBe('0 s');
  expect(formatDuration(65 * second)).toBe('1 min 5 s');
  expect(formatDuration(3600 * second)).toBe('1 h');
  expect(formatDuration((2 * 86_400 + 3 * 3600 + 59) * second)).toBe('2 d 3 h');
});
