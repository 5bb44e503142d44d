import { expect, test } from 'vitest';
import type { FunnelQueryInput } from '@arbor/schema/query';
import type { FunnelResult } from '@arbor/schema/result';
import type { ShardView } from '../../src/query/exec/shard-view.ts';
import { ask, later } from '../model/ask.ts';
import { at, d1Views, did, event, only, viewsOf } from './sample-data.ts';

type FunnelOptions = Partial<Omit<FunnelQueryInput, 'type' | 'range' | 'steps'>>;

const wholeMonth = { from: '2024-03-01', to: '2024-03-31' };

function funnel(views: readonly ShardView[], steps: string[], options: FunnelOptions = {}) {
  return ask(views, { type: 'funnel', range: wholeMonth, steps: steps.map(only), ...options });
}

const counts = ({ steps }: Pick<FunnelResult, 'steps'>) => steps.map(({ count }) => count);

test('5.13 example 1: a later entry neither restarts the clock nor counts', () => {
  const views = viewsOf(
    did('u', 'A', '03-04 13:00'),
    did('u', 'A', '03-04 13:30'),
    did('u', 'B', '03-04 13:45'),
    did('u', 'C', '03-04 14:15'),
  );
  const result = funnel(views, ['A', 'B', 'C'], { window: { value: 1, unit: 'hour' } });
  expect(counts(result)).toEqual([1, 1, 0]);
});

test('5.13 example 2: completions after the range count for the day of the entry', () => {
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

test('5.13 example 3: a user has one attempt, or the next one after each', () => {
  const views = viewsOf(
    did('u', 'A', '03-04 10:00'),
    did('u', 'A', '03-04 10:05'),
    did('u', 'B', '03-04 10:10'),
    did('u', 'A', '03-04 10:20'),
    did('u', 'B', '03-04 10:30'),
    did('u', 'A', '03-04 10:40'),
  );
  const window = { value: 1, unit: 'day' as const };
  expect(counts(funnel(views, ['A', 'B'], { window }))).toEqual([1, 1]);
  expect(counts(funnel(views, ['A', 'B'], { window, counting: 'totals' }))).toEqual([3, 2]);
});

test('5.13 example 4: a step that is excluded after it does not exclude its own attempt', () => {
  const views = viewsOf(
    did('u', 'A', '03-04 10:00'),
    did('u', 'A', '03-04 10:05'),
    did('u', 'A', '03-04 10:10'),
    did('u', 'B', '03-04 10:20'),
  );
  const exclusions = [{ selector: only('A') }];
  expect(counts(funnel(views, ['A', 'B'], { exclusions, counting: 'totals' }))).toEqual([2, 1]);
  expect(counts(funnel(views, ['A', 'B'], { exclusions }))).toEqual([1, 0]);
});

test('5.13 example 5: steps of a held property carry the value of their entry', () => {
  const views = viewsOf(
    did('u', 'View', '03-04 10:00', { item: 1 }),
    did('u', 'View', '03-04 10:05', { item: 2 }),
    did('u', 'Buy', '03-04 10:10', { item: 2 }),
  );
  const hold = [event('item')];
  expect(counts(funnel(views, ['View', 'Buy'], { hold }))).toEqual([1, 0]);
  expect(counts(funnel(views, ['View', 'Buy'], { hold, counting: 'totals' }))).toEqual([2, 1]);
});

test('5.13 example 6: optimized re-entry begins with the latest entry before step 2', () => {
  const window = { value: 1, unit: 'hour' as const };
  const optimized = { window, reentry: 'optimized' as const };
  const late = viewsOf(
    did('u', 'A', '03-04 10:00'),
    did('u', 'A', '03-04 12:00'),
    did('u', 'B', '03-04 12:30'),
  );
  expect(counts(funnel(late, ['A', 'B'], { window }))).toEqual([1, 0]);
  expect(counts(funnel(late, ['A', 'B'], optimized))).toEqual([1, 1]);
  const overlapping = viewsOf(
    did('u', 'A', '03-04 10:00'),
    did('u', 'A', '03-04 10:30'),
    did('u', 'B', '03-04 11:15'),
  );
  expect(counts(funnel(overlapping, ['A', 'B'], { window }))).toEqual([1, 0]);
  const totals = { ...optimized, counting: 'totals' as const };
  expect(counts(funnel(overlapping, ['A', 'B'], totals))).toEqual([2, 1]);
  const thrice = viewsOf(
    did('u', 'A', '03-04 10:00'),
    did('u', 'A', '03-04 10:10'),
    did('u', 'A', '03-04 10:20'),
    did('u', 'B', '03-04 10:30'),
  );
  expect(funnel(thrice, ['A', 'B'], optimized).steps[1]).toMatchObject({
    count: 1,
    averageFromEntryMs: 600_000,
  });
});

test('5.13 example 7: a further segment is entered only after the attempt before is over', () => {
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
])(
  '5.13 example 8: B before A at $time converts $converted within two seconds',
  ({ time, converted }) => {
    const views = viewsOf(did('u', 'B', '03-04 10:00:00'), did('u', 'A', time));
    expect(counts(funnel(views, ['A', 'B'], { graceMs: 2000 }))).toEqual([1, converted]);
  },
);

test('5.3: without grace only events of one instant may swap', () => {
  const swapped = viewsOf(did('u', 'B', '03-04 10:00'), did('u', 'A', '03-04 10:00'));
  expect(counts(funnel(swapped, ['A', 'B']))).toEqual([1, 1]);
  const earlier = viewsOf(did('u', 'B', '03-04 09:59:59.999'), did('u', 'A', '03-04 10:00'));
  expect(counts(funnel(earlier, ['A', 'B']))).toEqual([1, 0]);
});

test('5.13 example 9: the steps view counts a user at his first entry alone, a trend in each bucket', () => {
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
  const trend = funnel(views, ['A', 'B'], { unit: 'day', trends: true });
  expect(trend.byEntry?.counts.slice(0, 2)).toEqual([
    [1, 1],
    [1, 1],
  ]);
  expect(counts(trend)).toEqual([1, 1]);
});

test('5.13 example 10: significance of a segment against the whole', () => {
  const users = Array.from({ length: 200 }, (_, i) => {
    const group = i < 50 ? 'x' : 'y';
    const isConverted = i < 30 || (i >= 50 && i < 100);
    const entry = did(`u${i}`, 'A', '03-04 10:00', { group });
    return isConverted ? [entry, did(`u${i}`, 'B', '03-04 10:01')] : [entry];
  });
  const result = funnel(viewsOf(...users.flat()), ['A', 'B'], {
    breakdowns: [{ property: event('group') }],
  });
  expect(counts(result)).toEqual([200, 80]);
  const [, own] = result.segments;
  expect([own.segment.text, counts(own)]).toEqual(['x', [50, 30]]);
  expect(own.significance?.confidence).toBeCloseTo(1 - 0.00083, 5);
  expect(own.significance?.isSignificant).toBe(true);
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

test('5.2: one attempt a session, all steps in it', () => {
  const views = viewsOf(
    did('u', 'A', '03-04 10:00'),
    did('u', 'A', '03-04 10:05'),
    did('u', 'B', '03-04 10:10'),
    did('u', 'A', '03-04 12:00'),
    did('u', 'B', '03-04 13:00'),
  );
  expect(counts(funnel(views, ['A', 'B'], { counting: 'sessions' }))).toEqual([2, 1]);
  const two = { window: { value: 2, unit: 'session' as const } };
  expect(counts(funnel(views, ['A', 'B'], { ...two, counting: 'totals' }))).toEqual([2, 2]);
  const late = viewsOf(did('u', 'A', '03-04 10:00'), did('u', 'B', '03-05 10:00'));
  expect(counts(funnel(late, ['A', 'B'], two))).toEqual([1, 1]);
  const one = { window: { value: 1, unit: 'session' as const } };
  expect(counts(funnel(late, ['A', 'B'], one))).toEqual([1, 0]);
});

test('5.5: an anchored step comes at its place, the others as they come', () => {
  const views = viewsOf(
    did('u', 'B', '03-04 10:00'),
    did('u', 'A', '03-04 10:01'),
    did('u', 'C', '03-04 10:02'),
  );
  const any = { order: 'any' as const };
  expect(counts(funnel(views, ['A', 'B', 'C'], any))).toEqual([1, 1, 1]);
  expect(counts(funnel(views, ['A', 'B', 'C'], { ...any, anchors: [0] }))).toEqual([1, 1, 0]);
  expect(counts(funnel(views, ['A', 'B', 'C'], { ...any, anchors: [2] }))).toEqual([1, 1, 1]);
});

test('5.1: event comparison tells apart which event of a step was done', () => {
  const views = viewsOf(
    did('u', 'A', '03-04 10:00'),
    did('u', 'C', '03-04 10:01'),
    did('v', 'A', '03-04 10:00'),
    did('v', 'B', '03-04 10:01'),
    did('w', 'A', '03-04 10:00'),
  );
  const result = ask(views, {
    type: 'funnel',
    range: wholeMonth,
    steps: [only('A'), { anyOf: [{ event: 'B' }, { event: 'C' }] }],
    compareEvents: 1,
  });
  expect(result.segments.map(({ segment, ...own }) => [segment, counts(own)])).toEqual([
    [{ type: 'not_set', text: '(not set)' }, [1, 0]],
    [{ type: 'event', text: 'B' }, [1, 1]],
    [{ type: 'event', text: 'C' }, [1, 1]],
  ]);
});

test('3.8: segments beyond those that come back are one, and a user counts there once', () => {
  const views = viewsOf(
    did('u', 'A', '03-04 10:00', { item: 'x' }),
    did('v', 'A', '03-04 10:00', { item: 'x' }),
    did('v', 'A', '03-14 10:00', { item: 'y' }),
    did('v', 'A', '03-24 10:00', { item: 'z' }),
    did('v', 'B', '03-24 10:01'),
  );
  const result = funnel(views, ['A', 'B'], {
    breakdowns: [{ property: event('item') }],
    segmentsMax: 1,
    otherSegment: true,
  });
  expect(result.segments.map(({ segment, ...own }) => [segment.text, counts(own)])).toEqual([
    ['x', [2, 0]],
    ['(other)', [1, 0]],
  ]);
  expect(result.segmentCount).toBe(3);
});

test('5.10: sums of a number at each step, and how times are spread', () => {
  const views = viewsOf(
    did('u', 'A', '03-04 10:00', { price: 0.1 }),
    did('u', 'B', '03-04 10:01', { price: 0.2 }),
    did('v', 'A', '03-04 10:00', { price: 0.3 }),
    did('v', 'B', '03-04 10:03', { price: 'free' }),
  );
  const result = funnel(views, ['A', 'B'], {
    sum: event('price'),
    distribution: { from: 0, to: 1, bins: 2 },
  });
  expect(result.steps.map(({ sum }) => sum)).toEqual([0.4, 0.2]);
  expect(result.distribution?.bins.map(({ startMs, count }) => [startMs / 1000, count])).toEqual([
    [60, 1],
    [120, 0],
    [180, 1],
  ]);
});

test('a funnel has one step or a hundred', () => {
  const days = Array.from({ length: 100 }, (_, i) =>
    did(
      'u',
      'A',
      `03-04 10:${String(Math.floor(i / 60)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}`,
    ),
  );
  expect(counts(funnel(viewsOf(...days), ['A']))).toEqual([1]);
  const steps = Array.from({ length: 100 }, () => 'A');
  expect(counts(funnel(viewsOf(...days), steps)).at(-1)).toBe(1);
  const any = { order: 'any' as const, entry: 'any' as const };
  expect(counts(funnel(viewsOf(...days.slice(1)), steps, any)).slice(-2)).toEqual([1, 0]);
});
