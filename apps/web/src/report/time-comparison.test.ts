import { expect, test } from 'vitest';
import { askedComparison, timeChoices, timeCompareSchema } from './time-comparison.ts';

const range = { from: '2026-03-30', to: '2026-04-05' };

test('asks the server about a time before, and for nothing else', () => {
  expect(askedComparison({ type: 'past', period: 'previous_period' }, range)).toEqual({
    type: 'previous_period',
  });
  expect(askedComparison({ type: 'past', period: 'year' }, range)).toEqual({
    type: 'previous',
    unit: 'year',
  });
  expect(askedComparison(null, range)).toBeUndefined();
});

test('asks about more than one unit before, a day named, and the same weekdays', () => {
  const past = (own: object): unknown =>
    askedComparison({ type: 'past', period: 'month', ...own }, range);
  expect(past({ count: 2 })).toEqual({ type: 'from', date: '2026-01-30' });
  expect(past({ period: 'week', count: 3 })).toEqual({ type: 'from', date: '2026-03-09' });
  // 28 February is 30 days before; five weeks are 35.
  expect(past({ sameWeekday: true })).toEqual({ type: 'from', date: '2026-02-23' });
  expect(past({ period: 'previous_period', sameWeekday: true })).toEqual({
    type: 'from',
    date: '2026-03-23',
  });
  expect(askedComparison({ type: 'start', date: '2025-12-01' }, range)).toEqual({
    type: 'from',
    date: '2025-12-01',
  });
  const hour = { from: '2026-03-30T14:00:00+02:00', to: '2026-03-30T14:59:59+02:00' };
  expect(askedComparison({ type: 'past', period: 'day', count: 2 }, hour)).toEqual({
    type: 'from',
    date: '2026-03-28T14:00:00+02:00',
  });
});

test('offers choices that links can keep, each under a value of its own', () => {
  const compare = { type: 'past', period: 'month', count: 2, sameWeekday: true } as const;
  const choices = timeChoices(compare, '2026-03-01');
  expect(new Set(choices.map(({ value }) => value)).size).toBe(choices.length);
  for (const { state } of choices) {
    expect(timeCompareSchema.nullable().parse(state)).toEqual(state);
  }
  expect(choices.find(({ value }) => value === 'week')?.state).toEqual({
    ...compare,
    period: 'week',
  });
});
