import { expect, test } from 'vitest';
import { listedReportSchema } from '@arbor/schema/query';
import type { RetentionQueryInput } from '@arbor/schema/query';
import type { RetentionResult } from '@arbor/schema/result';
import { ask, later } from '../model/ask.ts';
import { listOf } from '../model/ask-list.ts';
import { at, d1, d1Views, did, event, only, viewsOf } from './sample-data.ts';

const secs = event('secs');
const song = [{ property: event('song') }];

const signupThenPlay = {
  type: 'retention',
  range: { from: '2024-03-04', to: '2024-03-05' },
  birth: only('Signup'),
  return: only('Play'),
  criterion: 'on',
  intervals: 7,
} as const;
const playAgain = { ...signupThenPlay, birth: only('Play'), intervals: 3 } as const;

function asked(query: RetentionQueryInput): RetentionResult {
  return ask(d1Views, query);
}

const lines = ({ cohorts }: Pick<RetentionResult, 'cohorts'>): (number | null)[][] =>
  cohorts.map(({ size, counts }) => [size, ...counts]);

test('6.8.5: a streak of the same event counts the event that a user is born with', () => {
  const days = ['03-04', '03-05', '03-06', '03-08'].map((day) => did('u', 'Play', `${day} 10:00`));
  const query = {
    type: 'retention',
    range: { from: '2024-03-04', to: '2024-03-04' },
    birth: only('Play'),
    return: only('Play'),
    criterion: 'streak',
    intervals: 5,
  } as const;
  expect(lines(ask(viewsOf(...days), query))).toEqual([[1, 1, 1, 1, 0, 0]]);
});

test('6.2: a streak of another event begins with a return in interval 0', () => {
  // u1 and u2 come back within a day, and both not on the next one.
  expect(lines(asked({ ...signupThenPlay, criterion: 'streak' }))).toEqual([
    [2, 2, 0, 0, 0, 0, 0, 0],
    [1, 1, 0, 0, 0, 0, 0, 0],
  ]);
});

test('6.2: on or before has everybody who was back by then', () => {
  expect(lines(asked({ ...playAgain, criterion: 'on_or_before' }))).toEqual([
    [1, 1, 1, 1],
    [2, 0, 1, 1],
  ]);
});

test('6.1: brackets put units together, from interval 0 on', () => {
  expect(lines(asked({ ...signupThenPlay, brackets: [1, 2, 4] }))).toEqual([
    [2, 2, 1, 1],
    [1, 1, 0, 0],
  ]);
});

test('6.1: brackets of calendar days', () => {
  const calendar = { ...signupThenPlay, mode: 'calendar' as const, brackets: [1, 2, 5] };
  expect(lines(asked(calendar))).toEqual([
    [2, 1, 2, 1],
    [1, 0, 1, 0],
  ]);
});

test('6.4: a bracket is complete when its last unit has ended for everybody', () => {
  const nowMs = at('03-09 12:00');
  const query = { ...signupThenPlay, brackets: [1, 2, 2, 9] };
  const { cohorts } = ask(d1Views, query, { timezone: 'UTC', weekStart: 1, nowMs });
  // Cohort 03-04 ends with 03-05; its third bracket 5 days later, on 03-10.
  expect(cohorts[0].complete).toEqual([true, true, false, false]);
  expect(cohorts[1].counts).toEqual([1, 0, 0, null]);
});

test('6.3: the sum of a property, by criterion; what is no number adds nothing', () => {
  const sum = { ...signupThenPlay, measure: { type: 'sum', property: secs } } as const;
  expect(lines(asked(sum))).toEqual([
    [2, 350, 0, 0, 0, 0, 0, 120],
    [1, 30, 0, 0, 0, 0, 0, 0],
  ]);
  expect(lines(asked({ ...sum, criterion: 'on_or_before' }))[0]).toEqual([
    2, 350, 350, 350, 350, 350, 350, 470,
  ]);
  expect(lines(asked({ ...sum, criterion: 'on_or_after' }))[0]).toEqual([
    2, 470, 120, 120, 120, 120, 120, 120,
  ]);
  expect(lines(asked({ ...sum, criterion: 'streak' }))[0]).toEqual([2, 350, 0, 0, 0, 0, 0, 0]);
});

test('6.3: an average is over all of the cohort, and of nobody none', () => {
  const { cohorts, average } = asked({
    ...signupThenPlay,
    range: { from: '2024-03-04', to: '2024-03-06' },
    measure: { type: 'average', property: secs },
    intervals: 1,
  });
  expect(lines({ cohorts })).toEqual([
    [2, 175],
    [1, 30],
    [0, null],
  ]);
  // Weights 2/3 and 1/3: (350 · 2/3 + 30 · 1/3) over (2 · 2/3 + 1 · 1/3).
  expect(average.counts[0]).toBeCloseTo(146, 10);
  expect(average.rates).toEqual(average.counts);
});

test('6.8.3: the pooled rate weighs all users alike', () => {
  const born = (day: string, count: number, back: number) =>
    Array.from({ length: count }, (_, n) => `${day} ${n}`).flatMap((user, n) => [
      did(user, 'A', `${day} 10:00`),
      ...(n < back ? [did(user, 'B', `${day} 10:01`)] : []),
    ]);
  const { average } = ask(viewsOf(...born('03-04', 10, 5), ...born('03-05', 5, 4)), {
    type: 'retention',
    range: { from: '2024-03-04', to: '2024-03-05' },
    birth: only('A'),
    return: only('B'),
    intervals: 1,
    average: 'pooled',
  });
  expect(average.size).toBeCloseTo(7.5, 10);
  expect(average.counts[0]).toBeCloseTo(4.5, 10);
  expect(average.rates[0]).toBeCloseTo(0.6, 10);
});

const bySong = { ...playAgain, breakdowns: song } as const;
const named = ({ segments }: RetentionResult) =>
  segments.map(({ segment, cohorts }) => [segment.text, ...lines({ cohorts })]);

test('6.6: by the return event, each segment has the whole cohort', () => {
  const query = { ...bySong, birth: only('Signup'), segmentBy: 'return', intervals: 1 } as const;
  expect(named(asked(query))).toEqual([
    ['A', [2, 2], [1, 0]],
    ['B', [2, 1], [1, 0]],
    ['C', [2, 0], [1, 1]],
  ]);
});

test('6.6: by both, a return counts in the segment of the birth alone', () => {
  const first = { ...bySong, range: { from: '2024-03-04', to: '2024-03-04' } };
  expect(named(asked(first))).toEqual([['A', [1, 1, 0, 1]]]);
  expect(named(asked({ ...first, segmentBy: 'both' }))).toEqual([['A', [1, 0, 0, 1]]]);
});

test('6.6: what is a user’s own is the same on both events', () => {
  const plan = [{ property: { scope: 'person' as const, name: 'plan' } }];
  const query = { ...signupThenPlay, breakdowns: plan, intervals: 1 };
  const expected = named(asked(query));
  expect(expected).toEqual([
    ['pro', [2, 2], [0, 0]],
    ['free', [0, 0], [1, 1]],
  ]);
  expect(named(asked({ ...query, segmentBy: 'return' }))).toEqual(expected);
});

test('3.8: segments beyond the most come back together', () => {
  const { segments, segmentCount } = asked({
    ...bySong,
    range: { from: '2024-03-04', to: '2024-03-06' },
    segmentsMax: 1,
    otherSegment: true,
    intervals: 1,
  });
  expect(segmentCount).toBe(3);
  expect(segments.map(({ segment, cohorts }) => [segment.type, ...lines({ cohorts })])).toEqual([
    ['string', [1, 1], [1, 0], [1, 0]],
    ['other', [0, 0], [1, 0], [1, 0]],
  ]);
});

test('other segments of both events are all values without a row of their own', () => {
  const views = viewsOf(
    did('ada', 'A', '03-08 00:00', { n: 'x' }),
    did('ada', 'A', '03-08 00:00'),
    did('bob', 'A', '03-08 00:00', { n: 'a' }),
  );
  const { segments } = ask(views, {
    ...bySong,
    range: { from: '2024-03-08', to: '2024-03-08' },
    birth: only('A'),
    return: only('A'),
    breakdowns: [{ property: event('n') }],
    segmentBy: 'both',
    segmentsMax: 1,
    otherSegment: true,
    intervals: 1,
  });
  // The second event of ada has no value: no row either.
  expect(segments.map(({ segment, cohorts }) => [segment.text, ...lines({ cohorts })])).toEqual([
    ['a', [1, 0]],
    ['(other)', [1, 1]],
  ]);
});

function behind(of: RetentionQueryInput, cell: { interval: number | null; lost?: boolean }) {
  const { interval, lost = false } = cell;
  const outcome = lost ? ('lost' as const) : ('retained' as const);
  const point = { type: 'retention' as const, cohort: 0, interval, outcome, segment: null };
  const list = { of: listedReportSchema.parse(of), point };
  const { users } = listOf(d1, { ...list, what: 'users' }, later);
  const { events } = listOf(d1, { ...list, what: 'events' }, later);
  const times = events.map(({ event: name, timeMs }) => [name, new Date(timeMs).toISOString()]);
  return { users, events: times.map(([name, time]) => `${name} ${time.slice(5, 16)}`) };
}

test('4.6: behind a cell are its users and the return events that count there', () => {
  expect(behind(signupThenPlay, { interval: 0 })).toEqual({
    users: ['u1', 'u2'],
    events: ['Play 03-05T09:00', 'Play 03-05T08:00', 'Play 03-04T09:10'],
  });
  expect(behind({ ...signupThenPlay, criterion: 'on_or_after' }, { interval: 3 })).toEqual({
    users: ['u2'],
    events: ['Play 03-11T09:00'],
  });
});

test('4.6: behind a cohort, and behind who was lost, are the births', () => {
  expect(behind(signupThenPlay, { interval: null })).toEqual({
    users: ['u1', 'u2'],
    events: ['Signup 03-04T10:00', 'Signup 03-04T09:00'],
  });
  expect(behind(signupThenPlay, { interval: 2, lost: true })).toEqual({
    users: ['u2'],
    events: ['Signup 03-04T10:00'],
  });
});

test('4.6: behind a streak are all events of it, behind a sum those with a number', () => {
  const streak = { ...playAgain, criterion: 'streak', mode: 'calendar' } as const;
  expect(behind(streak, { interval: 2 }).events).toEqual([
    'Play 03-06T12:00',
    'Play 03-05T08:00',
    'Play 03-04T09:10',
  ]);
  const sum = { ...signupThenPlay, measure: { type: 'sum', property: secs } } as const;
  // u1 played on the third day, without a number of seconds.
  expect(behind(sum, { interval: 2 })).toEqual({ users: [], events: [] });
  expect(behind(sum, { interval: 6 }).events).toEqual(['Play 03-11T09:00']);
});

test('who did not come back with a value is lost to it on every shard', () => {
  const query = {
    type: 'list',
    of: { ...bySong, birth: only('Signup'), segmentBy: 'return' },
    point: {
      type: 'retention',
      cohort: 0,
      interval: 0,
      outcome: 'lost',
      segment: { type: 'string', text: 'C' },
    },
  } as const;
  expect(ask(d1Views, query).users).toEqual(['u1', 'u2']);
});

test('behind the other segments is who has none of those beside them', () => {
  const list = (beside?: { type: 'string'; text: string }[]) =>
    ask(d1Views, {
      type: 'list',
      of: { ...bySong, range: { from: '2024-03-05', to: '2024-03-05' } },
      point: {
        type: 'retention',
        cohort: 0,
        segment: { type: 'other', text: '(other)' },
        ...(beside && { beside }),
      },
    }).users;
  expect(list([{ type: 'string', text: 'A' }])).toEqual(['u1']);
  expect(() => list()).toThrow('the list of all other segments needs those beside it: name them');
});
