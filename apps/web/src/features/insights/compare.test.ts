import { expect, test } from 'vitest';
import {
  askedComparison,
  compareChoices,
  heldAgainst,
  withoutSegments,
  type CompareState,
} from './compare.ts';

const range = { from: '2026-03-30', to: '2026-04-05' };
const germany: CompareState = {
  type: 'segment',
  key: 'string:Germany',
  name: 'Germany',
  as: 'percent',
};

test('asks the server about a time before, and for nothing else', () => {
  expect(askedComparison({ type: 'past', period: 'previous_period' }, range)).toEqual({
    type: 'previous_period',
  });
  expect(askedComparison({ type: 'past', period: 'year' }, range)).toEqual({
    type: 'previous',
    unit: 'year',
  });
  expect(askedComparison(germany, range)).toBeUndefined();
  expect(askedComparison(null, range)).toBeUndefined();
});

test('has a gap where there is nothing to hold a value against', () => {
  expect(heldAgainst(5, 0, 'percent')).toBeNull();
  expect(heldAgainst(5, null, 'difference')).toBeNull();
  expect(heldAgainst(null, 5, 'percent')).toBeNull();
  expect(heldAgainst(5, 0, 'difference')).toBe(5);
});

test('offers what the report can be compared with, each under a value of its own', () => {
  const choices = compareChoices(germany, true, range.from);
  expect(choices.map(({ label }) => label)).toContain('Difference to Germany');
  expect(new Set(choices.map(({ value }) => value)).size).toBe(choices.length);
  expect(compareChoices(null, false, range.from).map(({ label }) => label)).not.toContain(
    'Percent of overall',
  );
});

test('keeps a time before, and no segment, when the breakdown is another', () => {
  expect(withoutSegments(germany)).toBeNull();
  expect(withoutSegments({ type: 'past', period: 'week' })).toEqual({
    type: 'past',
    period: 'week',
  });
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
