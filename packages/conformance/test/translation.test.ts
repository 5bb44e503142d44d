import { describe, expect, test } from 'vitest';
import type { CaseExpected, ConformanceCase } from '../src/cases/case-types.ts';
import { endOfPeriod } from '../src/ask/whole-periods.ts';
import { differences } from '../src/judge/differences.ts';
import { assertedTimes } from '../src/judge/funnel-times.ts';
import { judgementsOf } from '../src/judge/judgements.ts';
import { segmentName } from '../src/judge/segment-name.ts';
import { countsOf, eventRecords, peopleRecords } from '../src/stack/case-records.ts';

const funnel: ConformanceCase = {
  id: 'a-funnel',
  report: 'funnel',
  timezone: 'UTC',
  people: [{ id: 'ada', aliases: ['anon'], properties: { plan: 'pro' } }],
  events: [
    { user: 'anon', event: 'A', time: '2024-01-01T00:00:00Z' },
    { user: 'ada', event: 'B', time: '2024-01-01T00:00:01Z', properties: { price: 2 } },
  ],
  query: {
    from: '2024-01-01',
    to: '2024-01-02',
    steps: [{ event: 'A' }, { event: 'B' }],
    window: { value: 1, unit: 'day' },
    order: 'ordered',
    view: 'steps',
  },
  expected: { counts: [1, 1] },
};
const exclusions = [{ event: 'X', fromStep: 1, toStep: 2 }];
const ofExclusion = 'exclusion: does it drop the person from the funnel, or stop the person?';

const sidesOf = (given: ConformanceCase): [readonly string[], CaseExpected][] =>
  judgementsOf(given).judgements.map(({ options, expected }) => [options, expected]);

describe('sides of a case', () => {
  test('a case that hangs on nothing is asked with our options and with its own', () => {
    expect(sidesOf(funnel)).toEqual([
      [[], { counts: [1, 1] }],
      [['entry=latest', 'conversion=in-range'], { counts: [1, 1] }],
    ]);
  });

  test('each side of a choice is asked with its numbers', () => {
    const stop = { counts: [1, 0] };
    const drop = { counts: [0, 0] };
    const given = {
      ...funnel,
      query: { ...funnel.query, exclusions },
      choice: ofExclusion,
      expected: drop,
      alternatives: { 'exclusion=stop': stop },
    };
    expect(sidesOf(given)).toEqual([
      [['exclusion=drop'], drop],
      [['entry=latest', 'exclusion=drop', 'conversion=in-range'], drop],
      [[], stop],
      [['entry=latest', 'conversion=in-range'], stop],
    ]);
  });

  test('a side that cannot be asked for is left out, with the reason', () => {
    const given = {
      ...funnel,
      choice: 'window edge: is an event exactly at the end of the window inside?',
      rules: { edge: 'exclusive' },
    };
    expect(judgementsOf(given)).toMatchObject({
      judgements: [],
      refusals: ['the rule edge=exclusive'],
    });
  });

  test('a choice that nobody has decided is an error', () => {
    expect(() => judgementsOf({ ...funnel, choice: 'a new one' })).toThrow(
      'a-funnel: nobody has decided the choice "a new one"',
    );
    expect(() => judgementsOf({ ...funnel, rules: { colour: 'red' } })).toThrow(
      'a-funnel: nobody has decided the rule "colour"',
    );
  });
});

test('steps of exclusions count from 0', () => {
  const [first] = judgementsOf({ ...funnel, query: { ...funnel.query, exclusions } }).judgements;
  expect(first?.query).toMatchObject({ exclusions: [{ from: 0, to: 1, mode: 'stop' }] });
});

test.each([
  ['2020-07-24', 'week', 'sunday', '2020-07-25'],
  ['2020-07-24', 'week', 'monday', '2020-07-26'],
  ['2020-07-26', 'week', 'sunday', '2020-08-01'],
  ['2020-02-03', 'month', 'sunday', '2020-02-29'],
  ['2020-07-24', 'day', 'sunday', '2020-07-24'],
  ['2020-07-24T10:00:00Z', 'hour', 'sunday', '2020-07-24T10:00:00Z'],
] as const)('%s lies in the %s (from %s) that ends with %s', (date, period, weekStart, end) => {
  expect(endOfPeriod(date, period, weekStart)).toBe(end);
});

test('a case is sent with aliases first, and an id for every event', () => {
  const time = Date.UTC(2024, 0, 1);
  expect(eventRecords(funnel)).toEqual([
    {
      event: '$create_alias',
      properties: { distinct_id: 'ada', alias: 'anon', time, $insert_id: 'record-0' },
    },
    { event: 'A', properties: { time, distinct_id: 'anon', $insert_id: 'record-1' } },
    {
      event: 'B',
      properties: { price: 2, time: time + 1000, distinct_id: 'ada', $insert_id: 'record-2' },
    },
  ]);
  expect(peopleRecords(funnel, { id: 1, token: 't' })).toEqual([
    {
      $token: 't',
      $distinct_id: 'ada',
      $ip: '0',
      $set: { plan: 'pro', 'conformance case': 'a-funnel' },
    },
  ]);
  expect(countsOf(funnel)).toEqual({ events: 2, users: 1, people: 1 });
});

test('times to convert are summed up, as a report shows them', () => {
  const bins = [
    [60, 2],
    [210, 0],
    [360, 1],
  ];
  expect(assertedTimes({ timesSeconds: [60, 160, 360], averageSeconds: 193, bins })).toEqual({
    averageSeconds: 193,
    count: 3,
    medianSeconds: 160,
    minSeconds: 60,
    maxSeconds: 360,
    bins,
  });
});

test('segments are named as cases name them', () => {
  expect(segmentName({ type: 'not_set', text: 'nothing' })).toBe('(not set)');
  const parts = [
    { type: 'string' as const, text: 'Chrome' },
    { type: 'number' as const, text: '95' },
  ];
  expect(segmentName({ type: 'combination', text: 'Chrome, 95', parts })).toBe('Chrome||95');
});

test('differences name the place, and give rows of numbers whole', () => {
  const expected = { counts: [1, 1], perSegment: { x: [[1, 2]], y: [[0]] } };
  const actual = { counts: [1, 1], perSegment: { x: [[1, 3]] } };
  expect(differences(expected, actual)).toEqual([
    { path: 'perSegment.x[0]', expected: [1, 2], actual: [1, 3] },
    { path: 'perSegment.y', expected: [[0]], actual: undefined },
  ]);
  expect(differences({ a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: 1 }, { b: 3 }] })).toEqual([
    { path: 'a[1].b', expected: 2, actual: 3 },
  ]);
});
