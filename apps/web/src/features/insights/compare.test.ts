import { expect, test } from 'vitest';
import { compareChoices, heldAgainst, timeOf, type CompareState } from './compare.ts';

const range = { from: '2026-03-30', to: '2026-04-05' };
const germany: CompareState = {
  type: 'segment',
  key: 'string:Germany',
  name: 'Germany',
  as: 'percent',
};

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
  expect(timeOf(germany)).toBeNull();
  expect(timeOf({ type: 'past', period: 'week' })).toEqual({
    type: 'past',
    period: 'week',
  });
});
