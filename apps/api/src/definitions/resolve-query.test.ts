import type { EventSelectorInput, Query, QueryInput } from '@arbor/schema/query';
import { querySchema } from '@arbor/schema/query';
import { expect, test } from 'vitest';
import type { SavedCohort, SavedDefinitions, SavedEvent, SavedProperty } from './resolve-query.ts';
import { resolveQuery } from './resolve-query.ts';

interface Saved {
  readonly cohorts?: Record<string, SavedCohort>;
  readonly events?: Record<string, SavedEvent>;
  readonly properties?: Record<string, SavedProperty>;
  readonly mergedEvents?: readonly string[];
}

function savedOf(saved: Saved): SavedDefinitions {
  const { mergedEvents = [] } = saved;
  return {
    cohort: (id) => saved.cohorts?.[id],
    customEvent: (id) => saved.events?.[id],
    customProperty: (id) => saved.properties?.[id],
    eventNames: (name) => (mergedEvents.includes(name) ? mergedEvents : undefined),
    mergedEvents: () => (mergedEvents.length === 0 ? [] : [mergedEvents]),
  };
}

const range = { from: '2024-03-01', to: '2024-03-10' };
const total = { type: 'total' as const };
const insights = (
  selector: EventSelectorInput,
  more: Partial<Extract<QueryInput, { type: 'insights' }>> = {},
): QueryInput => ({ type: 'insights', range, metrics: [{ selector, measure: total }], ...more });

const resolutionOf = (query: QueryInput, saved: Saved): Query =>
  resolveQuery(querySchema.parse(query), savedOf(saved));

const equals = (name: string, value: string) => ({
  type: 'property' as const,
  property: { scope: 'event' as const, name },
  operator: 'equals' as const,
  values: [value],
});
const filters = [{ ...equals('plan', 'pro') }];
const buyers: SavedEvent = {
  name: 'Buy anything',
  matches: [
    { event: 'Order', filters: [] },
    { event: 'Gift', filters },
  ],
};

test('puts a custom event in the place of its name, and keeps the filters of the use', () => {
  const use = { event: '$custom_event:e1', filters: [equals('country', 'DE')] };
  const definition = [...buyers.matches];
  expect(
    resolutionOf(insights({ anyOf: [{ ...use, firstTime: 'event' }] }), { events: { e1: buyers } }),
  ).toEqual(
    querySchema.parse(
      insights({
        anyOf: [{ event: null, definition, filters: use.filters, firstTime: 'event' }],
        label: 'Buy anything',
      }),
    ),
  );
});

test('keeps the label of the use, and gives none to a list of several events', () => {
  const definition = [...buyers.matches];
  const custom = { event: '$custom_event:e1' };
  expect(
    resolutionOf(insights({ anyOf: [custom], label: 'Mine' }), { events: { e1: buyers } }),
  ).toEqual(querySchema.parse(insights({ anyOf: [{ event: null, definition }], label: 'Mine' })));
  expect(
    resolutionOf(insights({ anyOf: [custom, { event: 'Visit' }] }), { events: { e1: buyers } }),
  ).toEqual(
    querySchema.parse(insights({ anyOf: [{ event: null, definition }, { event: 'Visit' }] })),
  );
});

test('puts in saved cohorts wherever they stand, also in the filters of custom events', () => {
  const saved = { type: 'saved' as const, id: 'c1' };
  const inCohort = { type: 'cohort' as const, operator: 'in' as const, cohorts: [saved] };
  const users = { type: 'users' as const, name: 'Friends', ids: ['ada', 'bob'] };
  const resolved = { ...inCohort, cohorts: [users] };
  expect(
    resolutionOf(
      insights(
        { anyOf: [{ event: '$custom_event:e2' }], label: 'x' },
        {
          filters: [{ type: 'any', filters: [inCohort] }],
          breakdowns: [{ type: 'cohort', cohorts: [saved] }],
        },
      ),
      {
        cohorts: { c1: users },
        events: { e2: { name: 'Visit', matches: [{ event: 'Visit', filters: [inCohort] }] } },
      },
    ),
  ).toEqual(
    querySchema.parse(
      insights(
        {
          anyOf: [{ event: null, definition: [{ event: 'Visit', filters: [resolved] }] }],
          label: 'x',
        },
        {
          filters: [{ type: 'any', filters: [resolved] }],
          breakdowns: [{ type: 'cohort', cohorts: [users] }],
        },
      ),
    ),
  );
});

test('resolves the report behind whose number the users of a cohort are', () => {
  const listed = (event: string, label?: string): QueryInput => ({
    type: 'list',
    of: insights({ anyOf: [{ event }], ...(label && { label }) }) as never,
    point: { type: 'insights', metric: 0 },
  });
  const query = (list: unknown): QueryInput => ({
    type: 'cohort',
    filters: [{ type: 'report', list }],
  });
  const resolved = resolveQuery(
    querySchema.parse(query(listed('$custom_event:e1'))),
    savedOf({ events: { e1: buyers } }),
  );
  expect(JSON.stringify(resolved)).not.toContain('$custom_event');
  expect(resolved).toMatchObject({
    filters: [{ list: { of: { metrics: [{ selector: { label: 'Buy anything' } }] } } }],
  });
});

test('reads a custom property, with the type that the use asks for', () => {
  const computed = { type: 'formula' as const, expression: 'properties["a"] * 2' };
  const p1: SavedProperty = {
    name: 'Double',
    property: { scope: 'event', name: 'double', computed },
  };
  const breakdown = (property: object): QueryInput =>
    insights({ anyOf: [{ event: null }] }, { breakdowns: [{ property: property as never }] });
  expect(
    resolutionOf(breakdown({ scope: 'event', name: '$custom_property:p1', cast: 'string' }), {
      properties: { p1 },
    }),
  ).toEqual(
    querySchema.parse(breakdown({ scope: 'event', name: 'double', computed, cast: 'string' })),
  );
  expect(() =>
    resolveQuery(
      querySchema.parse(breakdown({ scope: 'person', name: '$custom_property:p1' })),
      savedOf({ properties: { p1 } }),
    ),
  ).toThrow('custom property "p1" belongs to the scope event, not person');
  expect(() =>
    resolveQuery(
      querySchema.parse(breakdown({ scope: 'event', name: '$custom_property:p1', path: ['x'] })),
      savedOf({ properties: { p1 } }),
    ),
  ).toThrow('custom property "p1" is used with a path of its own');
});

test('reads merged events as one, by any of their names and in custom events', () => {
  const mergedEvents = ['Play', 'Signup'];
  const definition = [{ event: 'Play' }, { event: 'Signup' }];
  const expected = insights({ anyOf: [{ event: null, definition }] });
  expect(resolutionOf(insights({ anyOf: [{ event: 'Play' }] }), { mergedEvents })).toEqual(
    querySchema.parse(expected),
  );
  expect(resolutionOf(insights({ anyOf: [{ event: 'Signup' }] }), { mergedEvents })).toEqual(
    querySchema.parse(expected),
  );
  const both: SavedEvent = {
    name: 'W',
    matches: [
      { event: 'Signup', filters: [] },
      { event: 'Play', filters: [] },
    ],
  };
  expect(
    resolutionOf(insights({ anyOf: [{ event: '$custom_event:w' }], label: 'W' }), {
      mergedEvents,
      events: { w: both },
    }),
  ).toEqual(querySchema.parse(insights({ anyOf: [{ event: null, definition }], label: 'W' })));
});

test('shows a merged event as one in the steps of a flow, and hides and expands it by any name', () => {
  const flow = (more: object): QueryInput => ({
    type: 'flow',
    range,
    anchors: [{ selector: { anyOf: [{ event: 'A' }] } }],
    ...more,
  });
  const property = { scope: 'event', name: 'p' };
  const definition = [{ event: 'Play' }, { event: 'Signup' }];
  expect(
    resolutionOf(flow({ hidden: ['Signup', 'B'], expand: [{ event: 'Signup', property }] }), {
      mergedEvents: ['Play', 'Signup'],
    }),
  ).toEqual(
    querySchema.parse(
      flow({
        hidden: ['Play', 'Signup', 'B'],
        expand: [{ event: 'Play', property }],
        customEvents: [{ name: 'Play', selector: { anyOf: [{ event: null, definition }] } }],
      }),
    ),
  );
});

test('names what is missing by its id', () => {
  const cohort = (id: string): QueryInput => ({
    type: 'cohort',
    filters: [{ type: 'cohort', operator: 'in', cohorts: [{ type: 'saved', id }] }],
  });
  const resolve = (query: QueryInput) => () => resolveQuery(querySchema.parse(query), savedOf({}));
  expect(resolve(cohort('c9'))).toThrow('there is no cohort with the id "c9" in this project');
  expect(resolve(insights({ anyOf: [{ event: '$custom_event:e9' }] }))).toThrow(
    'there is no custom event with the id "e9" in this project',
  );
});

test('says how a cohort comes to hold itself', () => {
  const holding = (id: string): SavedCohort => ({
    type: 'conditions',
    name: id,
    filters: [{ type: 'cohort', operator: 'not_in', cohorts: [{ type: 'saved', id }] }],
  });
  const query = { ...insights({ anyOf: [{ event: 'A' }] }), filters: holdingFilters('a') };
  expect(() =>
    resolveQuery(
      querySchema.parse(query),
      savedOf({ cohorts: { a: holding('b'), b: holding('a') } }),
    ),
  ).toThrow('a definition holds itself: cohort "a" → cohort "b" → cohort "a"');
});

function holdingFilters(id: string) {
  return [{ type: 'cohort', operator: 'in', cohorts: [{ type: 'saved', id }] }];
}

/** `c0` holds `c1` twice, which holds `c2` twice, and so on down to a list. */
function holdingTwice(depth: number): Record<string, SavedCohort> {
  const twice = (id: string): SavedCohort => {
    const cohorts = [
      { type: 'saved' as const, id },
      { type: 'saved' as const, id },
    ];
    return {
      type: 'conditions',
      name: 'twice',
      filters: [{ type: 'cohort', operator: 'in', cohorts }],
    };
  };
  const levels = Array.from({ length: depth }, (_, n) => [`c${n}`, twice(`c${n + 1}`)] as const);
  return {
    ...Object.fromEntries(levels),
    [`c${depth}`]: { type: 'users', name: 'last', ids: [] },
  };
}
const c0: QueryInput = { type: 'cohort', filters: holdingFilters('c0') as never };

test('resolves a cohort that others hold once, to the same object', () => {
  const resolved = resolveQuery(querySchema.parse(c0), savedOf({ cohorts: holdingTwice(10) }));
  const [first, second] =
    (resolved as { filters: { cohorts: { filters: { cohorts: object[] }[] }[] }[] }).filters[0]
      ?.cohorts[0]?.filters[0]?.cohorts ?? [];
  expect(first).toMatchObject({ name: 'twice' });
  expect(second).toBe(first);
});

test('refuses cohorts that grow with every level', () => {
  expect(() => resolveQuery(querySchema.parse(c0), savedOf({ cohorts: holdingTwice(25) }))).toThrow(
    'and others come to more than 10000 saved things',
  );
});

test('refuses a custom event of too many events', () => {
  const matches = (event: string) =>
    Array.from({ length: 25 }, (_, n) => ({ event, filters: [equals('n', String(n)) as never] }));
  const events = {
    e1: { name: '1', matches: matches('$custom_event:e2') },
    e2: { name: '2', matches: matches('$custom_event:e3') },
    e3: { name: '3', matches: matches('A') },
  };
  expect(() =>
    resolveQuery(
      querySchema.parse(insights({ anyOf: [{ event: '$custom_event:e1' }] })),
      savedOf({ events }),
    ),
  ).toThrow('a custom event comes to more than 1000 events');
});

test('puts saved cohorts into lists of users', () => {
  const users = { type: 'users' as const, name: 'Friends', ids: ['ada', 'bob'] };
  const saved = { type: 'saved' as const, id: 'c1' };
  const inCohort = { type: 'cohort' as const, operator: 'in' as const };
  const list = (cohort: typeof saved | typeof users): QueryInput => ({
    type: 'users',
    filters: [{ ...inCohort, cohorts: [cohort] }],
    cohort,
  });
  expect(resolutionOf(list(saved), { cohorts: { c1: users } })).toEqual(
    querySchema.parse(list(users)),
  );
});

test('leaves the point of a list as it is, which is of the type of its report', () => {
  const anchors = [{ selector: { anyOf: [{ event: 'Signup' }] } }];
  const list: QueryInput = {
    type: 'list',
    of: { type: 'flow', range, anchors },
    point: { type: 'flow', anchor: 0, step: 1, node: null },
  };
  expect(resolutionOf(list, {})).toEqual(querySchema.parse(list));
});
