import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { PropertyRefInput, QueryInput, RetentionQueryInput } from '@arbor/schema/query';
import { planQuery } from '../../src/query/plan/plan.ts';
import { rowNeeds } from '../../src/query/scan/row-needs.ts';
import { ask, later } from '../model/ask.ts';
import { at, d1Views, did, event, only, viewsOf } from './sample-data.ts';

type Behavior = Extract<NonNullable<PropertyRefInput['computed']>, { type: 'behavior' }>;

const plays = (more: Partial<Behavior> = {}): PropertyRefInput => ({
  ...event('plays'),
  computed: {
    type: 'behavior',
    selector: only('Play'),
    aggregate: 'count',
    within: { value: 1, unit: 'day' },
    ...more,
  },
});

const asked = (more: Partial<RetentionQueryInput>): RetentionQueryInput => ({
  type: 'retention',
  range: { from: '2024-03-04', to: '2024-03-05' },
  birth: only('Signup'),
  return: only('Play'),
  criterion: 'on',
  intervals: 2,
  ...more,
});

/** Cohorts by segment: how many were born, and came back in each interval. */
function cohortsBy(property: PropertyRefInput, views = d1Views) {
  const { segments } = ask(views, asked({ breakdowns: [{ property }] }));
  return Object.fromEntries(
    segments.map(({ segment, cohorts }) => [
      segment.text,
      cohorts.map(({ size, counts }) => [size, ...counts]),
    ]),
  );
}

test('14.5: a behaviour in a window after A is that of each birth, up to the edge of the window', () => {
  // u1 plays after 10 min and 23 h, u2 after 23 h, u3 after 40 min and never again.
  expect(cohortsBy(plays())).toEqual({
    '1': [
      [1, 1, 0],
      [1, 1, 0],
    ],
    '2': [
      [1, 1, 0],
      [0, 0, 0],
    ],
  });
  const edge = (value: number) =>
    cohortsBy(
      plays({ selector: only('X'), within: { value, unit: 'minute' } }),
      viewsOf(
        did('u', 'X', '03-04 09:59'),
        did('u', 'Signup', '03-04 10:00'),
        did('u', 'X', '03-04 10:00'),
        did('u', 'X', '03-04 10:10'),
      ),
    );
  expect(Object.keys(edge(9))).toEqual(['1']);
  expect(Object.keys(edge(10))).toEqual(['2']);
});

test.each<[Behavior['aggregate'], string[]]>([
  ['sum', ['150', '200', '30']],
  ['average', ['200', '30', '75']],
  ['min', ['200', '30', '50']],
  ['max', ['100', '200', '30']],
  ['distinct_count', ['1', '2']],
])('14.5: the %s of what lies in the window', (aggregate, segments) => {
  const property = plays({ aggregate, property: event('secs') });
  expect(Object.keys(cohortsBy(property)).sort()).toEqual(segments.sort());
});

test('14.5: filters on it judge births, and returns pass them', () => {
  const filter = (value: number): QueryInput =>
    asked({
      filters: [
        { type: 'property', property: plays(), operator: 'at_least', values: [value] },
        { type: 'property', property: event('song'), operator: 'does_not_equal', values: ['A'] },
      ],
    });
  const cohorts = (query: QueryInput) => {
    const { cohorts: own } = ask(d1Views, query) as Extract<
      ReturnType<typeof ask>,
      { type: 'retention' }
    >;
    return own.map(({ size, counts }) => [size, ...counts]);
  };
  // Returns with song A do not count; nothing lies after most of them.
  expect(cohorts(filter(1))).toEqual([
    [2, 1, 0],
    [1, 1, 0],
  ]);
  expect(cohorts(filter(2))).toEqual([
    [1, 1, 0],
    [0, 0, 0],
  ]);
});

test('14.5: automatic buckets are chosen by what births have', () => {
  const plain = cohortsBy(plays());
  const { segments } = ask(
    d1Views,
    asked({ breakdowns: [{ property: plays(), buckets: { type: 'auto' } }] }),
  );
  expect(segments.map(({ segment }) => segment.text).sort()).toEqual(Object.keys(plain).sort());
  const property = plays({ aggregate: 'average', property: event('secs') });
  const averages = ask(d1Views, asked({ breakdowns: [{ property, buckets: { type: 'auto' } }] }));
  expect(averages.segments.map(({ segment }) => segment.text).sort()).toEqual(['200', '30', '75']);
});

test('14.5: what lies after births is looked for as long as the window lasts', () => {
  const within = { value: 30, unit: 'day' as const };
  const query = asked({ breakdowns: [{ property: plays({ selector: only('X'), within }) }] });
  const { wants } = rowNeeds(planQuery(querySchema.parse(query), later));
  expect(wants.find((want) => want.event === 'X')).toMatchObject({ endMs: at('04-07 00:00') });
});

test.each<[QueryInput, string]>([
  [
    {
      type: 'insights',
      range: { from: '2024-03-04', to: '2024-03-05' },
      metrics: [{ selector: only('Play'), measure: { type: 'total' } }],
      breakdowns: [{ property: plays() }],
    },
    '"plays" lies within a time after a birth: use it in the filters or breakdowns of a retention, or leave out within',
  ],
  [
    asked({ measure: { type: 'sum', property: plays() } }),
    '"plays" lies within a time after a birth: use it in the filters',
  ],
  [
    asked({ breakdowns: [{ property: plays({ between: { from: 0, to: 1 } }) }] }),
    '"plays" lies between steps: use it in the filters or breakdowns of a funnel',
  ],
  [
    asked({
      breakdowns: [{ property: plays() }, { property: event('song') }],
      segmentBy: 'return',
    }),
    '"plays" lies within a time after a birth, and the segments are those of the return event',
  ],
])('14.5: refuses what lies after a birth where there is none (%#)', (query, message) => {
  expect(() => ask(d1Views, query)).toThrow(
    expect.objectContaining({ code: 'INVALID_QUERY', message: expect.stringContaining(message) }),
  );
});
