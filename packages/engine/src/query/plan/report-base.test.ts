import { expect, test } from 'vitest';
import { breakdownSchema, filterSchema } from '@arbor/schema/query';
import type { FilterInput, PropertyRefInput, QueryInput } from '@arbor/schema/query';
import { plainScope } from '../../../test/model/plain-scope.ts';
import { planBase } from './report-base.ts';

type BreakdownInput = NonNullable<Extract<QueryInput, { type: 'funnel' }>['breakdowns']>[number];

const event = (name: string) => ({ scope: 'event' as const, name });

function plan(breakdowns: BreakdownInput[], filters: FilterInput[] = []) {
  const query = {
    filters: filters.map((filter) => filterSchema.parse(filter)),
    breakdowns: breakdowns.map((breakdown) => breakdownSchema.parse(breakdown)),
    segmentsMax: 200,
  };
  return planBase(query, { startMs: 0, endMs: 1 }, plainScope());
}

test('one stored property is a plain breakdown, anything else is not', () => {
  expect(plan([{ property: event('p') }])).toMatchObject({
    breakdown: event('p'),
    breakdowns: null,
  });
  const others: BreakdownInput[][] = [
    [{ property: event('p') }, { property: event('q') }],
    [{ property: { ...event('p'), cast: 'string' } }],
    [{ property: event('p'), buckets: { type: 'varied', edges: [1] } }],
    [{ property: event('p'), items: 'matching' }],
    [{ type: 'cohort', cohorts: [{ type: 'users', ids: ['u'] }] }],
  ];
  for (const breakdowns of others) {
    const { breakdown, breakdowns: planned } = plan(breakdowns);
    expect(breakdown).toBeNull();
    expect(planned).toHaveLength(breakdowns.length);
  }
});

test('matching items are those that pass the filters on the same property, however it is read', () => {
  const on = (property: PropertyRefInput): FilterInput => ({
    type: 'property',
    property,
    operator: 'equals',
    values: ['x'],
  });
  const filters = [
    on(event('tags')),
    on({ scope: 'person', name: 'tags' }),
    on(event('other')),
    { type: 'all' as const, filters: [on({ ...event('tags'), cast: 'string' })] },
    { type: 'any' as const, filters: [on(event('tags')), on(event('other'))] },
    on({ ...event('tags'), path: ['x'] }),
  ];
  const { breakdowns } = plan([{ property: event('tags'), items: 'matching' }], filters);
  expect(breakdowns).toMatchObject([
    { items: [{ property: event('tags') }, { property: { ...event('tags'), cast: 'string' } }] },
  ]);
  expect(plan([{ property: event('tags') }, { property: event('q') }], filters)).toMatchObject({
    breakdowns: [{ items: null }, { items: null }],
  });
  const both = { type: 'all' as const, filters: [on(event('tags')), on(event('tags'))] };
  const either = { type: 'any' as const, filters: [on(event('tags')), both] };
  expect(plan([{ property: event('tags'), items: 'matching' }], [either])).toMatchObject({
    breakdowns: [
      {
        items: [
          {
            type: 'any',
            filters: [
              { type: 'all', filters: [{ property: event('tags') }] },
              { type: 'all', filters: [{ type: 'property' }, { type: 'property' }] },
            ],
          },
        ],
      },
    ],
  });
});

test('cohorts of one name are told apart by a number', () => {
  const named = (name?: string) => ({ type: 'users' as const, ids: [], ...(name && { name }) });
  const { breakdowns } = plan([
    { type: 'cohort', cohorts: [named('P'), named('P'), named(), named('P')] },
  ]);
  expect(breakdowns).toMatchObject([
    { cohorts: [{ name: 'P' }, { name: 'P (2)' }, { name: 'cohort 3' }, { name: 'P (3)' }] },
  ]);
});

test.each<[BreakdownInput, string]>([
  [
    { property: event('p'), buckets: { type: 'even', min: 5, max: 5, size: 1 } },
    'buckets of "p" end before they start: from 5 to 5',
  ],
  [
    { property: event('p'), buckets: { type: 'even', min: 0, max: 1e6, size: 1 } },
    'buckets of "p" from 0 to 1000000 by 1 are more than 10000: make them larger',
  ],
  [
    { property: event('p'), buckets: { type: 'varied', edges: [1, 3, 3] } },
    'edges of buckets of "p" do not ascend: [1,3,3]',
  ],
  [
    { property: event('p'), buckets: { type: 'auto' } },
    'automatic buckets are chosen before a query is planned',
  ],
])('refuses %j', (breakdown, message) => {
  expect(() => plan([breakdown])).toThrow(
    expect.objectContaining({ code: 'INVALID_QUERY', message }),
  );
});
