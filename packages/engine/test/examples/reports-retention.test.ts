import { expect, test } from 'vitest';
import type { RetentionQuery } from '@arbor/schema/query';
import { mergePartials } from '../../src/query/merge/merge.ts';
import { planQuery } from '../../src/query/plan/plan.ts';
import { querySchema } from '@arbor/schema/query';
import { ask, later } from '../model/ask.ts';
import { at, d1Views, did, event, only, viewsOf } from './sample-data.ts';

const noon = { ...later, nowMs: at('03-12 12:00') };

function signupThenPlay(options: Partial<RetentionQuery>) {
  const { cohorts } = ask(
    d1Views,
    {
      type: 'retention',
      range: { from: '2024-03-04', to: '2024-03-05' },
      birth: only('Signup'),
      return: only('Play'),
      intervals: 7,
      ...options,
    },
    noon,
  );
  return cohorts;
}

test('6.8.1: rolling, on the interval; the last interval of the second cohort is incomplete', () => {
  const cohorts = signupThenPlay({ criterion: 'on' });
  expect(cohorts.map(({ size, counts }) => [size, ...counts])).toEqual([
    [2, 2, 0, 1, 0, 0, 0, 1],
    [1, 1, 0, 0, 0, 0, 0, 0],
  ]);
  const complete = cohorts.map((cohort) => cohort.complete);
  expect(complete[0]).toEqual([true, true, true, true, true, true, true]);
  expect(complete[1]).toEqual([true, true, true, true, true, true, false]);
});

test('6.8.1: rolling, on or after', () => {
  const cohorts = signupThenPlay({ criterion: 'on_or_after' });
  expect(cohorts.map(({ counts }) => counts)).toEqual([
    [2, 2, 2, 1, 1, 1, 1],
    [1, 0, 0, 0, 0, 0, 0],
  ]);
});

test('6.8.2: calendar days', () => {
  const cohorts = signupThenPlay({ criterion: 'on', mode: 'calendar', intervals: 8 });
  expect(cohorts.map(({ counts }) => counts)).toEqual([
    [1, 2, 1, 0, 0, 0, 0, 1],
    [0, 1, 0, 0, 0, 0, 0, 0],
  ]);
});

test('6.8.3: the average row weighs by size and leaves incomplete cohorts out', () => {
  const query = querySchema.parse({
    type: 'retention',
    range: { from: '2024-03-04', to: '2024-03-06' },
    birth: only('Signup'),
    return: only('Play'),
    criterion: 'on',
    intervals: 2,
  });
  // The third cohort's day 0 has ended for all of it, its day 1 has not.
  const plan = planQuery(query, { ...later, nowMs: at('03-08 12:00') });
  const { average } = mergeOne(plan, {
    cohorts: [0, 1, 2],
    sizes: [1000, 500, 800],
    counts: [
      [1000, 500],
      [500, 400],
      [800, 1],
    ],
  });
  expect(average.size).toBeCloseTo((1000 ** 2 + 500 ** 2 + 800 ** 2) / 2300, 10);
  expect(average.counts[1]).toBeCloseTo(466.67, 2);
  expect(average.rates[1]).toBeCloseTo(0.56, 10);
});

function mergeOne(
  plan: ReturnType<typeof planQuery>,
  overall: { cohorts: number[]; sizes: number[]; counts: number[][] },
) {
  const result = mergePartials(plan, [{ type: 'retention', overall, segments: [] }]);
  if (result.type !== 'retention') throw new Error('not a retention report');
  return result;
}

test('6.8.4: births in every bucket, the birth event itself is no return', () => {
  const { cohorts } = ask(d1Views, {
    type: 'retention',
    range: { from: '2024-03-04', to: '2024-03-05' },
    birth: only('Play'),
    return: only('Play'),
    criterion: 'on',
    intervals: 3,
  });
  // Cohort 03-05: u1 came back after 28 h, u2 after six days.
  expect(cohorts.map(({ size, counts }) => [size, ...counts])).toEqual([
    [1, 1, 0, 1],
    [2, 0, 1, 0],
  ]);
});

test('6.1: a user born first belongs to one cohort alone', () => {
  const { cohorts } = ask(d1Views, {
    type: 'retention',
    range: { from: '2024-03-04', to: '2024-03-06' },
    birth: only('Play'),
    return: only('Play'),
    births: 'first',
    intervals: 1,
  });
  expect(cohorts.map(({ size }) => size)).toEqual([1, 1, 1]);
});

test('6.1: a return at the instant of the birth counts, whichever arrived first', () => {
  const views = viewsOf(did('u', 'B', '03-04 10:00'), did('u', 'A', '03-04 10:00'));
  const { cohorts } = ask(views, {
    type: 'retention',
    range: { from: '2024-03-04', to: '2024-03-04' },
    birth: only('A'),
    return: only('B'),
    intervals: 1,
  });
  expect(cohorts[0].counts).toEqual([1]);
});

test('6.4: intervals that lie wholly in the future have no value', () => {
  const [first] = ask(
    d1Views,
    {
      type: 'retention',
      range: { from: '2024-03-12', to: '2024-03-12' },
      birth: only('Play'),
      return: only('Play'),
      mode: 'calendar',
      intervals: 3,
    },
    noon,
  ).cohorts;
  expect(first.counts).toEqual([0, null, null]);
  expect(first.complete).toEqual([false, false, false]);
});

test('6.6: an event property is that of the birth event', () => {
  const { segments, segmentCount } = ask(d1Views, {
    type: 'retention',
    range: { from: '2024-03-04', to: '2024-03-05' },
    birth: only('Play'),
    return: only('Play'),
    breakdowns: [{ property: event('song') }],
    intervals: 1,
  });
  expect(segmentCount).toBe(2);
  expect(segments.map((own) => [own.segment.text, own.cohorts.map(({ size }) => size)])).toEqual([
    ['A', [1, 1]],
    ['B', [0, 1]],
  ]);
});
