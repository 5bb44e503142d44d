import { expect, test } from 'vitest';
import { judgeCounts } from './judge-counts.ts';

test('keeps of the mask the users whose count passes', () => {
  const counts = Uint32Array.of(0, 1, 2, 3, 3);
  const judged = (operator: 'at_least' | 'at_most' | 'exactly', value: number) => {
    const mask = Uint8Array.of(1, 1, 1, 1, 0);
    judgeCounts(counts, operator, value, mask);
    return [...mask];
  };
  expect(judged('at_least', 2)).toEqual([0, 0, 1, 1, 0]);
  expect(judged('at_most', 2)).toEqual([1, 1, 1, 0, 0]);
  expect(judged('at_most', 0)).toEqual([1, 0, 0, 0, 0]);
  expect(judged('exactly', 3)).toEqual([0, 0, 0, 1, 0]);
});
