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
  [{ operator: 'between', value: 0.5, to: 2.5 }, [0, 1, 1, 0, 0]],
  [{ operator: 'between', value: 3, to: 1 }, [0, 0, 0, 0, 0]],
  [{ operator: 'exactly', value: 1.5 }, [0, 0, 0, 0, 0]],
  [{ operator: 'greater_than', value: 1.5 }, [0, 0, 1, 1, 0]],
  [{ operator: 'less_than', value: 1.5 }, [1, 1, 0, 0, 0]],
  [{ operator: 'less_than', value: 0 }, [0, 0, 0, 0, 0]],
  [{ operator: 'at_least', value: -2 }, [1, 1, 1, 1, 0]],
  [{ operator: 'at_least', value: 1e12 }, [0, 0, 0, 0, 0]],
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

test('tells the largest counts apart', () => {
  const counts = Uint32Array.of(0, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1);
  const judged = (asked: NumberTest): number[] => {
    const mask = new Uint8Array(4).fill(1);
    judgeCounts(counts, asked, mask);
    return [...mask];
  };
  expect(judged({ operator: 'at_least', value: 2 ** 31 })).toEqual([0, 0, 1, 1]);
  expect(judged({ operator: 'at_most', value: 2 ** 31 })).toEqual([1, 1, 1, 0]);
  expect(judged({ operator: 'between', value: 1, to: 2 ** 40 })).toEqual([0, 1, 1, 1]);
});
