import { expect, test } from 'vitest';
import { judgeCounts } from './judge-counts.ts';
import type { NumberTest } from './judge-counts.ts';
import { judgeNumbers } from './judge-numbers.ts';

const tests: [NumberTest, number[]][] = [
  [{ operator: 'at_least', value: 2 }, [0, 0, 1, 1, 0]],
  [{ operator: 'at_least', value: 1.5 }, [0, 0, 1, 1, 0]],
  [{ operator: 'at_most', value: 2 }, [1, 1, 1, 0, 0]],
  [{ operator: 'at_most', value: 0 }, [1, 0, 0, 0, 0]],
  [{ operator: 'exactly', value: 3 }, [0, 0, 0, 1, 0]],
  [{ operator: 'not_exactly', value: 3 }, [1, 1, 1, 0, 0]],
  [{ operator: 'greater_than', value: 2 }, [0, 0, 0, 1, 0]],
  [{ operator: 'less_than', value: 2 }, [1, 1, 0, 0, 0]],
  [{ operator: 'between', value: 1, to: 2 }, [0, 1, 1, 0, 0]],
];

test.each(tests)('keeps of the mask the users whose count passes: %o', (asked, expected) => {
  const mask = Uint8Array.of(1, 1, 1, 1, 0);
  judgeCounts(Uint32Array.of(0, 1, 2, 3, 3), asked, mask);
  expect([...mask]).toEqual(expected);
});

test.each(tests)('judges numbers as counts: %o', (asked, expected) => {
  const mask = Uint8Array.of(1, 1, 1, 1, 0);
  judgeNumbers(Float64Array.of(0, 1, 2, 3, 3), asked, mask);
  expect([...mask]).toEqual(expected);
});

test.each(tests)('passes nobody without a number: %o', (asked) => {
  const mask = Uint8Array.of(1, 1);
  judgeNumbers(Float64Array.of(NaN, NaN), asked, mask);
  expect([...mask]).toEqual([0, 0]);
});

test('judges numbers below zero and between whole ones', () => {
  const mask = new Uint8Array(4).fill(1);
  judgeNumbers(
    Float64Array.of(-2.5, -0.5, 0.5, Infinity),
    { operator: 'between', value: -1, to: 0.5 },
    mask,
  );
  expect([...mask]).toEqual([0, 1, 1, 0]);
});
