import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { FilterInput, QueryInput, UserConditionInput } from '@arbor/schema/query';
import { pick } from '../../src/query/exec/list.ts';
import { planQuery } from '../../src/query/plan/plan.ts';
import { ask, later } from '../model/ask.ts';
import { at, d1Views, did, event, only, person, viewsOf } from './sample-data.ts';

const wholeRange = { from: '2024-03-04', to: '2024-03-12' };
const lastWeek = { type: 'last', days: 7 } as const;

const played = (
  value: number,
  more: Partial<Extract<UserConditionInput, { type: 'behavior' }>> = {},
): UserConditionInput => ({
  type: 'behavior',
  selector: only('Play'),
  count: { operator: 'at_least', value },
  span: lastWeek,
  ...more,
});

const isPro: UserConditionInput = {
  type: 'property',
  property: person('plan'),
  operator: 'equals',
  values: ['pro'],
};

function sizes(...filters: UserConditionInput[]): readonly number[] | undefined {
  const over = { range: wholeRange, unit: 'day' as const };
  return ask(d1Views, { type: 'cohort', filters, over }).sizes?.users;
}

/** How many are in the cohort at the end of that day. */
function sizeOn(day: string, ...filters: UserConditionInput[]): number {
  const context = { ...later, nowMs: at(`${day} 23:59`) };
  return ask(d1Views, { type: 'cohort', filters }, context).users;
}

test('9.5 example 1: "Play ≥ 2 in last 7 days", a size per day', () => {
  expect(sizes(played(2))).toEqual([0, 1, 1, 1, 1, 1, 1, 2, 0]);
});

test('9.5 example 2: "Play on ≥ 3 distinct days in last 7 days"', () => {
  const onThreeDays = played(3, { measure: { type: 'distinct_time', unit: 'day' } });
  expect(sizeOn('03-06', onThreeDays)).toBe(1);
  expect(sizeOn('03-12', onThreeDays)).toBe(0);
});

test('9.5 example 3: profile conditions use the value as of now, whenever the size is asked', () => {
  const pro = sizes(isPro, played(1));
  expect(pro?.slice(0, 2)).toEqual([1, 2]);
  expect(pro?.at(-1)).toBe(2);
});

test('9.5 example 4: total Play broken down by two cohorts, each judged alone', () => {
  const { series } = ask(d1Views, {
    type: 'insights',
    range: wholeRange,
    metrics: [{ selector: only('Play'), measure: { type: 'total' } }],
    breakdowns: [
      {
        type: 'cohort',
        cohorts: [
          { type: 'users', name: 'P', ids: ['u1'] },
          { type: 'users', name: 'Q', ids: ['u1', 'u2'] },
        ],
      },
    ],
  });
  const totals = new Map(series.map(({ segment, total }) => [segmentKey(segment), total]));
  expect(totals.get('in P')).toBe(3);
  expect(totals.get('not_in P')).toBe(4);
  expect(totals.get('in Q')).toBe(5);
  expect(totals.get('not_in Q')).toBe(2);
});

/** The text of "not in" names the cohort last. */
function segmentKey(segment: { type: string; text: string } | null): string {
  return segment === null ? 'all' : `${segment.type} ${segment.text.at(-1) ?? ''}`;
}

test('9.2: a report filtered by a cohort uses the members of now for its whole range', () => {
  const filter = (operator: 'in' | 'not_in') => ({
    type: 'cohort' as const,
    operator,
    // u4 alone at the end.
    cohorts: [
      { type: 'conditions' as const, filters: [played(1, { span: { type: 'last', days: 1 } })] },
    ],
  });
  const totals = (operator: 'in' | 'not_in', now: string) => {
    const context = { ...later, nowMs: at(now) };
    const { series } = ask(
      d1Views,
      {
        type: 'insights',
        range: wholeRange,
        metrics: [{ selector: only('Play'), measure: { type: 'total' } }],
        filters: [filter(operator)],
      },
      context,
    );
    return series[0].total;
  };
  expect([totals('in', '03-12 12:00'), totals('not_in', '03-12 12:00')]).toEqual([1, 6]);
  // On the day before: u2.
  expect([totals('in', '03-11 12:00'), totals('not_in', '03-11 12:00')]).toEqual([2, 5]);
});

test('9.2: several cohorts of one filter are OR', () => {
  const list = (id: string) => ({ type: 'users' as const, ids: [id] });
  const query = (operator: 'in' | 'not_in'): QueryInput => ({
    type: 'cohort',
    filters: [{ type: 'cohort', operator, cohorts: [list('u1'), list('u4'), list('stranger')] }],
  });
  expect(ask(d1Views, query('in'))).toEqual({ type: 'cohort', users: 2 });
  expect(ask(d1Views, query('not_in'))).toEqual({ type: 'cohort', users: 2 });
});

test('9.2: "did not" is about whoever has an event or a profile', () => {
  const never = played(0, {
    count: { operator: 'at_most', value: 0 },
    selector: only('Signup'),
    span: { type: 'ever' },
  });
  expect(sizeOn('03-12', never)).toBe(1);
});

test('9.1: counts, sums, averages, extremes and different values, with every operator', () => {
  const ofSecs = (type: 'sum' | 'average' | 'min' | 'max', operator: 'at_least', value: number) =>
    sizeOn(
      '03-12',
      played(0, {
        measure: { type, property: event('secs') },
        count: { operator, value },
        span: { type: 'ever' },
      }),
    );
  // u1 100 and 50, u2 200 and 120, u3 30, u4 300.
  expect(ofSecs('sum', 'at_least', 150)).toBe(3);
  expect(ofSecs('average', 'at_least', 160)).toBe(2);
  expect(ofSecs('min', 'at_least', 100)).toBe(2);
  expect(ofSecs('max', 'at_least', 100)).toBe(3);
  const songs = (operator: 'between' | 'exactly' | 'not_exactly' | 'less_than', value: number) =>
    sizeOn(
      '03-12',
      played(0, {
        measure: { type: 'distinct_count', property: event('song') },
        count: { operator, value, ...(operator === 'between' && { to: 2 }) },
        span: { type: 'since', from: '2024-03-04' },
      }),
    );
  expect(songs('between', 2)).toBe(2);
  expect(songs('exactly', 1)).toBe(2);
  expect(songs('not_exactly', 1)).toBe(2);
  expect(songs('less_than', 1)).toBe(0);
});

test('9.1: first time ever, as a condition', () => {
  const newPlayers = played(1, {
    selector: { anyOf: [{ event: 'Play', firstTime: 'event' }] },
    span: { type: 'range', from: '2024-03-05', to: '2024-03-06' },
  });
  // u2 and u3; u1 played before.
  expect(sizeOn('03-12', newPlayers)).toBe(2);
});

test('9.1: a sequence within its window, from any entry of the span', () => {
  const then = (minutes: number, isDone = true): UserConditionInput => ({
    type: 'sequence',
    steps: [only('Signup'), only('Play')],
    window: { value: minutes, unit: 'minute' },
    span: { type: 'ever' },
    did: isDone,
  });
  // u1 after 10 minutes, u3 after 40, u2 after 23 hours; u4 never signed up.
  expect([10, 40, 23 * 60].map((minutes) => sizeOn('03-12', then(minutes)))).toEqual([1, 2, 3]);
  expect(sizeOn('03-12', then(40, false))).toBe(2);
  // As of the end of a day, nothing later has happened: u3 signed up on 03-05 and played on 03-06.
  expect(sizes(then(40))).toEqual([1, 1, 2, 2, 2, 2, 2, 2, 2]);
});

test('9.1: conditions in groups, and cohorts in cohorts', () => {
  const pros = { type: 'conditions' as const, filters: [isPro] };
  const notPro: UserConditionInput = { type: 'cohort', operator: 'not_in', cohorts: [pros] };
  const either: UserConditionInput = {
    type: 'any',
    filters: [notPro, played(3, { span: { type: 'ever' } })],
  };
  // u3 and u4 are not pro; u1 played three times.
  expect(sizeOn('03-12', either)).toBe(3);
  expect(sizeOn('03-12', { type: 'all', filters: [either, isPro] })).toBe(1);
});

test('9.4: what an inner cohort is, it is as of the end of the bucket too', () => {
  const active = {
    type: 'conditions' as const,
    filters: [played(1, { span: { type: 'last', days: 1 } })],
  };
  expect(sizes({ type: 'cohort', operator: 'in', cohorts: [active] })).toEqual([
    1, 2, 2, 0, 0, 0, 0, 1, 1,
  ]);
});

test('9.4: the running bucket ends now', () => {
  const views = viewsOf(did('u', 'A', '03-04 10:00'), did('v', 'A', '03-04 14:00'));
  const result = ask(
    views,
    {
      type: 'cohort',
      filters: [{ type: 'behavior', selector: only('A'), span: { type: 'ever' } }],
      over: { range: { from: '2024-03-03', to: '2024-03-04' } },
    },
    { ...later, nowMs: at('03-04 12:00') },
  );
  expect(result.users).toBe(1);
  expect(result.sizes?.users).toEqual([0, 1]);
  expect(result.sizes?.buckets.map(({ incomplete }) => incomplete)).toEqual([false, true]);
});

test('9.1: whoever is behind a number of a report, as the report is now', () => {
  const behind = (segment: string, operator: 'in' | 'not_in' = 'in'): UserConditionInput => ({
    type: 'cohort',
    operator,
    cohorts: [
      {
        type: 'conditions',
        filters: [
          {
            type: 'report',
            list: {
              type: 'list',
              of: {
                type: 'insights',
                range: wholeRange,
                metrics: [{ selector: only('Play'), measure: { type: 'unique' } }],
                breakdowns: [{ property: event('song') }],
              },
              point: { type: 'insights', metric: 0, segment: { type: 'string', text: segment } },
            },
          },
        ],
      },
    ],
  });
  // A: u1, u2, u4; B: u1, u2; C: u3.
  expect(sizeOn('03-12', behind('A'))).toBe(3);
  expect(sizeOn('03-12', behind('A'), behind('B'))).toBe(2);
  expect(sizeOn('03-12', behind('B', 'not_in'))).toBe(2);
  // In any report, and in lists of lists.
  const { series } = ask(d1Views, {
    type: 'insights',
    range: wholeRange,
    metrics: [{ selector: only('Play'), measure: { type: 'total' } }],
    filters: [behind('B') as FilterInput],
  });
  expect(series[0].total).toBe(5);
  const list: UserConditionInput = {
    type: 'report',
    list: {
      type: 'list',
      of: { type: 'cohort', filters: [behind('C')] },
      point: { type: 'cohort' },
    },
  };
  expect(sizeOn('03-12', list)).toBe(1);
  expect(sizes(list)).toEqual(Array.from({ length: 9 }, () => 1));
});

test('9.1: refuses a report that has no such number', () => {
  const list = { type: 'list', of: { type: 'cohort', filters: [isPro] }, point: { type: 'flow' } };
  expect(() => sizeOn('03-12', { type: 'report', list })).toThrow(
    'a condition names no number of a report',
  );
});

test('4.6: the users behind a size, now and as of a bucket, with what they did', () => {
  const of = {
    type: 'cohort' as const,
    filters: [played(2)],
    over: { range: wholeRange, unit: 'day' as const },
  };
  const context = { ...later, nowMs: at('03-11 12:00') };
  const listOf = (bucket: number | null) =>
    ({ type: 'list', of, point: { type: 'cohort', bucket } }) as const;
  const users = (bucket: number | null) => ask(d1Views, listOf(bucket), context).users;
  expect(users(null)).toEqual(['u1', 'u2']);
  expect(users(1)).toEqual(['u1']);
  // Two plays of u1 up to the end of 03-05.
  const plan = planQuery(querySchema.parse(listOf(1)), context);
  if (plan.type !== 'list') throw new Error('not a list');
  const events = d1Views.flatMap((view) => {
    const picked = pick(plan, view);
    return Array.from(picked.rows, (row) => new Date(picked.view.times[row]).toISOString());
  });
  expect(events).toEqual(['2024-03-04T09:10:00.000Z', '2024-03-05T08:00:00.000Z']);
});
