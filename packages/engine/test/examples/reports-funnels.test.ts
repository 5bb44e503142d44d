import { expect, test } from 'vitest';
import type { FunnelQuery } from '@arbor/schema/query';
import type { FunnelResult } from '@arbor/schema/result';
import type { ShardView } from '../../src/query/exec/shard-view.ts';
import { ask, later } from '../model/ask.ts';
import { at, d1Views, did, event, only, viewsOf } from './sample-data.ts';

type FunnelOptions = Partial<Pick<FunnelQuery, 'window' | 'graceMs' | 'breakdowns' | 'unit'>>;

const wholeMonth = { from: '2024-03-01', to: '2024-03-31' };

function funnel(views: readonly ShardView[], steps: string[], options: FunnelOptions = {}) {
  return ask(views, { type: 'funnel', range: wholeMonth, steps: steps.map(only), ...options });
}

const counts = ({ steps }: Pick<FunnelResult, 'steps'>) => steps.map(({ count }) => count);

test('5.13.1: a later entry neither restarts the clock nor counts', () => {
  const views = viewsOf(
    did('u', 'A', '03-04 13:00'),
    did('u', 'A', '03-04 13:30'),
    did('u', 'B', '03-04 13:45'),
    did('u', 'C', '03-04 14:15'),
  );
  const result = funnel(views, ['A', 'B', 'C'], { window: { value: 1, unit: 'hour' } });
  expect(counts(result)).toEqual([1, 1, 0]);
});

test('5.13.2: completions after the range count for the day of the entry', () => {
  const result = ask(d1Views, {
    type: 'funnel',
    range: { from: '2024-03-04', to: '2024-03-05' },
    steps: ['Signup', 'Play'].map(only),
    unit: 'day',
  });
  expect(counts(result)).toEqual([3, 3]);
  expect(result.steps[1]).toMatchObject({
    averageFromEntryMs: 28_600_000,
    medianFromEntryMs: 2_400_000,
    averageFromPreviousMs: 28_600_000,
    medianFromPreviousMs: 2_400_000,
  });
  expect(result.byEntry?.counts).toEqual([
    [2, 2],
    [1, 1],
  ]);
});

test('5.13.3: a user has one attempt', () => {
  const views = viewsOf(
    did('u', 'A', '03-04 10:00'),
    did('u', 'A', '03-04 10:05'),
    did('u', 'B', '03-04 10:10'),
    did('u', 'A', '03-04 10:20'),
    did('u', 'B', '03-04 10:30'),
    did('u', 'A', '03-04 10:40'),
  );
  expect(counts(funnel(views, ['A', 'B'], { window: { value: 1, unit: 'day' } }))).toEqual([1, 1]);
});

test('5.13.7: a further segment is entered only after the attempt before is over', () => {
  const views = viewsOf(
    did('u', 'Browse', '03-04 10:00', { item: 'shirt' }),
    did('u', 'Browse', '03-04 10:05', { item: 'jeans' }),
    did('u', 'Add to cart', '03-04 10:10'),
    did('u', 'Browse', '03-04 10:20', { item: 'shoes' }),
  );
  const result = funnel(views, ['Browse', 'Add to cart'], {
    breakdowns: [{ property: event('item') }],
  });
  expect(result.segments.map((own) => [own.segment.text, counts(own)])).toEqual([
    ['shirt', [1, 1]],
    ['shoes', [1, 0]],
  ]);
  expect(counts(result)).toEqual([1, 1]);
});

test.each([
  { time: '03-04 10:00:01', converted: 1 },
  { time: '03-04 10:00:02', converted: 1 },
  { time: '03-04 10:00:02.001', converted: 0 },
  { time: '03-04 10:00:03', converted: 0 },
])('5.13.8: B before A at $time converts $converted within two seconds', ({ time, converted }) => {
  const views = viewsOf(did('u', 'B', '03-04 10:00:00'), did('u', 'A', time));
  expect(counts(funnel(views, ['A', 'B'], { graceMs: 2000 }))).toEqual([1, converted]);
});

test('5.3: without grace only events of one instant may swap', () => {
  const swapped = viewsOf(did('u', 'B', '03-04 10:00'), did('u', 'A', '03-04 10:00'));
  expect(counts(funnel(swapped, ['A', 'B']))).toEqual([1, 1]);
  const earlier = viewsOf(did('u', 'B', '03-04 09:59:59.999'), did('u', 'A', '03-04 10:00'));
  expect(counts(funnel(earlier, ['A', 'B']))).toEqual([1, 0]);
});

test('5.13.9: the steps view counts a user at his first entry alone', () => {
  const views = viewsOf(
    did('u', 'A', '03-01 10:00'),
    did('u', 'A', '03-02 10:00'),
    did('u', 'B', '03-02 11:00'),
  );
  const { byEntry } = funnel(views, ['A', 'B'], { unit: 'day' });
  expect(byEntry?.counts.slice(0, 2)).toEqual([
    [1, 1],
    [0, 0],
  ]);
});

test('5.2: the end of the window is inside', () => {
  const inside = viewsOf(did('u', 'A', '03-04 10:00'), did('u', 'B', '03-11 10:00'));
  expect(counts(funnel(inside, ['A', 'B']))).toEqual([1, 1]);
  const outside = viewsOf(did('u', 'A', '03-04 10:00'), did('u', 'B', '03-11 10:00:00.001'));
  expect(counts(funnel(outside, ['A', 'B']))).toEqual([1, 0]);
});

test('5.2: one event fulfils one step', () => {
  const once = viewsOf(did('u', 'A', '03-04 10:00'));
  expect(counts(funnel(once, ['A', 'A']))).toEqual([1, 0]);
  const twice = viewsOf(did('u', 'A', '03-04 10:00'), did('u', 'A', '03-04 10:00'));
  expect(counts(funnel(twice, ['A', 'A']))).toEqual([1, 1]);
});

test('5.8: a global filter judges the attempt by its first defined value', () => {
  const views = viewsOf(
    did('u', 'A', '03-04 10:00'),
    did('u', 'B', '03-04 10:01', { item: 'jeans' }),
    did('v', 'A', '03-04 10:00', { item: 'shirt' }),
    did('v', 'A', '03-04 10:01', { item: 'jeans' }),
    did('v', 'B', '03-04 10:02', { item: 'jeans' }),
  );
  const result = ask(views, {
    type: 'funnel',
    range: wholeMonth,
    steps: ['A', 'B'].map(only),
    filters: [{ type: 'property', property: event('item'), operator: 'equals', values: ['jeans'] }],
  });
  expect(counts(result)).toEqual([1, 1]);
});

test('counts the users who still have time to convert', () => {
  const views = viewsOf(
    did('converted', 'A', '03-04 10:00'),
    did('converted', 'B', '03-04 10:01'),
    did('late', 'A', '03-04 10:00'),
    did('open', 'A', '03-05 10:00'),
  );
  const query = {
    type: 'funnel' as const,
    range: wholeMonth,
    steps: ['A', 'B'].map(only),
    window: { value: 1, unit: 'day' as const },
  };
  const openAt = (time: string) => ask(views, query, { ...later, nowMs: at(time) }).stillOpen;
  expect(openAt('03-05 10:00')).toBe(2);
  expect(openAt('03-06 10:00')).toBe(1);
  expect(openAt('03-06 10:00:00.001')).toBe(0);
});

test('5.8: a null is no defined value: the next step decides', () => {
  const views = viewsOf(
    did('u', 'A', '03-04 10:00', { item: null }),
    did('u', 'B', '03-04 10:01', { item: 'shirt' }),
  );
  const { segments } = funnel(views, ['A', 'B'], { breakdowns: [{ property: event('item') }] });
  expect(segments.map(({ segment }) => segment.text)).toEqual(['shirt']);
});

test('5.3: grace reaches back before the range', () => {
  const views = viewsOf(did('u', 'B', '02-29 23:59:59'), did('u', 'A', '03-01 00:00'));
  expect(counts(funnel(views, ['A', 'B'], { graceMs: 2000 }))).toEqual([1, 1]);
  expect(counts(funnel(views, ['A', 'B'], { graceMs: 999 }))).toEqual([1, 0]);
});
