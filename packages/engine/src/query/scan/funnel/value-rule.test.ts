import { expect, test } from 'vitest';
import { attributedValue, type ValueRule } from './value-rule.ts';

/** What an attempt has in the end whose steps have these values; 0 = none. */
function valueOf(rule: ValueRule, ...values: number[]): number {
  return values.reduce((known, value, step) => attributedValue(rule, step, known, value), 0);
}

test('takes the value of the first or the last step that has one', () => {
  expect(valueOf({ mode: 'first', step: 0 }, 0, 5, 7, 0)).toBe(5);
  expect(valueOf({ mode: 'last', step: 0 }, 0, 5, 7, 0)).toBe(7);
});

test('takes the value of one step, also where that has none', () => {
  expect(valueOf({ mode: 'step', step: 1 }, 3, 5, 7)).toBe(5);
  expect(valueOf({ mode: 'step', step: 1 }, 3, 0, 7)).toBe(0);
  expect(valueOf({ mode: 'step', step: 2 }, 3, 5)).toBe(0);
});
