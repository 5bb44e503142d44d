import { expect, test } from 'vitest';
import { askedFormula, withMovedMetrics } from './formula.ts';

const formula = (expression: string, name = '') => ({ expression, name });

test('names metrics as the query does, where one before them is not asked for', () => {
  expect(askedFormula(formula('a / C * 100'), [0, 2], 3)).toEqual({
    expression: 'A / B * 100',
    name: 'a / C * 100',
    operands: [0, 1],
  });
});

test('leaves functions and letters that no metric has to the server', () => {
  expect(askedFormula(formula('avg (A, 7) + prev(A, 1) + Z', ' Mean '), [0], 1)).toEqual({
    expression: 'avg (A, 7) + prev(A, 1) + Z',
    name: 'Mean',
    operands: [0],
  });
});

test('is left out while it is empty, or reads a metric that is not asked for', () => {
  expect(askedFormula(formula('  '), [0], 1)).toBeNull();
  expect(askedFormula(formula('A / B'), [0], 2)).toBeNull();
});

test('goes on reading the same metrics when one is put before them, or taken out', () => {
  const own = formula('max(a, 0) / C + Z', 'Share');
  const afterCopy = withMovedMetrics(own, 3, (at) => (at > 0 ? at + 1 : at));
  expect(afterCopy).toEqual(formula('max(a, 0) / D + Z', 'Share'));
  const withoutB = withMovedMetrics(own, 3, (at) => (at === 1 ? null : at > 1 ? at - 1 : at));
  expect(withoutB.expression).toBe('max(a, 0) / B + Z');
});

test('is left out when a metric that it reads was taken out', () => {
  const without = withMovedMetrics(formula('A / B'), 2, (at) => (at === 0 ? null : at - 1));
  expect(without.expression).toBe('? / A');
  expect(askedFormula(without, [0], 1)).toBeNull();
});
