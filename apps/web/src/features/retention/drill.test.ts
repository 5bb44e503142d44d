import { expect, test } from 'vitest';
import type { RetentionResult } from '@arbor/schema/result';
import { retentionDrill } from './drill.ts';
import { retentionView } from './model.ts';

const result: RetentionResult = {
  type: 'retention',
  cohorts: ['01', '02'].map((day, index) => ({
    bucket: { start: `2026-03-${day}T00:00:00+01:00`, startMs: 0, endMs: 1, incomplete: false },
    size: index === 0 ? 10 : 0,
    counts: index === 0 ? [10, 4, null] : [0, 0, null],
    complete: [true, true, false],
  })),
  average: { size: 10, counts: [10, 4, null], rates: [1, 0.4, null] },
  segments: [],
  segmentCount: 0,
};
const { overall: table, intervals } = retentionView(result, 'day', 'rolling');

test('offers who came back and who did not, together the whole cohort', () => {
  const target = retentionDrill(intervals, { table, cohort: 0, interval: 1 });
  expect(target?.lists.map(({ title, count }) => [title, count])).toEqual([
    ['Came back Day 1, Sun 1 Mar 2026', 4],
    ['Did not come back Day 1, Sun 1 Mar 2026', 6],
  ]);
  expect(target?.lists.map(({ point }) => point)).toMatchObject([
    { cohort: 0, interval: 1, outcome: 'retained' },
    { cohort: 0, interval: 1, outcome: 'lost' },
  ]);
});

test('offers only the side on which somebody is', () => {
  const target = retentionDrill(intervals, { table, cohort: 0, interval: 0 });
  expect(target?.lists.map(({ count }) => count)).toEqual([10]);
});

test('offers the whole cohort behind its size', () => {
  const target = retentionDrill(intervals, { table, cohort: 0, interval: null });
  expect(target).toMatchObject({ value: 10, lists: [{ count: 10, point: { interval: null } }] });
});

test('leads nowhere from the future and from empty cohorts', () => {
  expect(retentionDrill(intervals, { table, cohort: 0, interval: 2 })).toBeNull();
  expect(retentionDrill(intervals, { table, cohort: 1, interval: 1 })).toBeNull();
  expect(retentionDrill(intervals, { table, cohort: 1, interval: null })).toBeNull();
});
