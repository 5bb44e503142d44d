import fc from 'fast-check';
import { expect, it } from 'vitest';
import { propertyRuns, propertySeed } from '../../../../test/model/property-runs.ts';
import { classCount } from './class-code.ts';
import { sequenceStats, stretchLength } from './sequence-stats.ts';

const numbers = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 300 }),
  fc.array(fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff), { minLength: 1 }),
  fc.uniqueArray(fc.nat(), { minLength: 1 }).map((list) => list.sort((a, b) => a - b)),
);

const widthOf = (number: number): number => (number === 0 ? 0 : Math.floor(Math.log2(number)) + 1);

function countsOf(list: readonly number[]): Uint32Array {
  const counts = new Uint32Array(classCount);
  for (const number of list) counts[widthOf(number)]++;
  return counts;
}

/** How long the stretches of equal numbers are. */
function runsOf(list: readonly number[]): number[] {
  const runs: number[] = [];
  list.forEach((number, i) => {
    if (i > 0 && number === list[i - 1]) runs[runs.length - 1]++;
    else runs.push(1);
  });
  return runs;
}

/** As zigzag, modulo 2^32. */
function zigzag(from: number, to: number): number {
  const step = (to - from) | 0;
  return (step >= 0 ? step * 2 : -step * 2 - 1) >>> 0;
}

function stepsOf(list: readonly number[], isAscending: boolean): number[] {
  return list.slice(1).map((to, i) => (isAscending ? to - list[i] - 1 : zigzag(list[i], to)));
}

it('tells of each number of a short sequence', () => {
  fc.assert(
    fc.property(numbers, (list) => {
      const stats = sequenceStats(Uint32Array.from(list));
      const runs = runsOf(list);
      const isAscending = list.every((number, i) => i === 0 || number > list[i - 1]);
      expect(stats).toMatchObject({
        count: list.length,
        sampleCount: list.length,
        min: Math.min(...list),
        max: Math.max(...list),
        isAscending,
        runCount: runs.length,
        runLengthMax: Math.max(...runs),
        classCounts: countsOf(list),
        stepClassCounts: countsOf(stepsOf(list, isAscending)),
        majorityCount: list.filter((number) => number === stats.majority).length,
      });
      const most = list.find(
        (one) => list.filter((other) => other === one).length * 2 > list.length,
      );
      expect(stats.majority).toBe(most ?? stats.majority);
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});

it('leaves out of a sample what its stretches do not tell: the steps between them', () => {
  const values = Uint32Array.from({ length: 100 * stretchLength }, (_, i) => i * 2);
  const { sampleCount, isAscending, stepClassCounts } = sequenceStats(values);
  expect(isAscending).toBe(true);
  expect(sampleCount).toBe(16 * stretchLength);
  // Each step is 2, of which 1 is written.
  expect(stepClassCounts[1]).toBe(sampleCount - 16);
  expect(stepClassCounts.reduce((sum, count) => sum + count, 0)).toBe(sampleCount - 16);
});

it('finds the number that is nearly everywhere in a long sequence', () => {
  const values = Uint32Array.from({ length: 50_000 }, (_, i) => (i % 10 === 3 ? i : 77));
  const { majority, majorityCount, sampleCount } = sequenceStats(values);
  expect(majority).toBe(77);
  expect(majorityCount).toBeGreaterThan(sampleCount * 0.85);
});
