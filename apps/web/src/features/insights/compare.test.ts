import { expect, test } from 'vitest';
import {
  askedComparison,
  compareChoices,
  heldAgainst,
  withoutSegments,
  type CompareState,
} from './compare.ts';

const germany: CompareState = {
  type: 'segment',
  key: 'string:Germany',
  name: 'Germany',
  as: 'percent',
};

test('asks the server about a time before, and for nothing else', () => {
  expect(askedComparison({ type: 'past', period: 'previous_period' })).toEqual({
    type: 'previous_period',
  });
  expect(askedComparison({ type: 'past', period: 'year' })).toEqual({
    type: 'previous',
    unit: 'year',
  });
  expect(askedComparison(germany)).toBeUndefined();
  expect(askedComparison(null)).toBeUndefined();
});

test('has a gap where there is nothing to hold a value against', () => {
  expect(heldAgainst(5, 0, 'percent')).toBeNull();
  expect(heldAgainst(5, null, 'difference')).toBeNull();
  expect(heldAgainst(null, 5, 'percent')).toBeNull();
  expect(heldAgainst(5, 0, 'difference')).toBe(5);
});

test('offers what the report can be compared with, each under a value of its own', () => {
  const choices = compareChoices(germany, true);
  expect(choices.map(({ label }) => label)).toContain('Difference to Germany');
  expect(new Set(choices.map(({ value }) => value)).size).toBe(choices.length);
  expect(compareChoices(null, false).map(({ label }) => label)).not.toContain('Percent of overall');
});

test('keeps a time before, and no segment, when the breakdown is another', () => {
  expect(withoutSegments(germany)).toBeNull();
  expect(withoutSegments({ type: 'past', period: 'week' })).toEqual({
    type: 'past',
    period: 'week',
  });
});
