import { expect, test } from 'vitest';
import { listQuerySchema } from '@arbor/schema/query';
import type { FunnelResult } from '@arbor/schema/result';
import { drawingOf, timesText } from './drawings.ts';
import { funnelView } from './model.ts';

const step = (count: number) => ({
  count,
  averageFromEntryMs: null,
  medianFromEntryMs: null,
  averageFromPreviousMs: null,
  medianFromPreviousMs: null,
});
const buckets = ['01', '02', '03'].map((day) => ({
  start: `2026-03-${day}T00:00:00+01:00`,
  startMs: 0,
  endMs: 1,
  incomplete: day === '03',
}));
const germany = { type: 'string', text: 'Germany' } as const;
const result: FunnelResult = {
  type: 'funnel',
  steps: [step(10), step(4)],
  segments: [],
  segmentCount: 0,
  stillOpen: 0,
  byEntry: {
    buckets,
    counts: [
      [8, 4],
      [2, 0],
      [0, 0],
    ],
    segments: [{ segment: germany, counts: [[4, 1]] }],
  },
  distribution: {
    bins: [
      { startMs: 1000, endMs: 61_000, count: 3 },
      { startMs: 61_000, endMs: 61_000, count: 1 },
    ],
    count: 4,
    averageMs: 20_000,
    medianMs: 9000,
    minMs: 1000,
    maxMs: 61_000,
  },
  times: {
    count: 4,
    averageMs: 20_000,
    medianMs: 9000,
    minMs: 1000,
    maxMs: 61_000,
    percentilesMs: [2000, 30_000, 50_000, 60_000],
  },
};
const input = { stepNames: ['View', 'Order'], selected: null, counting: 'unique' } as const;
const view = funnelView({ ...input, result });

test('a trend is the share that converted, by entry; nothing where nobody entered', () => {
  const trend = drawingOf('trend', { result, view, unit: 'day', closedBeforeMs: 2 });
  expect(trend?.series.map(({ values }) => values)).toEqual([[0.5, 0, null]]);
  expect(trend?.buckets.map(({ incomplete }) => incomplete)).toEqual([false, false, true]);
  const early = drawingOf('trend', { result, view, unit: 'day', closedBeforeMs: 0 });
  expect(early?.buckets[0]).toMatchObject({ incomplete: true });
  const target = trend?.drill('overall', 0);
  expect(target).toMatchObject({ value: 4, lists: [{ count: 4, what: 'users' }, { count: null }] });
  expect(listQuerySchema.shape.point.parse(target?.lists[0]?.point)).toMatchObject({
    step: 1,
    bucket: 0,
  });
  expect(trend?.drill('overall', 1)).toBeNull();
});

test('times to convert are columns of those who took so long, each with its list', () => {
  const times = drawingOf('time', { result, view, unit: 'day', closedBeforeMs: 2 });
  expect(times?.series[0]?.values).toEqual([3, 1]);
  expect(times?.drill('times', 0)?.lists[0]).toMatchObject({
    count: 3,
    point: { step: 1, took: { from: 0, startMs: 1000, endMs: 61_000 } },
  });
  expect(timesText(result)).toBe('median 9 s, average 20 s, p25 2 s, p75 30 s, p90 50 s, p95 1 m');
});

test('of attempts the list of users says no number: one user may have made several', () => {
  const ofAttempts = funnelView({ ...input, counting: 'totals', result });
  const target = drawingOf('time', {
    result,
    view: ofAttempts,
    unit: 'day',
    closedBeforeMs: 2,
  })?.drill('times', 0);
  expect(target?.lists.map(({ count }) => count)).toEqual([null, null]);
});
