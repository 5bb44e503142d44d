import { expect, test } from 'vitest';
import { listPointSchema } from '@arbor/schema/query';
import type { FunnelResult, FunnelStepResult } from '@arbor/schema/result';
import { funnelView } from './model.ts';
import { pathDrill, pathRows, pathsCsv } from './paths.ts';

const step = (count: number): FunnelStepResult => ({
  count,
  averageFromEntryMs: null,
  medianFromEntryMs: null,
  averageFromPreviousMs: null,
  medianFromPreviousMs: null,
});
const plain: FunnelResult = {
  type: 'funnel',
  steps: [step(20), step(12)],
  segments: [],
  segmentCount: 0,
  stillOpen: 0,
};
const result: FunnelResult = {
  ...plain,
  paths: [
    { steps: [1, 0], count: 12, converted: 12, prefixCounts: [15, 12] },
    { steps: [0], count: 5, converted: 0, prefixCounts: [5] },
  ],
  pathCount: 2,
};
const view = funnelView({
  result,
  stepNames: ['View', 'Cart'],
  selected: null,
  counting: 'unique',
});
const rows = pathRows(result, view) ?? [];

test('names the steps in the order in which they were done', () => {
  expect(rows.map(({ names, count, share }) => [names, count, share])).toEqual([
    [['Cart', 'View'], 12, 0.6],
    [['View'], 5, 0.25],
  ]);
  expect(pathRows(plain, view)).toBeNull();
});

test('leads to who converted that way, or stopped there', () => {
  const [whole, stopped] = rows.map((row) => pathDrill(row, view));
  expect(whole?.lists[0]).toMatchObject({
    count: 12,
    title: 'Cart → View',
    point: { step: 1, outcome: 'reached', path: [1, 0] },
  });
  expect(stopped?.lists[0]).toMatchObject({
    count: 5,
    title: 'View, and no further',
    point: { step: 1, outcome: 'dropped', path: [0] },
  });
  for (const { point } of [...(whole?.lists ?? []), ...(stopped?.lists ?? [])]) {
    expect(listPointSchema.safeParse(point).success).toBe(true);
  }
});

test('gives attempts no number of users', () => {
  const totals = rows.map((row) => pathDrill(row, { ...view, counting: 'totals' }));
  expect(totals[0]?.lists.map(({ count }) => count)).toEqual([null, 12]);
});

test('has a column a step in the file', () => {
  expect(pathsCsv(rows)).toEqual([
    ['Count', 'Share', 'Converted', 'Step 1', 'Step 2'],
    [12, 0.6, 'yes', 'Cart', 'View'],
    [5, 0.25, 'no', 'View', null],
  ]);
});
